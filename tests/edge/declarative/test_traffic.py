"""What a description sends, as users can read it."""

from lan_edge import read_description, traffic_of
from tests.drivers.described import text_of

from .texts import CHARGER, RECEIVER


def test_http() -> None:
    traffic = traffic_of(read_description(CHARGER))
    assert (traffic.talks, traffic.port, traffic.poll) == ("http", 80, 10)
    assert traffic.parameters == ("token", "fade")
    assert traffic.secrets == ("token",)
    assert traffic.login == ("bearer: {token}",)
    assert traffic.connected == ()
    assert traffic.read == ("GET /api/status?filter=alw,amp", "GET /meter")
    assert dict(traffic.commands) == {
        "main.switch.on": "GET /api/set?frc=0",
        "main.switch.off": "GET /api/set?frc=1",
        "main.switchLevel.setLevel": 'POST /api/set | {"bri": "{level}"}',
        "main.own.current.set": "GET /api/set?amp={value}",
        "main.own.reboot.button": "GET /api/set?rst=1",
        "outlet_1.switch.on.0": "GET /out/1",
        "outlet_1.switch.on.1": "GET /save",
        "outlet_1.switch.off": "GET /out/0",
    }


def test_the_path_before_all_others_and_all_parts_of_a_request() -> None:
    text = """\
description: 1
id: a
name: A
talks: http
options: {base: /v1}
login: {basic: {username: "{user}", password: "{password}"}}
parameters: {user: {}, password: {kind: secret}}
requests: {state: {get: /state, headers: {X-Kind: full}}}
components:
  main:
    own:
      note:
        text: true
        path: note
        set: {put: /note, text: "note={value}", content_type: text/plain}
      form: {button: {post: /form, form: {a: "1", b: "x y"}}}
"""
    traffic = traffic_of(read_description(text))
    assert traffic.login == ("basic: username: {user}, password: {password}",)
    assert traffic.read == ("GET /v1/state | X-Kind: full",)
    assert [sent for _, sent in traffic.commands] == [
        "PUT /v1/note | note={value}",
        "POST /v1/form | a=1&b=x+y",
    ]


def test_lines_have_no_path() -> None:
    traffic = traffic_of(read_description(RECEIVER))
    assert traffic.port == 60128
    assert traffic.talks == "lines"
    assert all(" | " not in each for each in traffic.read)


def test_other_messages() -> None:
    text = """\
description: 1
id: a
name: A
talks: {talks}
requests: {{state: {request}}}
components:
  main: {{own: {{press: {{button: {sending}}}}}}}
"""
    for talks, sending, shown in (
        ("json_rpc", "{call: set_power, params: [true]}", "set_power [true]"),
        ("json_rpc", "{call: toggle}", "toggle"),
        ("websocket", '{message: {"on": "é"}}', '{"on": "é"}'),
        ("udp", "{bytes: 55 AA}", "55 AA"),
    ):
        filled = text.format(talks=talks, request=sending, sending=sending)
        traffic = traffic_of(read_description(filled))
        assert traffic.read == (shown,)
        assert traffic.commands == (("main.own.press.button", shown),)


def test_what_is_never_read_and_what_is_long() -> None:
    long = CHARGER.replace("poll: 10", "poll: never").replace("/api/status", f"/{'x' * 400}")
    traffic = traffic_of(read_description(long))
    assert traffic.poll is None
    assert traffic.read[0].endswith("x…")
    assert len(traffic.read[0]) < 400


def test_a_login_by_a_request() -> None:
    traffic = traffic_of(read_description(text_of("session_switch")))
    assert traffic.login == (
        'session: POST /login | {"user": "{user}", "password": "{password}"}',
        "bearer: {token}",
    )


def test_a_login_on_a_connection() -> None:
    text = """\
description: 1
id: a
name: A
talks: lines
options: {port: 23}
parameters: {password: {kind: secret}}
login:
  send:
  - {line: "LOGIN {password}", answered: welcome}
  - {line: HELLO}
messages: {welcome: {pattern: WELCOME}}
requests: {power: {line: "PWR?"}}
components: {main: {own: {power: {number: true, from: power}}}}
"""
    assert traffic_of(read_description(text)).login == ("LOGIN {password}", "HELLO")


IDENTIFYING = """\
description: 1
id: a
name: A
talks: {talks}
requests: {{info: {{{info}}}, state: {{{state}}}}}
identity: {{from: info, path: id}}
device: {{firmware: {{from: info, path: fw}}}}
components: {{main: {{own: {{note: {{text: true, from: {source}, path: note}}}}}}}}
{more}
"""


def test_what_only_says_who_the_device_is_is_not_read_again_and_again() -> None:
    http = {"talks": "http", "info": "get: /info", "state": "get: /state", "more": ""}
    traffic = traffic_of(read_description(IDENTIFYING.format(**http, source="state")))
    assert (traffic.identifying, traffic.read) == (("GET /info",), ("GET /state",))
    traffic = traffic_of(read_description(IDENTIFYING.format(**http, source="info")))
    assert (traffic.identifying, traffic.read) == ((), ("GET /info", "GET /state"))


def test_a_device_that_reports_by_itself_is_asked_who_it_is_to_be_read() -> None:
    text = """\
description: 1
id: a
name: A
talks: lines
options: {port: 1234}
requests: {info: {line: "INFO?"}}
messages: {note: {pattern: 'NOTE .{0,40}'}}
identity: {from: info}
components: {main: {own: {note: {text: true, from: note}}}}
"""
    traffic = traffic_of(read_description(text))
    assert (traffic.identifying, traffic.read) == ((), ("INFO?",))
