"""How a command's result gets into the state, as a driver says."""

from enum import StrEnum


class Confirm(StrEnum):
    """How a command's result gets into the state."""

    PUSH = "push"
    """The device reports it by itself; it is read back only where no report comes."""
    READ = "read"
    """It is read back, again for a while where the device is slow."""
    ECHO = "echo"
    """It is taken as done: for a device that can only be told."""
    ANSWER = "answer"
    """The device's answer is enough; the state follows when it follows."""
