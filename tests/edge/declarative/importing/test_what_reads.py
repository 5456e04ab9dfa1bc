"""Which requests are asked again and again, and which two are a switch: nothing is done unasked."""

from typing import Any

import pytest

from lan_edge import import_curl, import_home_assistant
from lan_edge.declarative.importing.commands import says_done

from .imported import notes_of, values_of


def components(text: str) -> dict[str, Any]:
    made: dict[str, Any] = values_of(import_curl(text))["components"]
    return made


@pytest.mark.parametrize(
    "path",
    [
        *("scene?name=movie", "scene?id=3", "preset?id=2", "macro?id=3", "input?select=HDMI1"),
        *("remote?key=VOLUP", "ir?name=tv_power", "settings?mode=roller", "config?theme=dark"),
        *("state?color=blue", "data?target=away", "live?scene=red", "api/request?fan=high"),
        *("door?user=1&action=request", "read?mode=away", "show?text=hello"),
        *("scene?scene=getaway", "do?action=getready&power=on", "x?action=getStatus&power=1"),
        *("x?cmd=getAndClear", "cm?cmnd=Status%20reset"),
        *("x?action=getState&power=on", "x?cmd=get_status&relay=off", "cmd?cmd=status&lamp=lock"),
    ],
)
def test_what_is_set_by_a_query_is_a_command_whatever_is_beside_it(path: str) -> None:
    assert "requests" not in values_of(import_curl(f"curl 'http://10.0.0.5/{path}'"))


@pytest.mark.parametrize(
    "path",
    [
        *("cm?cmnd=Status%208", "cgi?cmd=get_state&ch=1", "request?S_227", "param.cgi?get_mode"),
        *("GetRealtimeData.cgi?DataCollection=Common", "api?method=Sys.GetInfo", "x?action=get"),
    ],
)
def test_what_asks_by_a_query_is_read(path: str) -> None:
    assert values_of(import_curl(f"curl 'http://10.0.0.5/{path}'"))["requests"]


TWO: dict[str, tuple[str, str, bool]] = {
    "two relays in the path": ("relay/0?turn=on", "relay/1?turn=on", False),
    "two relays without more": ("relay/0", "relay/1", False),
    "two relays by their id": ("Switch.Set?id=0&on=true", "Switch.Set?id=1&on=true", False),
    "two channels": ("set?channel=0&level=5", "set?channel=1&level=5", False),
    "two outlets": ("set?outlet=0", "set?outlet=1", False),
    "toggles of two": ("set?go=toggle&to=0", "set?go=toggle&to=1", False),
    "a relay": ("relay/0?turn=off", "relay/0?turn=on", True),
    "a pin": ("digital/4/0", "digital/4/1", True),
    "a value": ("set?lamp=0", "set?lamp=1", True),
    "a path that is only that": ("0", "1", True),
}


@pytest.mark.parametrize(("off", "on", "is_switch"), TWO.values(), ids=TWO)
def test_two_are_a_switch_if_they_differ_in_on_and_off(off: str, on: str, is_switch: bool) -> None:
    text = "\n".join(f"curl -X POST 'http://10.0.0.5/{each}'" for each in (off, on))
    assert ("switch" in components(text)["main"]) == is_switch


def test_four_of_two_relays_are_two_switches() -> None:
    text = "\n".join(
        f"curl -X POST 'http://10.0.0.5/rpc/Switch.Set?id={id_}&on={on}'"
        for id_ in (0, 1)
        for on in ("true", "false")
    )
    made = components(text)
    ids = [
        (each["switch"]["on"]["query"], each["switch"]["off"]["query"]) for each in made.values()
    ]
    assert ids == [
        ({"id": "0", "on": "true"}, {"id": "0", "on": "false"}),
        ({"id": "1", "on": "true"}, {"id": "1", "on": "false"}),
    ]


@pytest.mark.parametrize(
    ("sentence", "is_done"),
    [
        *(("Get the state", False), ("Returns all", False), ("Retrieve a file", False)),
        *(("Executes a code", True), ("Set the mode", True), ("Turn it on", True)),
        *(("Request a reboot", None), ("Shows a message", None), ("Scan for networks", None)),
        *(("Check for updates", None), ("", None), ("Status", None)),
    ],
)
def test_what_a_sentence_begins_with(sentence: str, is_done: bool | None) -> None:
    assert says_done(sentence) is is_done


PIPES: dict[str, list[str]] = {
    "jq -r '.a.b' | head -1": ["a.b"],
    "jq .a.b | tee file": ["a.b"],
    "jq .a | jq .b": ["a.b"],
    "jq .a | jq '.[0]'": ["a[0]"],
    "cat | jq .a": ["a"],
    "python3 -m json.tool | jq .a": ["a"],
}


@pytest.mark.parametrize("pipe", PIPES)
def test_pipes_add_up(pipe: str) -> None:
    own = components(f"curl http://10.0.0.5/status | {pipe}")["main"]["own"]
    assert [each["path"] for each in own.values()] == PIPES[pipe]


@pytest.mark.parametrize(
    "pipe", ["sed s/x// | jq .v", "jq '.a + 1' | jq .v", "jq '.a, .b' | jq .v"]
)
def test_what_something_else_made_is_not_selected_from(pipe: str) -> None:
    text = f'command_line:\n  - sensor: {{name: V, command: "curl http://10.0.0.5/s | {pipe}"}}\n'
    other = "rest: {resource: 'http://10.0.0.5/x'}\n"
    notes = notes_of(import_home_assistant(text + other))
    assert "another program" in notes["command_line[0]"]


def test_only_the_first_that_sends_something_logs_in() -> None:
    text = (
        "curl -c j -b j -d 'user=a&password=b1' http://10.0.0.5/login\n"
        "curl -c j -b j http://10.0.0.5/api/session/status\n"
        "curl -c j -b j http://10.0.0.5/api/authors\n"
    )
    values = values_of(import_curl(text))
    assert values["login"]["session"]["post"] == "/login"
    assert [*values["requests"]] == ["status", "authors"]


def test_results_end_at_their_own_brackets() -> None:
    text = (
        "x=$(curl -s http://10.0.0.5/a | jq -r '.a'); echo $x\n"
        'y="$(curl "http://10.0.0.5/b?t=(1)")"\nz=`curl http://10.0.0.5/c`\n'
    )
    values = values_of(import_curl(text))
    assert values["components"]["main"]["own"]["a"]["path"] == "a"
    assert [*values["requests"]] == ["a", "b", "c"]


def test_a_command_that_sends_the_same_is_named() -> None:
    text = "a: {url: 'http://10.0.0.5/go'}\nb: {url: 'http://10.0.0.5/go'}\n"
    imported = import_home_assistant(text)
    [note] = imported.notes
    assert (note.place, str(note.reason)) == (
        "rest_command.b",
        "sends the same as another command",
    )


@pytest.mark.parametrize("given", ["'t=a b&c'", "@- <<< 't=a b&c'"])
def test_what_is_encoded_is_one_value(given: str) -> None:
    own = components(f"curl --data-urlencode {given} http://10.0.0.5/say")["main"]["own"]
    assert own["say"]["button"] == {"post": "/say", "form": {"t": "a b&c"}}


def test_a_value_that_is_in_a_file_is_named() -> None:
    imported = import_curl("curl --data-urlencode text@file http://10.0.0.5/say")
    assert "file" in notes_of(imported)["--data-urlencode"]
