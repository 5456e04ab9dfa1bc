"""The delays between attempts."""

from itertools import islice

import pytest

from lan_edge.connection.backoff import delays


def test_short_for_a_minute_and_then_longer_and_longer() -> None:
    waits = list(islice(delays(), 60))
    assert waits[:5] == [0.25, 0.5, 1.0, 1.5, 1.5]
    first_minute = next(n for n in range(60) if sum(waits[:n]) >= 60)
    assert set(waits[4:first_minute]) == {1.5}
    grown = waits[first_minute : first_minute + 7]
    assert grown == pytest.approx([2.7, 4.86, 8.748, 15.7464, 28.34352, 51.018336, 60])
    assert waits[-1] == 60
