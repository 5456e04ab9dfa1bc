"""The delays between attempts."""

from itertools import islice

import pytest

from lan_edge.connection.backoff import delays


def test_soon_for_a_minute_and_then_more_and_more_seldom() -> None:
    found = list(islice(delays(), 60))
    assert found[:5] == [0.25, 0.5, 1.0, 1.5, 1.5]
    first_minute = next(n for n in range(60) if sum(found[:n]) >= 60)
    assert set(found[4:first_minute]) == {1.5}
    grown = found[first_minute : first_minute + 7]
    assert grown == pytest.approx([2.7, 4.86, 8.748, 15.7464, 28.34352, 51.018336, 60])
    assert found[-1] == 60
