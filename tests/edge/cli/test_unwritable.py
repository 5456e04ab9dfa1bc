"""What `new --from` cannot write is said with its field; what it writes has the same options."""

from typing import Any

import pytest

from lan_edge import Description, compile_description, connect, read_description
from lan_edge.cli.writing import UnwritableError, written
from tests.docs import pages
from tests.drivers.described import text_in_chaos, text_of
from tests.drivers.test_described_ways import JSON_LINES
from tests.drivers.worded import text_for
from tests.edge.declarative.compiling.charger import TEXT as CHARGER, Charger
from tests.edge.declarative.compiling.test_toggles import LAMP
from tests.edge.declarative.texts import CHARGER as GO_E, RECEIVER, SENSOR

FRAMES, SOCKET = text_for("frames"), text_for("websocket")
FRAMES_WITH_LOGIN, LINES_WITH_LOGIN = (text_for(w, has_login=True) for w in ("frames", "lines"))


@pytest.mark.parametrize(
    ("text", "old", "new", "place", "reason"),
    [
        (
            RECEIVER,
            'refused: {pattern: "ERR (.*)"}',
            "refused: {begins: '45'}",
            "refused",
            "beginning",
        ),
        (
            RECEIVER,
            'refused: {pattern: "ERR (.*)"}',
            "refused: {when: {word: 0, map: {ERR: no}}, unless: yes}",
            "refused.when",
            "a value that is converted to recognize it",
        ),
        (LAMP, "name: Lamp", "name: Lamp", "components.main.switch.on", "only toggles"),
        (
            JSON_LINES,
            "info: {when: {path: result.model}}",
            "info: {when: {path: result.model, map: {1: 2}}, equals: '2'}",
            "messages.info.when",
            "a value that is converted to recognize it",
        ),
        (
            text_in_chaos("ws_lamp"),
            "refused:",
            "refused: {pattern: 'no'} #",
            "refused.pattern",
            "text in a message that is json",
        ),
        (
            text_of("posting_relay"),
            'when: {path: "on"}',
            "pattern: '.{1,9}'",
            "messages.relay",
            "what a device posts, unless it is JSON",
        ),
        (
            SOCKET,
            "requests:",
            "parameters: {k: {kind: secret}}\nlogin: {query: {k: '{k}'}}\nrequests:",
            "login.query",
            "a login in the path of a connection",
        ),
        (
            SOCKET,
            "requests:",
            "parameters: {k: {}}\nlogin: {basic: {username: x, password: '{k}'}}\nrequests:",
            "login.basic",
            "a user name and password of a connection",
        ),
        (
            CHARGER,
            'template: "value * 100 / limit"',
            'template: "value is number"',
            "components.main.own.share.template",
            "a template that is no Python",
        ),
        (
            CHARGER,
            "label: {text: true, from: status, path: name,",
            "label: {text: true, from: status, pattern: x,",
            "requests.status",
            "an answer that is read in several formats",
        ),
        (
            CHARGER,
            "label: {text: true, from: status, path: name,",
            "label: {text: true, from: about, bytes: 1,",
            "requests",
            "bytes by HTTP",
        ),
    ],
)
def test_what_cannot_be_written(text: str, old: str, new: str, place: str, reason: str) -> None:
    assert old in text
    with pytest.raises(UnwritableError) as caught:
        written(read_description(text.replace(old, new, 1)))
    assert ".".join(map(str, caught.value.path)) == place
    assert reason in caught.value.reason


def options_of(text: str) -> tuple[Any, Any]:
    """Return the options of the driver that is written, and those of the description's own."""
    description = read_description(text)
    driver = pages.driver_in("written.py", written(description))
    return driver.options, compile_description(description).options


@pytest.mark.parametrize(
    "options",
    [
        "{port: 443}\ntls: {trust: verify}",
        "{port: 443}\ntls: {trust: pin}",
        "{port: 80, timeout: 5, again: true}",
        "{port: 80}\npace: {gap: 0.5, burst: 3}",
    ],
)
def test_the_options_are_the_same(options: str) -> None:
    text = text_of("rest_switch")
    lines = [line for line in text.splitlines() if not line.startswith("options:")]
    mine, described = options_of("\n".join([*lines, f"options: {options}", ""]))
    assert mine == described


def test_a_standing_connection_has_the_same_options() -> None:
    mine, described = options_of(
        RECEIVER.replace("port: 60128,", "port: 60128, standing: {request: SUB, withdraw: UNSUB},")
    )
    assert mine == described


def test_frames_of_a_fixed_size() -> None:
    text = SENSOR.replace('framer: {size: 2, start: "AA55"}', "framer: {fixed: 8}")
    mine, described = options_of(text)
    assert (mine.framer.func, mine.framer.args) == (described.framer.func, described.framer.args)


async def test_choices_are_members_of_an_enumeration() -> None:
    text = CHARGER.replace('"3": Three}, default: "3"', '"3": Three, all: All}, default: "all"')
    driver = pages.driver_in("written.py", written(read_description(text)))
    assert driver.Settings is not None
    assert driver.Settings().phases == "all"
    async with Charger().there() as charger:
        charger.token = ""
        async with connect(driver, charger.address):
            assert charger.queries[-1]["phases"] == "all"


def described(text: str) -> Description:
    return read_description(text)


def test_what_begins_in_a_way_is_recognized() -> None:
    text = FRAMES.replace("done: {pattern: OK}", "done: {begins: 4f 4b}")
    assert 'return message.encode().startswith(b"OK") or bool(refusal(message))' in written(
        described(text)
    )


def test_a_login_in_steps() -> None:
    send = '  send: {line: "LOGIN {user} {password}", answered: welcome}'
    assert send in LINES_WITH_LOGIN
    steps = "  send: [{line: HELLO}, {line: '{user} {password}', answered: welcome, wait: 0.5}]"
    text = written(described(LINES_WITH_LOGIN.replace(send, steps)))
    order = ['io.send("HELLO")', "asyncio.sleep(0.5)", "answer = await io.ask("]
    assert sorted(order, key=text.index) == order


def test_a_first_message_in_steps() -> None:
    assert "connected: [{line: SUB ALL}]" in RECEIVER
    text = RECEIVER.replace("[{line: SUB ALL}]", "[{line: SUB ALL}, {line: SUB ME, wait: 2}]")
    made = written(described(text))
    order = ['self.io.send("SUB ALL")', "asyncio.sleep(2", 'self.io.send("SUB ME")']
    assert sorted(order, key=made.index) == order


def test_what_only_reports_reads_nothing() -> None:
    head, _, rest = RECEIVER.partition("requests:")
    text = f"{head}messages:{rest.partition('messages:')[2]}".replace("from: power, ", "")
    text = text.replace(
        "switch: {map: {PWRON: true, PWROFF: false}}",
        "switch: {from: volume, group: volume, map: {1: true, 0: false}}",
    )
    assert "    async def refresh(self) -> None:\n        pass\n" in written(described(text))


@pytest.mark.parametrize("text", [GO_E, SENSOR, FRAMES_WITH_LOGIN])
def test_it_is_a_driver(text: str) -> None:
    driver = pages.driver_in("written.py", written(described(text)))
    assert (
        driver.profile.components.keys()
        == compile_description(described(text)).profile.components.keys()
    )
