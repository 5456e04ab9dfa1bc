"""The ways in which a command's result gets into the state."""

from enum import StrEnum


class Confirm(StrEnum):
    """How a command's result gets into the state."""

    PUSH = "push"
    """The device reports the result by itself; it is read back only if no report comes."""
    READ = "read"
    """The result is read back, several times if the device is slow."""
    ECHO = "echo"
    """The command is assumed to have worked, for devices that report nothing."""
    ANSWER = "answer"
    """The device's reply is enough; the state may follow at any later time."""
