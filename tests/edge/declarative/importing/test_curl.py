"""Command lines of curl, as API pages, browsers and forums show them."""

from contextlib import suppress
from typing import Any

from hypothesis import example, given, strategies as st
import pytest

from lan_edge import DescriptionError, NoteKind, description_text, import_curl
from lan_edge.declarative.importing.credentials import is_secret_field
from lan_edge.declarative.importing.places_to_fill import whole_place

from .imported import assert_described, described, notes_of, values_of

LEFT_OUT = NoteKind.LEFT_OUT
CHANGED = NoteKind.CHANGED


def button(values: dict[str, Any], name: str) -> Any:
    return values["components"]["main"]["own"][name]["button"]


REQUESTS: dict[str, tuple[str, dict[str, Any]]] = {
    "plain": ("curl http://192.168.1.40/api/status", {"get": "/api/status"}),
    "without a scheme": ("curl 192.168.1.40/status.json", {"get": "/status.json"}),
    "with a prompt": ("$ curl -s 'http://10.0.0.5/info'", {"get": "/info"}),
    "of PowerShell": ("PS C:\\> curl.exe -s http://10.0.0.5/info", {"get": "/info"}),
    "with --url": ("curl --request GET --url 'http://10.0.0.5/v1/data?'", {"get": "/v1/data"}),
    "with a method": ("curl -XGET 'http://10.0.0.5/v1/data'", {"get": "/v1/data"}),
    "with a query": (
        'curl "http://10.0.0.5/meter?unit=W&ch=1"',
        {"get": "/meter", "query": {"unit": "W", "ch": "1"}},
    ),
    "with an ampersand outside of quotes": (
        "curl http://10.0.0.5/meter?unit=W&ch=1",
        {"get": "/meter", "query": {"unit": "W", "ch": "1"}},
    ),
    "with -G": (
        "curl -G http://10.0.0.5/api/status --data-urlencode 'filter=alw,amp' -d ch=1",
        {"get": "/api/status", "query": {"filter": "alw,amp", "ch": "1"}},
    ),
    "with a header": (
        "curl http://10.0.0.5/x -H 'X-Requested-With: app'",
        {"get": "/x", "headers": {"X-Requested-With": "app"}},
    ),
    "with braces": (
        "curl -g 'http://10.0.0.5/q?f={a}'",
        {"get": "/q", "query": {"f": "{{a}}"}},
    ),
    "of what is controlled": (
        "curl http://10.0.0.5/control-status",
        {"get": "/control-status"},
    ),
    "of what is open": (
        "curl http://10.0.0.5/open/sensorData.json",
        {"get": "/open/sensorData.json"},
    ),
    "with dots in the path": ("curl http://10.0.0.5//a/./b/../c", {"get": "/a/c"}),
}


@pytest.mark.parametrize(("text", "request_"), REQUESTS.values(), ids=REQUESTS)
def test_what_reads(text: str, request_: dict[str, Any]) -> None:
    values = values_of(import_curl(text))
    assert list(values["requests"].values()) == [request_]
    [name] = values["requests"]
    [own] = values["components"]["main"]["own"].values()
    assert (own["text"], own["from"]) == (True, name)


COMMANDS: dict[str, tuple[str, dict[str, Any]]] = {
    "JSON": (
        (
            'curl -X POST -H "Content-Type: application/json" -d \'{"on": true, "t": [1, null]}\' '
            "http://10.0.0.5/relay"
        ),
        {"post": "/relay", "json": {"on": True, "t": [1, None]}},
    ),
    "JSON in double quotes": (
        'curl -d "{\\"on\\":true}" -H "Content-Type: application/json" http://10.0.0.5/relay',
        {"post": "/relay", "json": {"on": True}},
    ),
    "--json": ('curl --json \'{"a": "{b}"}\' 10.0.0.5/relay', {"json": {"a": "{{b}}"}}),
    "lines of bash": (
        (
            "curl -X PUT http://10.0.0.5/relay \\\n  -H 'Content-Type: application/json' \\\n"
            '  --data-raw $\'{"name": "it\\\'s"}\''
        ),
        {"put": "/relay", "json": {"name": "it's"}},
    ),
    "lines of Windows": (
        (
            'curl "http://10.0.0.5/relay" ^\r\n  -H "content-type: application/json" ^\r\n'
            '  --data-raw "{\\"on\\":true}"'
        ),
        {"post": "/relay", "json": {"on": True}},
    ),
    "newer lines of Windows": (
        (
            'curl ^"http://10.0.0.5/relay^" ^\n  -H ^"content-type: application/json^" ^\n'
            '  --data-raw ^"^{^\\^"on^\\^":true^}^"'
        ),
        {"post": "/relay", "json": {"on": True}},
    ),
    "lines of PowerShell": (
        (
            "curl.exe -X POST `\n  -d '{\"on\":true}' `\n -H 'Content-Type: application/json' "
            "http://10.0.0.5/relay"
        ),
        {"post": "/relay", "json": {"on": True}},
    ),
    "a form": (
        "curl -d 'state=1&name=a+b' -d c=%C3%BC http://10.0.0.5/relay",
        {"post": "/relay", "form": {"state": "1", "name": "a b", "c": "ü"}},
    ),
    "a form with parts": (
        "curl -F led=1 -F mode=x 10.0.0.5/relay",
        {"form": {"led": "1", "mode": "x"}},
    ),
    "text": (
        "curl -X PATCH -H 'Content-Type: text/plain' -d 'ON' http://10.0.0.5/relay",
        {"patch": "/relay", "text": "ON", "content_type": "text/plain"},
    ),
    "XML": (
        "curl -H 'Content-Type: text/xml' -d '<a x=\"1\"><b/></a>' http://10.0.0.5/relay",
        {"text": '<a x="1"><b/></a>', "content_type": "text/xml"},
    ),
    "a pipe in quotes": (
        "curl -X PUT -H 'Content-Type: text/plain' -d '|' http://10.0.0.5/relay",
        {"put": "/relay", "text": "|", "content_type": "text/plain"},
    ),
    "nothing": ("curl -X DELETE http://10.0.0.5/relay", {"delete": "/relay"}),
    "a GET that switches": (
        "curl 'http://10.0.0.5/relay?turn=toggle'",
        {"get": "/relay", "query": {"turn": "toggle"}},
    ),
}


@pytest.mark.parametrize(("text", "sent"), COMMANDS.values(), ids=COMMANDS)
def test_what_does_something(text: str, sent: dict[str, Any]) -> None:
    values = values_of(import_curl(text))
    made = button(values, "relay")
    assert "requests" not in values
    assert {name: made[name] for name in sent} == sent
    assert not {*made} - {*sent} - {"post", "put"}


def test_two_that_are_opposites_are_a_switch() -> None:
    text = (
        "curl -X POST -d '{\"on\": false}' http://10.0.0.5/api/relay\n"
        "curl -X POST -d '{\"on\": true}' http://10.0.0.5/api/relay\n"
        "curl http://10.0.0.5/cm?cmnd=Power%20On; curl http://10.0.0.5/cm?cmnd=Power%20off"
    )
    values = values_of(import_curl(text))
    main = values["components"]["main"]["switch"]
    assert (main["on"]["json"], main["off"]["json"]) == ({"on": True}, {"on": False})
    assert values["components"]["cm"]["switch"]["off"]["query"] == {"cmnd": "Power off"}
    assert values["confirm"] == "echo"


LOGINS: dict[str, tuple[str, dict[str, Any]]] = {
    "a user": (
        "curl -u admin:s3cret http://10.0.0.5/x",
        {"basic": {"username": "{username}", "password": "{password}"}},
    ),
    "digest": (
        "curl --digest --user 'admin:s3cret' http://10.0.0.5/x",
        {"digest": {"username": "{username}", "password": "{password}"}},
    ),
    "in the URL": (
        "curl http://admin:s3cret@10.0.0.5/x",
        {"basic": {"username": "{username}", "password": "{password}"}},
    ),
    "a header of Basic": (
        "curl -H 'Authorization: Basic YWRtaW46czNjcmV0' http://10.0.0.5/x",
        {"basic": {"username": "{username}", "password": "{password}"}},
    ),
    "a bearer": ("curl -H 'Authorization: Bearer s3cret' 10.0.0.5/x", {"bearer": "{token}"}),
    "--oauth2-bearer": ("curl --oauth2-bearer s3cret 10.0.0.5/x", {"bearer": "{token}"}),
}


@pytest.mark.parametrize(("text", "login"), LOGINS.values(), ids=LOGINS)
def test_a_login(text: str, login: dict[str, Any]) -> None:
    imported = import_curl(text)
    values = values_of(imported)
    assert values["login"] == login
    secret = "token" if "bearer" in login else "password"
    assert values["parameters"][secret]["kind"] == "secret"
    assert values["parameters"].get("username", {}).get("kind") is None
    assert_hidden(imported, "s3cret", "admin", "YWRtaW46czNjcmV0")


SECRETS = {
    "a header": "curl -H 'X-API-Key: s3cret' http://10.0.0.5/x",
    "a cookie": "curl -b 'sid=s3cret' http://10.0.0.5/x",
    "a query": "curl 'http://10.0.0.5/x?apikey=s3cret'",
    "a form": "curl -d 'password=s3cret' http://10.0.0.5/x",
    "JSON": 'curl -d \'{"auth": {"token": "s3cret"}}\' http://10.0.0.5/x',
    "a path": "curl http://10.0.0.5/api/s3cret9f8a7b6c5d4e3f2a1b0c/lights",
    "a text": "curl -X PUT -H 'Content-Type: text/plain' -d s3cret9f8a7b6c5d4e3f2a1b0c 10.0.0.5/x",
    "a variable": 'curl -H "Authorization: Bearer $S3CRET" http://$HOST/x',
}


def assert_hidden(imported: Any, *secrets: str) -> None:
    for draft in imported.drafts:
        text = description_text(draft.described("odd_one", "Odd one"))
        assert not [each for each in secrets if each in text]
    said = " ".join(note.place + note.reason for note in imported.notes)
    assert not [each for each in secrets if each in said]


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS)
def test_a_secret_is_a_parameter(text: str) -> None:
    imported = import_curl(text)
    [parameter] = values_of(imported)["parameters"].values()
    assert parameter["kind"] == "secret"
    assert_hidden(imported, "s3cret")


def test_what_is_no_secret_stays() -> None:
    values = values_of(import_curl("curl 'http://10.0.0.5/x?key=VOLUP&pin=5&user=1'"))
    [request] = values["requests"].values()
    assert request["query"] == {"key": "VOLUP", "pin": "5", "user": "1"}
    assert "parameters" not in values


def test_variables_are_parameters() -> None:
    text = 'curl "http://${IP}:8081/zone/$ZONE?t=%TOKEN%"'
    imported = import_curl(text)
    assert values_of(imported)["options"] == {"port": 8081}
    assert imported.drafts[0].host == ""
    [request] = imported.drafts[0].values["requests"].values()
    assert request == {"get": "/zone/{zone}", "query": {"t": "%TOKEN%"}}
    windows = values_of(import_curl('curl ^\n "http://10.0.0.5/x?t=%TOKEN%"'))
    assert windows["parameters"] == {"token": {"kind": "secret", "label": "TOKEN"}}


def test_how_it_talks() -> None:
    imported = import_curl("curl -k --max-time 4 https://box.local:8443/x")
    values = values_of(imported)
    assert imported.drafts[0].host == "box.local"
    assert values["options"] == {"port": 8443, "timeout": 4}
    assert values["tls"] == {"trust": "pin"}
    verified = values_of(import_curl("curl https://10.0.0.5/x"))
    assert (verified["tls"], verified.get("options")) == ({"trust": "verify"}, None)


def test_several_devices_and_requests() -> None:
    text = (
        "curl http://10.0.0.5/a http://10.0.0.6/b --next -d x=1 http://10.0.0.5/c\ncurl 10.0.0.5/a"
    )
    first, second = described(import_curl(text))
    assert (list(first.requests), list(second.requests)) == (["a"], ["b"])
    assert set(first.components["main"].own) == {"a", "c"}


def test_jq_says_what_is_read() -> None:
    text = "curl -s http://10.0.0.5/status | jq -r '.meters[0].\"to tal\"'"
    own = values_of(import_curl(text))["components"]["main"]["own"]
    assert [each["path"] for each in own.values()] == ['meters[0]["to tal"]']


def test_what_has_no_meaning_is_named() -> None:
    text = "curl -sSL --compressed -A Mozilla -o out.json -H 'Accept: */*' http://10.0.0.5/x | less"
    left_out = notes_of(import_curl(text), LEFT_OUT)
    assert {*left_out} == {
        *("--silent", "--show-error", "--location", "--compressed", "--user-agent", "--output"),
        *("curl", "less"),
    }
    assert "redirects" in left_out["--location"]


def test_what_is_not_understood_is_named() -> None:
    text = "wget x\ncurl --frob nicate -d @file.json -F f=@a.bin -x p:1 -H bad http://10.0.0.5/x"
    notes = notes_of(import_curl(text))
    assert {*notes} == {"wget", "--frob", "nicate", "--data", "--form", "--proxy", "--header"}
    assert "file" in notes["--data"]


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ("-d @body.json", {"post": "/set"}),
        ("-F file=@firmware.bin", {"post": "/set"}),
        ("-T firmware.bin", {"put": "/set"}),
        ("-X PATCH --data-binary @body", {"patch": "/set"}),
    ],
)
def test_what_would_send_a_file_reads_nothing(options: str, sent: dict[str, str]) -> None:
    values = values_of(import_curl(f"curl {options} http://10.0.0.5/set"))
    assert "requests" not in values
    assert button(values, "set") == sent


def test_what_is_set_at_the_same_path_is_read_by_get() -> None:
    get = "curl http://10.0.0.5/open-window"
    own = values_of(import_curl(get))["components"]["main"]["own"]
    assert own == {"openWindow": {"button": {"get": "/open-window"}}}
    assert "command" in notes_of(import_curl(get), CHANGED)["/open-window"]
    values = values_of(import_curl(f"{get}\n{get} --json '{{\"enabled\": true}}'"))
    assert [*values["requests"].values()] == [{"get": "/open-window"}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("'http://10.0.0.5/cm?cmnd=Power%20On'", "-d cmnd=Status http://10.0.0.5/cm"),
        ("'http://10.0.0.5/relay?turn=on'", "-X POST 'http://10.0.0.5/relay?turn=off'"),
        ("http://10.0.0.5/reboot", "-X POST http://10.0.0.5/reboot"),
        ("http://10.0.0.5/reset-all", "--json '{}' http://10.0.0.5/reset-all"),
        ("http://10.0.0.5/door/open", "--json '{\"speed\": 1}' http://10.0.0.5/door/open"),
        ("http://10.0.0.5/open-door", "-X POST http://10.0.0.5/open-door"),
        ("http://10.0.0.5/turn_on", "-d brightness=50 http://10.0.0.5/turn_on"),
        ("http://10.0.0.5/lightOn/1", "-d brightness=50 http://10.0.0.5/lightOn/1"),
        ("http://10.0.0.5/shutter-up", "-d speed=50 http://10.0.0.5/shutter-up"),
    ],
)
def test_what_may_do_something_is_not_read(one: str, other: str) -> None:
    assert "requests" not in values_of(import_curl(f"curl {one}\ncurl {other}"))


@pytest.mark.parametrize(
    "path",
    [
        *("resetSettings", "reset_stats", "resetStats.cgi", "toggleState", "restart/config"),
        *("set/state", "send-data", "status/on", "enableSensor"),
        *("door/unlock", "door/lock", "bell/ring", "alarm/arm", "config/clear", "firmware/update"),
    ],
)
def test_a_verb_is_a_command_whatever_is_beside_it(path: str) -> None:
    assert "requests" not in values_of(import_curl(f"curl http://10.0.0.5/{path}"))


@pytest.mark.parametrize(
    "path",
    [
        *("door?lock=0", "cgi?action=lock", "cgi?do=arm", "ctl?mute=1", "cgi?boost=1"),
        *("fw?update=now", "cgi?action=firmware_update", "cm?cmnd=Power%20On"),
        *("win&T=2", "roller/0?roller_pos=50", "light/0?brightness=50%25", "cgi?relay=true"),
        *("color/0?rgb=%23ff8000", "thermostat/0?target_t=21.5", "sound/+10"),
    ],
)
def test_what_is_done_or_set_by_a_query_is_a_command(path: str) -> None:
    assert "requests" not in values_of(import_curl(f"curl 'http://10.0.0.5/{path}'"))


@pytest.mark.parametrize(
    "path",
    [
        "GetInverterRealtimeData.cgi?Scope=Device&DeviceId=1&t=3",
        "log?days=2&limit=10",
        "status?ch=0",
        "api?token=12345",
    ],
)
def test_a_number_that_says_which_or_how_makes_no_command(path: str) -> None:
    assert values_of(import_curl(f"curl 'http://10.0.0.5/{path}'"))["requests"]


@pytest.mark.parametrize(
    "path", ["api/data?format=json", "sensors?update=1", "info?action=status", "heat/level"]
)
def test_a_word_that_says_how_it_is_read_makes_no_command(path: str) -> None:
    assert values_of(import_curl(f"curl 'http://10.0.0.5/{path}'"))["requests"]


def test_a_variable_in_a_command_is_named_as_it_is_written() -> None:
    [place] = notes_of(import_curl("curl http://10.0.0.5/$DEV/on"), CHANGED)
    assert place == "/$DEV/on"


def test_a_query_of_a_file_is_still_a_query() -> None:
    assert values_of(import_curl("curl -G -d @query http://10.0.0.5/x"))["requests"]


@pytest.mark.parametrize("before", ["TOKEN=abc ", "TOKEN=abc\n", "export TOKEN=abc A=1; sudo "])
def test_variables_that_are_assigned_are_parameters(before: str) -> None:
    imported = import_curl(f'{before}curl -H "X-Token: $TOKEN" http://10.0.0.5/x')
    assert values_of(imported)["parameters"] == {"token": {"kind": "secret", "label": "TOKEN"}}
    assert not notes_of(imported)


def test_a_zone_of_an_address() -> None:
    [draft] = import_curl("curl 'http://[fe80::1%25eth0]/status'").drafts
    assert draft.host == "fe80::1%eth0"


def test_what_is_changed_is_named() -> None:
    assert "JSON" in notes_of(import_curl("curl -d '{\"a\":1}' 10.0.0.5/x"), CHANGED)["--data"]
    assert "GET" in notes_of(import_curl("curl -I http://10.0.0.5/x"), CHANGED)["--head"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no command line of curl"),
        ("A=1", "no command line of curl"),
        ("hello", "is not curl"),
        ("curl", "has no URL"),
        ("curl ftp://10.0.0.5/x", "is not http"),
        ("curl http://10.0.0.5:99999/", "port"),
        ("curl 'http://a b/'", "host"),
        ("curl " + "x" * 70_000, "more than"),
    ],
)
def test_what_is_none_has_a_fault(text: str, reason: str) -> None:
    with pytest.raises(DescriptionError, match=reason):
        import_curl(text)


WORDS = st.sampled_from(
    ("curl", "-d", "-H", "-u", "-G", "-X", "a:b", "http://h/x", "'", '"', "\\", "^", "|", "$a", "{")
)


@given(st.lists(WORDS | st.text(max_size=8), max_size=12).map(" ".join))
def test_any_command_line_is_a_draft_or_has_a_fault(text: str) -> None:
    with suppress(DescriptionError):
        assert_described(import_curl(f"curl {text}"))


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=30))
@example("{A0}")
def test_any_text_is_sent_as_it_is(text: str) -> None:
    """A file that is to be sent and a place to fill are no texts."""
    quoted = "'" + text.replace("'", "'\\''") + "'"
    imported = import_curl(f"curl -X PUT -H 'Content-Type: text/plain' -d {quoted} 10.0.0.5/relay")
    if not text.startswith("@") and not whole_place(text):
        made = button(values_of(imported), "relay")
        clean = text.replace("\r\n", "\n").translate({0xE000: None, 0xE001: None})
        if clean:
            assert made["text"] == clean.replace("{", "{{").replace("}", "}}")


def test_characters_that_are_no_text_are_noted() -> None:
    with pytest.raises(DescriptionError):
        import_curl("curl http://10.0.0.5/x\ud800")


def test_the_value_of_which_nothing_is_known_is_named() -> None:
    [draft] = import_curl("curl http://10.0.0.5/status").drafts
    assert draft.whole_answers == ("main.own.status",)
    [draft] = import_curl("curl http://10.0.0.5/status | jq .power").drafts
    assert draft.whole_answers == ()


@pytest.mark.parametrize(
    ("name", "is_secret"),
    [
        ("loginpas", True),
        ("userpass", True),
        ("wifipwd", True),
        ("AdminPassword", True),
        ("dkey", True),
        ("authkey", True),
        ("usertoken", True),
        ("hotkey", False),
        ("keycode", False),
        ("bypass", False),
        ("compass", False),
        ("passes", False),
    ],
)
def test_a_name_that_is_run_together_may_be_that_of_a_secret(name: str, is_secret: bool) -> None:
    assert is_secret_field(name, "hunter") is is_secret


def test_a_key_in_the_query_is_asked_for() -> None:
    lines = [f"curl 'http://10.77.0.11/cc?dkey=opendoor&{each}=1'" for each in ("open", "close")]
    values = values_of(import_curl("\n".join(lines)))
    assert values["parameters"] == {"dkey": {"kind": "secret", "label": "dkey"}}
    assert "opendoor" not in str(values)
