"""Devices that are found out in tenths of a second."""

import pytest

from custom_components.lan_edge.edge import Http, availability, connection

pytest.register_assert_rewrite("tests.drivers.contract")


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "PROBE_TIMEOUT", 0.4)
    monkeypatch.setattr(availability, "GRACE", 0.1)
    monkeypatch.setattr(Http, "poll", 0.1)
