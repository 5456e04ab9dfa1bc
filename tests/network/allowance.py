"""How long what is measured may take on a machine that has other things to do, too."""

import os


def allowed(seconds: float) -> float:
    """Return the seconds that may be taken, as many times longer as others want the processors."""
    wanted = os.getloadavg()[0] / (os.cpu_count() or 1)
    return seconds * max(wanted, 1)
