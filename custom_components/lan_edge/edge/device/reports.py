"""What becomes known of a device's connection: to the log, the history and the observer."""

import logging

from ..connection.connection import Connection
from ..connection.status import Status
from ..errors import CredentialsError, EdgeError, IdentityError
from .core import DeviceCore

_LOGGER = logging.getLogger(__name__)

PASSING_STRANGERS = 2
"""Attempts in a row that meet another device before that is reported."""


class ConnectionReports:
    """Reports what changes about the connection of one device."""

    __slots__ = ("_core", "_strangers")

    def __init__(self, core: DeviceCore) -> None:
        """Have nothing to report."""
        self._core = core
        self._strangers = 0
        """Attempts in a row that met another device where this one was proven."""

    def status_changed(
        self, connection: Connection, status: Status, reason: EdgeError | None
    ) -> None:
        """Report each step."""
        core = self._core
        if status is Status.IDLE:
            return
        core.trace.add("connection", f"{status} {reason or ''}")
        if status is Status.CONNECTING:
            return
        is_online = status is Status.ONLINE
        core.history.add(status, connection.address, reason, is_connected=is_online)
        if is_online:
            core.guard.call(core.observer.on_online)
        if isinstance(reason, CredentialsError):
            core.guard.call(core.observer.on_credentials)
        self._count_strangers(connection.failure_where_proven)

    def _count_strangers(self, failure: EdgeError | None) -> None:
        """Report another device at this one's address unless it may pass.

        A device that moved and is found at once meets the new tenant of its address once at most.
        """
        if not isinstance(failure, IdentityError):
            self._strangers = 0
            return
        self._strangers += 1
        if self._strangers >= PASSING_STRANGERS:
            self._core.guard.call(self._core.observer.on_impostor, failure)

    def available_changed(
        self, connection: Connection, *, is_available: bool, reason: EdgeError | None
    ) -> None:
        """Report whether it is there; one line in the log each way."""
        core = self._core
        if is_available:
            _LOGGER.info("%s: online at %s", core.label, connection.address)
        else:
            _LOGGER.info("%s: offline: %s", core.label, reason)
        core.guard.call(core.observer.on_available)
