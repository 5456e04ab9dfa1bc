"""Runs the built-in commands, which the framework handles if the driver does not."""

from collections.abc import Hashable

from ..capabilities.kinds import Builtin
from .session import Session


class BuiltinInvocation:
    """A built-in command, to be run in the device's command queue."""

    __slots__ = ("_builtin", "_session")

    key: Hashable | None = None
    only_if_last = False

    def __init__(self, session: Session, builtin: Builtin) -> None:
        """Run `builtin`."""
        self._session = session
        self._builtin = builtin

    def validate(self) -> None:
        """Do nothing: it is always possible."""

    async def run(self) -> None:
        """Read everything, or get a sign of life."""
        await self._session.ready()
        if self._builtin is Builtin.READ:
            await self._session.reading.refresh()
        else:
            await self._session.liveness.ping()
