"""When the record of a device is saved: soon, but seldom if it changes all the time."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.storage import MAX_SAVE_DELAY, RecordStore, record_store

DELAY = 1.0


class Clock:
    """The time, and the saves of a store that are due."""

    def __init__(self, store: RecordStore, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.began = self.now
        self.saved: list[float] = []
        self._due: float | None = None
        self._store = store
        monkeypatch.setattr(store.hass.loop, "time", lambda: self.now)
        monkeypatch.setattr(store, "async_delay_save", self._delay)

    def _delay(self, data: Any, delay: float) -> None:
        assert data() == {}
        self._due = self.now + delay  # what was due is postponed, as Home Assistant does

    def change(self, every: float, seconds: float) -> None:
        for _ in range(round(seconds / every)):
            self._store.save_soon(dict, DELAY)
            self.wait(every)

    def wait(self, seconds: float) -> None:
        self.now += seconds
        if self._due is not None and self._due <= self.now:
            self.saved.append(self._due - self.began)
            self._due = None


@pytest.fixture
def store(hass: HomeAssistant) -> RecordStore:
    return record_store(hass, "an entry")


@pytest.fixture
def clock(store: RecordStore, monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(store, monkeypatch)


@pytest.mark.parametrize("every", [0.01, 0.5, 1.2])
def test_a_record_that_changes_all_the_time(clock: Clock, every: float) -> None:
    clock.change(every, 600)
    assert clock.saved[0] == pytest.approx(DELAY)
    assert clock.saved[1] == pytest.approx(3 * DELAY, abs=2 * every)
    assert 600 / MAX_SAVE_DELAY < len(clock.saved) < 600 / MAX_SAVE_DELAY + 6


def test_one_that_changes_seldom(clock: Clock) -> None:
    for _ in range(3):
        clock.change(0.1, 0.5)
        before = len(clock.saved)
        clock.wait(DELAY)
        assert len(clock.saved) == before + 1
        clock.wait(MAX_SAVE_DELAY + 1)


async def test_what_is_saved_at_once_replaces_a_save_that_is_due(
    clock: Clock, store: RecordStore, hass_storage: dict[str, Any]
) -> None:
    store.save_soon(dict, DELAY)
    await store.async_save({})
    clock.wait(0)
    store.save_soon(dict, DELAY)
    clock.wait(2 * DELAY)
    assert clock.saved
    assert store.key in hass_storage
