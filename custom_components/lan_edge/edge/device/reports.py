"""Reports changes of a device's connection to the log, the history and the observer."""

import logging

from ..connection.connection import Connection
from ..connection.status import Status
from ..errors import CredentialsError, EdgeError, IdentityError
from .core import DeviceCore
from .login_reports import LoginReports

_LOGGER = logging.getLogger(__name__)

IMPOSTOR_ATTEMPTS = 2
"""Attempts in a row that must meet another device before it is reported as an impostor."""


class ConnectionReports:
    """Reports what changes about the connection of one device."""

    __slots__ = ("_core", "_impostors", "login")

    def __init__(self, core: DeviceCore) -> None:
        """Report nothing yet."""
        self._core = core
        self.login = LoginReports(core)
        self._impostors = 0
        """Attempts in a row that met another device at the proven address."""

    def status_changed(
        self, connection: Connection, status: Status, reason: EdgeError | None
    ) -> None:
        """Report a change of the status; from now on, others see the reason."""
        core = self._core
        if reason is not None:
            core.privacy.clean(reason)
        if status is Status.IDLE:
            return
        core.trace.add("connection", f"{status} {reason or ''}")
        if status is Status.CONNECTING:
            return
        is_online = status is Status.ONLINE
        core.history.add(status, connection.address, reason, is_connected=is_online)
        if is_online:
            core.guard.call(core.observer.on_online)
            self.login.connected()
        if connection.is_untried:
            return  # it may have moved: who answers where it was is no news yet
        # whoever requires a login elsewhere may be another device
        failure = connection.failure_where_proven
        if isinstance(failure or reason, CredentialsError):
            self.login.refused(while_connecting=failure is not None)
        self._count_impostors(failure)

    def _count_impostors(self, failure: EdgeError | None) -> None:
        """Report another device at the proven address if it is met repeatedly.

        A device that moved and is found at once meets the new owner of its address once at most.
        """
        if not isinstance(failure, IdentityError):
            self._impostors = 0
            return
        self._impostors += 1
        if self._impostors >= IMPOSTOR_ATTEMPTS:
            self._core.guard.call(self._core.observer.on_impostor, failure)

    def available_changed(
        self, connection: Connection, *, is_available: bool, reason: EdgeError | None
    ) -> None:
        """Report a change of the availability, with one line in the log."""
        core = self._core
        if is_available:
            _LOGGER.info("%s: online at %s", core.label, connection.address)
        else:
            _LOGGER.info("%s: offline: %s", core.label, reason)
        core.guard.call(core.observer.on_available)
