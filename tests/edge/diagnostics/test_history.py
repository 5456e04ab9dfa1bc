"""The history of a connection: counters, and a bounded list of status changes."""

from typing import Any

import pytest

from lan_edge import Address, UnreachableError
from lan_edge.diagnostics.history import MAX_CHANGES, MAX_REASON, History

HOME, AWAY = Address("10.0.0.1", 1), Address("10.0.0.2", 1)


def online(history: History) -> None:
    history.add("online", HOME, None, is_connected=True)


def waiting(history: History, reason: str) -> None:
    history.add("waiting", HOME, UnreachableError(reason), is_connected=False)


def changes(history: History) -> list[tuple[str, str, int]]:
    return [(s.status, s.reason, s.times) for s in history.changes()]


def test_a_repeated_change_is_only_counted() -> None:
    history = History()
    for reason in ("refused", "refused", "refused", "no route"):
        waiting(history, reason)
    online(history)
    refused, no_route = ("waiting", "refused", 3), ("waiting", "no route", 1)
    assert changes(history) == [refused, no_route, ("online", "", 1)]
    history.add("online", AWAY, None, is_connected=True)
    assert [s.address for s in history.changes()] == [HOME, HOME, HOME, AWAY]


def test_connects_and_drops() -> None:
    history = History()
    waiting(history, "off")
    assert (history.connects, history.drops) == (0, 0)
    online(history)
    waiting(history, "lost")
    waiting(history, "lost")
    online(history)
    assert (history.connects, history.drops) == (2, 1)


def test_a_changed_wall_clock_does_not_affect_durations(monkeypatch: pytest.MonkeyPatch) -> None:
    clocks: dict[str, Any] = {"time": 1000.0, "monotonic": 5.0}
    for name in clocks:
        monkeypatch.setattr(f"lan_edge.diagnostics.history.time.{name}", lambda n=name: clocks[n])
    history = History()
    online(history)
    clocks.update(time=500.0, monotonic=7.5)  # the system's clock was set back
    waiting(history, "lost")
    clocks.update(monotonic=8.0)
    dumped = history.as_dict()["steps"]
    assert [(s["at"], s["lasted"]) for s in dumped] == [(1000.0, 2.5), (500.0, 0.5)]


def test_the_history_is_bounded() -> None:
    history = History()
    for n in range(MAX_CHANGES * 2):
        waiting(history, f"{n} {'x' * 2 * MAX_REASON}")
    assert len(history.changes()) == MAX_CHANGES
    assert all(len(s.reason) == MAX_REASON for s in history.changes())


def test_a_new_history_is_empty() -> None:
    assert History().as_dict()["steps"] == []
