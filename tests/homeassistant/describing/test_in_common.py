"""What commands have in common is filled in for the next one: it does what none of them does."""

import pytest

from custom_components.lan_edge.describing.in_common import in_common, path_in_common


@pytest.mark.parametrize(
    ("paths", "same"),
    [
        (("/c?id=1&to=up", "/c?id=1&to=down"), "/c?id=1"),
        (("/c?to=up&id=1", "/c?to=down&id=1"), "/c?id=1"),
        (("/c?to=up", "/c?to=down"), "/c"),
        (("/relay/0/open", "/relay/0/close"), "/relay/0/"),
        (("/open?id=1", "/close?id=1"), ""),
        (("/c?id=1&to=up", "/c?id=1&to=down", "/c?id=2&to=my"), "/c"),
    ],
)
def test_of_paths(paths: tuple[str, ...], same: str) -> None:
    assert path_in_common(paths) == same


@pytest.mark.parametrize(
    ("bodies", "same"),
    [
        (('{"id": 1, "to": "up"}', '{"id": 1, "to": "down"}'), '{"id": 1}'),
        (
            ('{"Outputs": [{"ID": 1, "Action": 1}]}', '{"Outputs": [{"ID": 1, "Action": 0}]}'),
            '{"Outputs": [{"ID": 1}]}',
        ),
        (('{"to": "up"}', '{"to": "down"}'), ""),
        (('{"to": [1]}', '{"to": [1, 2]}'), ""),
        (('{"to": [1]}', '{"to": [2]}'), ""),
        (('"up"', '"down"'), ""),
        (("SHADE 1 UP", "SHADE 1 DOWN"), "SHADE 1"),
        (("01 05 00 FF", "01 05 00 00"), "01 05 00"),
        (("UP", "DOWN"), ""),
        (("UP", ""), ""),
    ],
)
@pytest.mark.parametrize("field", ["body", "message"])
def test_of_what_is_sent(field: str, bodies: tuple[str, ...], same: str) -> None:
    others = {"method": "POST", "path": "/a"}
    made = in_common([{**others, field: each} for each in bodies])
    assert made == {**others, field: same}


def test_what_cannot_be_cut_is_that_of_the_last() -> None:
    made = in_common([{"method": "GET", "headers": ["A: 1"]}, {"method": "POST", "headers": []}])
    assert made == {"method": "POST", "headers": []}
