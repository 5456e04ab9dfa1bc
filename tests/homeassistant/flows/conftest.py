"""Name resolution without a network, and a gate that lets nobody in."""

from collections.abc import AsyncGenerator, Generator
import socket
from typing import Any
from unittest.mock import AsyncMock, patch

from homeassistant.core import HomeAssistant
import pytest

from tests.edge.locked import Locked

from ..flow_steps import NO_SUCH_HOST
from ..gate import add_gate, gate_at


@pytest.fixture
def names() -> Generator[None]:
    """Resolve names without asking anybody: there is only localhost."""
    real = socket.getaddrinfo

    def resolve(host: str, *args: Any, **kwargs: Any) -> Any:
        host.encode("idna")  # as the real one does
        if host == NO_SUCH_HOST:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *args, **kwargs)

    with patch("socket.getaddrinfo", resolve):
        yield


@pytest.fixture
async def gate(
    hass: HomeAssistant, start_discovery: AsyncMock, drivers: None
) -> AsyncGenerator[Locked]:
    add_gate()
    async with gate_at(hass, Locked(), "127.0.0.2") as device:
        yield device
