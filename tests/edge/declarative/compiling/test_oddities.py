"""Odd texts and devices: what refuses in its own way, and names that differ in little."""

import pytest

from lan_edge import RefusedError, Switch, connect
from tests.drivers.described import compiled

from .charger import TEXT, TOKEN, Charger

SETTINGS = {"token": TOKEN}
EMPTY: tuple[object, ...] = (0, False, "", None, [], {})
REFUSED = TEXT.replace("requests:", "refused: {when: {path: error}}\nrequests:", 1)
NOT_TRUE = TEXT.replace("requests:", "refused: {when: {path: ok}, equals: false}\nrequests:", 1)
NOT_ONE = TEXT.replace("requests:", "refused: {when: {path: result}, unless: 1}\nrequests:", 1)
NOT_OK = TEXT.replace("requests:", "refused: {when: {path: result}, unless: ok}\nrequests:", 1)
BY_PATTERN = TEXT.replace(
    "requests:", """refused: {pattern: '.{1,400}"error": "(.{1,20})"[}]'}\nrequests:""", 1
)
each_refusal = pytest.mark.parametrize(
    ("text", "answer", "words"),
    [
        (REFUSED, {"error": "busy"}, "busy"),
        (REFUSED, {"error": 5}, "5"),
        (REFUSED, {"error": {"code": -3}}, "-3"),
        (REFUSED, {"error": ["busy"]}, "busy"),
        (NOT_TRUE, {"ok": False, "why": "busy"}, "busy"),
        (NOT_ONE, {"result": 2}, r'"result": ?2'),
        (NOT_ONE, {"result": False}, r'"result": ?false'),
        (NOT_ONE, {"result": True}, r'"result": ?true'),
        (NOT_ONE, {"result": ""}, r'"result": ?""'),
        (NOT_ONE, {"result": [1]}, r'"result": ?\[1'),
        (NOT_OK, {"result": "wrong key"}, "^wrong key$"),
        (BY_PATTERN, {"error": "busy"}, r"^busy$"),
    ],
)
each_without_refusal = pytest.mark.parametrize(
    ("text", "answer"),
    [
        *((REFUSED, {"error": value}) for value in EMPTY),
        (NOT_TRUE, {"ok": True}),
        (NOT_TRUE, {}),
        *((NOT_ONE, {"result": value}) for value in (1, 1.0, "1", None)),
        (NOT_ONE, {}),
        (NOT_OK, {"result": "ok"}),
    ],
)


@each_refusal
async def test_an_answer_refuses(text: str, answer: dict[str, object], words: str) -> None:
    async with (
        Charger().there() as charger,
        connect(compiled(text), charger.address, settings=SETTINGS) as device,
    ):
        charger.state |= answer
        with pytest.raises(RefusedError, match=words):
            await device.commands.refresh()


@each_without_refusal
async def test_an_answer_that_all_is_well(text: str, answer: dict[str, object]) -> None:
    async with Charger().there() as charger:
        charger.state |= answer
        async with connect(compiled(text), charger.address, settings=SETTINGS) as device:
            assert device.state.get(Switch.switch) is False


async def test_two_buttons_whose_ids_read_alike() -> None:
    text = TEXT + (
        "  a: {own: {bC: {button: {get: /api/set, query: {rst: 2}}}}}\n"
        "  a_b: {own: {c: {button: {get: /api/set, query: {rst: 3}}}}}\n"
    )
    driver = compiled(text)
    async with Charger().there() as charger:
        async with connect(driver, charger.address, settings=SETTINGS) as device:
            for component in ("a", "a_b"):
                [kind] = driver.profile.components[component].capabilities
                await device.commands.execute(kind.commands[0], {}, component=component)
        assert charger.asked == ["GET /api/set?rst=2", "GET /api/set?rst=3"]
