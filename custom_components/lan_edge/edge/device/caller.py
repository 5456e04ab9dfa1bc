"""A device that calls by itself: what a call of it means for its connection."""

from ..callbacks.calls import Call
from ..callbacks.registration import CallbackRegistration
from ..connection.connection import Connection
from ..connection.status import Status
from ..network.address import Address
from .call_secret import secret_of
from .core import DeviceCore


class Caller:
    """The calls of one device, as its connection sees them."""

    __slots__ = ("_calls", "_connection", "_core")

    def __init__(
        self, core: DeviceCore, registration: CallbackRegistration, connection: Connection
    ) -> None:
        """Keep the device's secret over restarts, and connect it when it calls."""
        self._core = core
        self._connection = connection
        self._calls = registration.calls
        record = core.record
        registration.keep_token(secret_of(core))
        registration.calls.only_by_secret = record.calls_by_token
        registration.calls.on_call = self._called

    def _called(self, call: Call) -> None:
        """Connect the device where it has called from, now if it has proven who it is."""
        address, core, connection = Address(call.source), self._core, self._connection
        is_kept = connection.status is not Status.IDLE  # otherwise it is only tried once
        if not call.is_proven:
            if is_kept:
                connection.sighted(address)
            return
        self._calls.only_by_secret = True
        if not core.record.calls_by_token:
            core.record.calls_by_token = True
            core.guard.call(core.observer.on_record)
        if is_kept:
            connection.moved(address)
