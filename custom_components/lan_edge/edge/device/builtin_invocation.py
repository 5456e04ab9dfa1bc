"""Carrying out a command that the framework knows, where the driver does not handle it."""

from collections.abc import Hashable

from ..capabilities.definition import Builtin
from .invocation import HandlerCall
from .session import Session


class BuiltinInvocation:
    """A command that the framework carries out, to be run in the device's turn."""

    __slots__ = ("_builtin", "_session")

    key: Hashable | None = None
    only_last = False

    def __init__(self, session: Session, builtin: Builtin) -> None:
        """Do what `builtin` says."""
        self._session = session
        self._builtin = builtin

    def calls(self) -> list[HandlerCall]:
        """Return none: no handler is called."""
        return []

    async def run(self) -> None:
        """Read everything, or get a sign of life."""
        await self._session.ready()
        if self._builtin is Builtin.READ:
            await self._session.reading.refresh()
        else:
            await self._session.liveness.ping()
