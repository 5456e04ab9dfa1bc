"""How long what is measured may take on a machine that is slow, or has other things to do, too."""

import os

from tests.processor import allowed_processor_time


def allowed(seconds: float) -> float:
    """Return the seconds that may be taken, as many times longer as others want the processors."""
    wanted = os.getloadavg()[0] / (os.cpu_count() or 1)
    return allowed_processor_time(seconds) * max(wanted, 1)
