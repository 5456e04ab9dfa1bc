"""Command lines as pages and scripts have them: prompts, loops, given bodies, typed quotes."""

from contextlib import suppress
from typing import Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import DescriptionError, NoteKind, import_curl
from lan_edge.declarative.importing.pasted import plain_commands
from tests.processor import done_within

from .imported import assert_described, notes_of, values_of


def own_of(text: str) -> dict[str, Any]:
    """Return the values and buttons of the only device."""
    own: dict[str, Any] = values_of(import_curl(text))["components"]["main"].get("own", {})
    return own


JSON = {"post": "/lamp", "json": {"on": True}}
PASTED: dict[str, str] = {
    "the prompt of root": "# curl --json '{\"on\":true}' http://10.0.0.5/lamp",
    "a block": "```sh\ncurl --json '{\"on\":true}' 10.0.0.5/lamp\n```",
    "an item of a list": "- `$ curl --json '{\"on\":true}' http://10.0.0.5/lamp`",
    "a comment of JavaScript": "// on\ncurl --json '{\"on\":true}' http://10.0.0.5/lamp",
    "a result": "x=$(curl --json '{\"on\":true}' http://10.0.0.5/lamp)\necho $x",
    "a result in quotes": 'x="$(curl --json \'{"on":true}\' http://10.0.0.5/lamp)"',
    "a result that does not end": "x=$(curl --json '{\"on\":true}' http://10.0.0.5/lamp",
    "typed quotes": (
        "curl \u2013X POST \u2014header \u201cContent-Type: application/json\u201d "
        "\u2013d \u2018{\u201con\u201d:true}\u2019 http://10.0.0.5/lamp"
    ),
    "a loop": "while true; do curl --json '{\"on\":true}' http://10.0.0.5/lamp; done",
    "what is given beside it": (
        "curl -H 'Content-Type: application/json' -d @- http://10.0.0.5/lamp <<EOF\n"
        '{"on":\n true}\nEOF\n'
    ),
    "a text that is given": "curl --json @- http://10.0.0.5/lamp <<< '{\"on\": true}'",
    "what another command writes": (
        "echo -n '{\"on\":true}' | curl --json @/dev/stdin http://10.0.0.5/lamp"
    ),
}


@pytest.mark.parametrize("text", PASTED.values(), ids=PASTED)
def test_what_is_around_a_command_is_no_part_of_it(text: str) -> None:
    assert own_of(text) == {"lamp": {"button": JSON}}


def test_comments_stay_comments_beside_commands() -> None:
    text = "curl http://10.0.0.5/status\n# curl http://10.0.0.5/other\n"
    assert [*values_of(import_curl(text))["requests"]] == ["status"]


def test_quotes_within_a_body_are_part_of_it() -> None:
    made = own_of('curl --json \'{"text": "say “hi” \u2013 now"}\' http://10.0.0.5/say')
    assert made["say"]["button"]["json"] == {"text": "say “hi” \u2013 now"}


def test_what_is_given_without_an_end_is_no_body() -> None:
    notes = notes_of(import_curl("curl -d @- http://10.0.0.5/set <<EOF\n{}\n"))
    assert "file" in notes["--data"]
    several = "\n".join(f"curl -d @- http://10.0.0.5/set{n} <<E\nv={n}\nE" for n in range(20))
    assert "--data" in notes_of(import_curl(several))


def test_what_only_writes_is_named() -> None:
    notes = notes_of(import_curl("echo hello\ncurl http://10.0.0.5/status\nsleep 5"))
    assert {*notes} == {"echo", "sleep"}


def test_a_method_that_is_written_as_an_option() -> None:
    imported = import_curl("curl -PUT -d '{\"on\":true}' http://10.0.0.5/lamp")
    assert own_of("curl -PUT -d '{\"on\":true}' http://10.0.0.5/lamp") == {
        "lamp": {"button": {"put": "/lamp", "json": {"on": True}}}
    }
    assert "-X PUT" in notes_of(imported, NoteKind.CHANGED)["-PUT"]


@pytest.mark.parametrize(
    ("expression", "paths"),
    [
        ("'.total | .power.v'", ["total.power.v"]),
        ("'.a, .b[0].c'", ["a", "b[0].c"]),
        ("'.[\"x y\"].[2]'", ['["x y"][2]']),
    ],
)
def test_jq_selects_values(expression: str, paths: list[str]) -> None:
    own = own_of(f"curl -s http://10.0.0.5/status | jq -r {expression}")
    assert [each["path"] for each in own.values()] == paths


@pytest.mark.parametrize("shown", ["jq", "jq .", "jq -C '.'"])
def test_jq_that_shows_all_selects_nothing(shown: str) -> None:
    imported = import_curl(f"curl http://10.0.0.5/status | {shown}")
    assert imported.drafts[0].whole_answers == ("main.own.status",)
    assert not imported.notes


def test_jq_that_calculates_is_left_out() -> None:
    imported = import_curl("curl http://10.0.0.5/status | jq '.a + 1'")
    assert "jq" in notes_of(imported, NoteKind.LEFT_OUT)


def test_cookies_of_a_login_are_a_session() -> None:
    text = (
        "curl -c jar -d 'user=admin&password=admin' http://10.0.0.5/login\n"
        "curl -b jar http://10.0.0.5/status\n"
    )
    values = values_of(import_curl(text))
    form = {"user": "{user}", "password": "{password}"}
    assert values["login"] == {"session": {"post": "/login", "form": form}}
    assert values["parameters"]["password"]["kind"] == "secret"
    assert values["requests"] == {"status": {"get": "/status"}}
    alone = import_curl("curl -c jar -d 'user=admin&password=x1' http://10.0.0.5/login")
    assert "login" not in values_of(alone)


def test_a_login_in_the_url_is_by_the_way_of_the_options() -> None:
    values = values_of(import_curl("curl --digest http://me:secret@10.0.0.5/status"))
    assert [*values["login"]] == ["digest"]


def test_a_password_is_secret_if_it_is_the_user_name_as_well() -> None:
    values = values_of(import_curl("curl -u admin:admin http://10.0.0.5/status"))
    assert values["login"] == {"basic": {"username": "{username}", "password": "{password}"}}
    assert values["parameters"]["password"]["kind"] == "secret"


@pytest.mark.parametrize(
    "path",
    [
        *("outlet?8=CCL", "?raw=$CODE", "rr_gcode?gcode=G28", "mkdir?name=x", "user/logout"),
        *("cgi?code=KEY_POWER", "apps/launch?id=5&play=yes"),
    ],
)
def test_what_may_do_something_by_its_query_is_not_read(path: str) -> None:
    assert "requests" not in values_of(import_curl(f"curl 'http://10.0.0.5/{path}'"))


@pytest.mark.parametrize(
    "path", ["control.cgi?action=getStatus", "api/status?filter=a,b", "rpc?method=Sys.GetStatus"]
)
def test_what_says_that_it_reads_is_read(path: str) -> None:
    assert values_of(import_curl(f"curl 'http://10.0.0.5/{path}'"))["requests"]


@pytest.mark.parametrize(
    ("body", "is_read"),
    [
        ('{"id": 1, "method": "Switch.GetStatus"}', True),
        ('{"method": "getPowerStatus", "params": []}', True),
        ('{"method": "Switch.Set"}', False),
        ('{"method": "getAndClear"}', False),
        ('{"method": ["get"]}', False),
        ('["get"]', False),
        ("get", False),
    ],
)
def test_a_body_that_asks_for_something_is_read(body: str, is_read: bool) -> None:
    values = values_of(import_curl(f"curl -X POST -d '{body}' http://10.0.0.5/rpc"))
    assert ("requests" in values) == is_read


PIECES = st.sampled_from(
    ("curl http://h/x", "# ", "`", "```", "\n", "x=$(", ")", "<<E", "E", "<<<", "| jq", " .a", "//")
)


@given(st.lists(PIECES | st.text(max_size=4), max_size=14).map("".join))
def test_any_page_is_a_draft_or_has_a_fault(text: str) -> None:
    with suppress(DescriptionError):
        assert_described(import_curl(text))


REPEATED = (
    *("x=$(curl\n", "`curl`\n", "<<E\n", "| jq .a,", "\u201c \u2013d ", "# curl ", '\\"'),
    *("x=$(curl (", "'", "x=`curl \\", "{abcdef", "${a"),
)


@pytest.mark.parametrize("piece", REPEATED)
@pytest.mark.parametrize("begin", ["", 'curl "', "curl '"])
def test_what_is_repeated_is_bounded(begin: str, piece: str) -> None:
    text = (begin + piece * 70_000)[: 64 * 1024]
    assert len(done_within(2, lambda: plain_commands(text))) <= len(text)
    with suppress(DescriptionError):
        import_curl(text)


def test_buttons_of_one_path_are_called_by_what_they_send() -> None:
    text = (
        "curl 'http://10.0.0.5/outlet?1=ON'\ncurl 'http://10.0.0.5/outlet?1=ON'\n"
        "curl 'http://10.0.0.5/outlet?2=CCL'\n"
        'curl --json \'{"go": "up", "speed": [5], "key": "abcd1234"}\' http://10.0.0.5/outlet\n'
    )
    names = {key: each.get("name") for key, each in own_of(text).items()}
    assert names == {
        "outlet": None,
        "outlet2Ccl": "Outlet 2 ccl",
        "outletUpSpeed5": "Outlet up speed 5",
    }


def test_the_ending_of_a_file_is_no_part_of_a_name() -> None:
    text = "curl http://10.0.0.5/rpc/Sys.GetStatus\ncurl http://10.0.0.5/status.cgi"
    assert {*values_of(import_curl(text))["requests"]} == {"sys_get_status", "status"}


@pytest.mark.parametrize(("port", "word"), [("PORT", "PORT"), ("<port>", "<port>"), ("$P", "P")])
def test_a_port_that_is_a_word_is_said(port: str, word: str) -> None:
    imported = import_curl(f"curl http://192.168.1.5:{port}/status")
    [note] = imported.notes
    assert str(note.reason) == f"{word} stands for a port: 80 is taken"
