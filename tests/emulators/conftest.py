"""Tests of the emulators use real sockets on loopback, in their fixtures already."""

import pytest
import pytest_socket


@pytest.fixture(autouse=True)
def real_sockets() -> None:
    """Take back what the Home Assistant plugin forbids, before other fixtures run."""
    pytest_socket.enable_socket()
    pytest_socket._remove_restrictions()
