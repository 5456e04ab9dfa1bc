"""Bulbs that only this process searches for."""

import pytest

from tests.emulators import json_bulb

from .bulbs import TARGET


@pytest.fixture(autouse=True)
def own_target(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_bulb, "TARGET", TARGET)
