"""Reports that a device refuses its login, and that it accepts it again."""

from .core import DeviceCore


class LoginReports:
    """Knows what a login was refused to, since only that proves that it works again.

    A device may be read by anybody, but take commands only from who has logged in.
    """

    __slots__ = ("_core", "_is_refused", "_refused_command")

    def __init__(self, core: DeviceCore) -> None:
        """Report nothing yet."""
        self._core = core
        self._is_refused = False
        self._refused_command = False
        """Whether a command was refused, and no reading."""

    def command_refused(self) -> None:
        """Take note that a command was refused; `refused` follows."""
        self._refused_command = True

    def refused(self, *, while_connecting: bool) -> None:
        """Report that the login is refused; `while_connecting`: to what reads the device."""
        self._is_refused = True
        if while_connecting:
            self._refused_command = False
        self._core.guard.call(self._core.observer.on_credentials)

    def connected(self) -> None:
        """Take note that the device was read."""
        if not self._refused_command:
            self._accepted()

    def carried_out(self) -> None:
        """Take note that the device has done what a command says."""
        self._accepted()

    def _accepted(self) -> None:
        was_refused = self._is_refused
        self._is_refused = self._refused_command = False
        if was_refused:
            self._core.guard.call(self._core.observer.on_credentials_accepted)
