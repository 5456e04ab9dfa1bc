"""Name resolution without a network."""

from collections.abc import Generator
import socket
from typing import Any
from unittest.mock import patch

import pytest

from ..flow_steps import NO_SUCH_HOST


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
