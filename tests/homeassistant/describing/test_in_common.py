"""What commands have in common is filled in for the next one: it does what none of them does."""

import pytest

from custom_components.lan_edge.describing.in_common import (
    in_common,
    path_in_common,
    without_its_word,
)


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


@pytest.mark.parametrize(
    ("command", "path", "rest"),
    [
        ("open", "/set?shade=1&moves=1", "/set?shade=1&moves="),
        ("open", "/shades/1/open", "/shades/1/"),
        ("open", "/shades/open/1", "/shades//1"),
        ("open", "/open?id=1", "/?id=1"),
        ("on", "/relay/0?turn=on", "/relay/0?turn="),
        ("on", "/relay?turn=ON&id=0", "/relay?turn=&id=0"),
        ("on", "/console/7", "/console/"),
        ("on", "/", "/"),
    ],
)
def test_the_word_of_a_single_path(command: str, path: str, rest: str) -> None:
    made = without_its_word(command, {"method": "POST", "path": path, "headers": ["A: 1"]})
    assert made == {"method": "POST", "path": rest, "headers": ["A: 1"]}


@pytest.mark.parametrize(
    ("command", "text", "rest"),
    [
        ("open", '{"shade": 1, "to": "up"}', '{"shade": 1, "to": ""}'),
        ("on", '{"on": true}', '{"on": }'),
        ("on", '{"id": 1, "on": true, "fade": 5}', '{"id": 1, "on": , "fade": 5}'),
        ("on", '{"id": 1, "state": -2.5}', '{"id": 1, "state": }'),
        ("off", '{"method": "set", "params": ["off", 5]}', '{"method": "set", "params": ["", 5]}'),
        ("on", '{"state": "a \\"b\\" c"}', '{"state": ""}'),
        ("open", "SHADE 1 UP", "SHADE 1 "),
        ("open", "01 05 00 FF", "01 05 00 "),
        ("on", "{}", "{}"),
    ],
)
@pytest.mark.parametrize("field", ["body", "message"])
def test_the_word_of_what_is_sent(command: str, text: str, rest: str, field: str) -> None:
    assert without_its_word(command, {field: text}) == {field: rest}


def test_the_word_is_in_the_path_if_that_says_it_or_else_in_the_body() -> None:
    made = without_its_word("on", {"path": "/lamp/on", "body": '{"fade": 5}'})
    assert made == {"path": "/lamp/", "body": '{"fade": 5}'}
    made = without_its_word("on", {"path": "/lamp/0", "body": '{"state": 5}'})
    assert made == {"path": "/lamp/0", "body": '{"state": }'}
