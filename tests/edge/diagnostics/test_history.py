"""What became of the connection: bounded, counted, and told when it is worth it."""

from typing import Any

import pytest

from lan_edge import Address, UnreachableError
from lan_edge.diagnostics.history import MAX_CHANGES, MAX_REASON, History

HOME, AWAY = Address("10.0.0.1", 1), Address("10.0.0.2", 1)


def online(history: History) -> None:
    history.add("online", HOME, None, is_connected=True)


def waiting(history: History, reason: str) -> None:
    history.add("waiting", HOME, UnreachableError(reason), is_connected=False)


def steps(history: History) -> list[tuple[str, str, int]]:
    return [(s.status, s.reason, s.times) for s in history.changes()]


def test_steps_of_a_row_are_counted_in_one() -> None:
    history = History()
    for reason in ("refused", "refused", "refused", "no route"):
        waiting(history, reason)
    online(history)
    refused, no_route = ("waiting", "refused", 3), ("waiting", "no route", 1)
    assert steps(history) == [refused, no_route, ("online", "", 1)]
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


def test_how_long_it_lasted_is_no_matter_of_the_wall_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    clocks: dict[str, Any] = {"time": 1000.0, "monotonic": 5.0}
    for name in clocks:
        monkeypatch.setattr(f"lan_edge.diagnostics.history.time.{name}", lambda n=name: clocks[n])
    history = History()
    online(history)
    clocks.update(time=500.0, monotonic=7.5)  # somebody set the clock
    waiting(history, "lost")
    clocks.update(monotonic=8.0)
    told = history.as_dict()["steps"]
    assert [(s["at"], s["lasted"]) for s in told] == [(1000.0, 2.5), (500.0, 0.5)]


def test_it_is_bounded() -> None:
    history = History()
    for n in range(MAX_CHANGES * 2):
        waiting(history, f"{n} {'x' * 2 * MAX_REASON}")
    assert len(history.changes()) == MAX_CHANGES
    assert all(len(s.reason) == MAX_REASON for s in history.changes())


def test_nothing_happened_yet() -> None:
    assert History().as_dict()["steps"] == []
