"""What the witness tells of a device that is not as it should be."""

import io
import time

from lan_edge import Device

CHANGES, MESSAGES, LINE = 8, 40, 200
"""How many of the last changes of its connection and of its messages, and characters of each."""
real_time = time.time


def explained(device: Device) -> str:
    """Return how a device's connection is, what befell it last, and what was said."""
    connection, stack = device.connection, io.StringIO()
    assert connection._task is not None
    connection._task.print_stack(file=stack)
    addresses = ", ".join(map(str, connection.addresses))
    tries = f"{connection.attempts} attempts, {connection.status}: {connection.reason}"
    changes = device.history.changes()[-CHANGES:]
    messages = device.trace.reader()()[-MESSAGES:]
    told = [*changes, *device.failed_readings, *messages]
    lines = "\n".join(str(each)[:LINE] for each in told)
    return f"{addresses}; {tries}; it is {real_time():.1f}\n{stack.getvalue()}{lines}"
