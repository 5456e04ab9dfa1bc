"""A text as a description: what its fields become, and what is said of those that are wrong."""

from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest
import voluptuous as vol

from lan_edge import Confirm
from lan_edge.declarative.description import ParameterKind, Product, ValueKind
from lan_edge.declarative.load import description_of, read_description
from lan_edge.declarative.places import DescriptionError, Fault
from lan_edge.declarative.reading import ByteType
from lan_edge.declarative.schema import compound, shapes
from lan_edge.declarative.schema.wrong import nearest
from lan_edge.declarative.text import text_of, values_of

from .texts import CHARGER, RECEIVER, SENSOR, TEXTS, faults_of, said


def test_a_charger() -> None:
    charger = read_description(CHARGER)
    assert (charger.id, charger.name, charger.talks) == ("go_e_charger", "go-e Charger", "http")
    assert charger.products == (Product("go-e", "Gemini"),)
    token, fade = charger.parameters["token"], charger.parameters["fade"]
    assert (token.kind, token.asked, token.required) == (ParameterKind.SECRET, True, False)
    assert (fade.kind, fade.asked, fade.default, fade.maximum) == ("number", False, 0.5, 30)
    assert charger.found_by[0]["mdns"] == "_go-e._tcp.local."
    assert charger.options == {"port": 80, "timeout": 5, "pace": {"gap": 0.5}}
    assert charger.login == {"bearer": "{token}"}
    assert (charger.poll, charger.confirm) == (10, Confirm.READ)
    status, meter = charger.requests["status"], charger.requests["meter"]
    assert (status.sending.method, status.sending.path) == ("GET", "/api/status")
    assert (status.optional, meter.optional) == (False, True)
    assert charger.identity is not None
    assert (charger.identity.source, charger.identity.path) == ("status", "sse")
    assert charger.details["firmware"].path == "fwv"
    main, outlet = charger.components["main"], charger.components["outlet_1"]
    switch, level = main.capabilities
    assert switch.commands["on"][0].query == {"frc": "0"}
    assert level.attributes["level"].conversion.scale == 0.5
    assert level.commands["setLevel"][0].body.json == {"bri": "{level}"}
    current, car, reboot = main.own["current"], main.own["car"], main.own["reboot"]
    assert (current.minimum, current.maximum, current.unit) == (6, 32, "A")
    assert car.choices == {"1": "idle", "2": "charging"}
    assert (reboot.kind, reboot.set[0].query) == (ValueKind.BUTTON, {"rst": "1"})
    assert (outlet.name, outlet.child) == ("Outlet 1", True)
    assert outlet.capabilities[0].attributes["switch"].conversion.map == {"ON": True, "OFF": False}
    assert [each.wait for each in outlet.capabilities[0].commands["on"]] == [0, 1]
    assert charger.places.line(("components", "main", "own", "car", "path")) == 39


def test_lines_and_frames() -> None:
    receiver, sensor = read_description(RECEIVER), read_description(SENSOR)
    assert receiver.connected[0].line == "SUB ALL"
    assert receiver.messages["volume"].pattern == r"VOL(?P<volume>\d{1,3})"
    assert receiver.messages["state"].equals == "state"
    assert receiver.refused is not None
    assert receiver.options["delimiter"] == "\r\n"
    assert sensor.options["framer"] == {"size": 2, "start": "AA55"}
    reading = sensor.components["main"].capabilities[0].attributes["temperature"]
    assert (reading.bytes_at, reading.bytes_type) == (2, ByteType.I16BE)


def test_an_attribute_that_never_changes() -> None:
    text = CHARGER.replace(
        "    switchLevel:\n",
        "    thermostatMode:\n      thermostatMode: {from: status, path: mode}\n"
        "      supportedThermostatModes: {fixed: [heat, off]}\n"
        "      setThermostatMode: {get: '/mode/{mode}'}\n    switchLevel:\n",
    )
    mode = read_description(text).components["main"].capabilities[1]
    assert mode.fixed == {"supportedThermostatModes": ("heat", "off")}


def test_a_command_that_is_called_as_its_attribute() -> None:
    lock = (
        "    lock:\n      lock: {from: status, path: lck}\n      lock(): {get: /lock}\n"
        "      unlock: {get: /unlock}\n    own:\n"
    )
    text = CHARGER.replace("    own:\n", lock)
    assert set(read_description(text).components["main"].capabilities[2].commands) == {
        "lock",
        "unlock",
    }
    line = CHARGER.splitlines().index("    own:") + 2
    wrong = text.replace("lock: {from: status, path: lck}\n      lock(): ", "lock: ")
    assert said(wrong)[0] == (
        f"{line}: components.main.lock.lock is an attribute, where it is read from: "
        "write the command as `lock()`"
    )


WRONG = [
    ("components:", "conponents:", "23: conponents is an unknown field: did you mean components"),
    ("id: go_e_charger", "id: Go-E", "2: id is 'Go-E', not lowercase letters, digits and _"),
    ("name: go-e Charger\n", "", "1: name is missing: write `name: ...`"),
    ("description: 1", "description: 2", "1: description is not a version of this format"),
    ("name: go-e Charger\n", "name: ' '\n", "3: name is ' ', not a name in one line"),
    ("talks: http", "talks: https", "12: talks is 'https': did you mean http?"),
    ("port: 80", "port: '80'", "13: options.port is '80', not a whole number: remove the quotes"),
    ("timeout: 5", "timout: 5", "13: options.timout is an unknown field: did you mean timeout"),
    ("port: 80", "port: 65536", "13: options.port is 65536, not 1 to 65535"),
    ("timeout: 5", "timeout: 0", "13: options.timeout is 0, not 0.1 to 300"),
    ("timeout: 5", "limit: 1e9", "13: options.limit is 1e+09, not 1 to 1.6"),
    ("pace: {gap: 0.5}", "pace: 2", "14: pace is 2, not a mapping: write fields below it"),
    ("gap:", "gab:", "14: pace.gab is an unknown field: did you mean gap?"),
    ("bearer:", "bear:", "15: login.bear is an unknown field: did you mean bearer?"),
    ("poll: 10", "poll: soon", "16: poll is 'soon', not a number"),
    ("poll: 10", "poll: 0", "16: poll is 0, not 0.5 to 86400"),
    (
        "poll: 10",
        "refused: {unless: 1, pattern: x}",
        "16: refused.unless is only for a message with when: write what is read",
    ),
    (
        "poll: 10",
        "refused: {when: {path: a}, equals: 1, unless: 2}",
        "16: refused.unless cannot be there beside equals: use one of them",
    ),
    (
        "poll: 10",
        "refused: {when: {path: a}, unless: [1]}",
        "16: refused.unless is [1], not a text",
    ),
    ("poll: 10", "messages: {a: {when: {path: a}, unless: 1}}", "16: messages.a.unless is an unk"),
    ("confirm: read", "confirm: reed", "17: confirm is 'reed': did you mean read?"),
    ("_go-e._tcp.local.", "_go-e", "11: found_by[0] Mdns: '_go-e' is not a service type: write it"),
    (
        "_go-e._tcp.local.",
        "_http._tcp.local.",
        "11: found_by[0] Mdns: _http._tcp.local. is",
    ),
    ("{mdns: _go-e._tcp.local.,", "{dhcp: '*',", "11: found_by[0] Dhcp: it matches every device"),
    ("txt[serial]", "text[serial]", "11: found_by[0] Mdns: the template '{text[serial]}' cannot"),
    ("mdns:", "mdsn:", "11: found_by[0] does not say how it is found: use one of mdns"),
    ("kind: secret", "kind: choice", "7: parameters.token.choices is missing: write the possible"),
    ("default: 0.5", "default: 50", "9: settings.fade.default is 50, not 0 to 30"),
    (
        "  token: {",
        "  Token: {",
        "7: parameters.Token is not a possible name: use lowercase letters",
    ),
    ("  fade: {", "  token: {", "9: settings.token is a parameter already: give one of them an"),
    ("  fade: {", "  level: {", "9: settings.level is also an argument of switchLevel: give the"),
    ("  fade: {", "  class: {", "9: settings.class is a word with a meaning of its own: give it"),
    ("get: /api/status,", "", "19: requests.status does not say what is sent: use one of get"),
    ("get: /api/status", "get: 'http://a/b'", "19: requests.status.get is 'http://a/b', not a pa"),
    ("get: /api/status", "get: //a/b", "19: requests.status.get is '//a/b', not a path that begi"),
    ("get: /meter", "get: /a, put: /b", "20: requests.meter.put cannot be there beside get: send"),
    (
        "get: /meter",
        "line: x",
        "20: requests.meter cannot be sent by http: write one of these: get,",
    ),
    ("path: sse}", "pth: sse}", "21: identity.pth is an unknown field: did you mean path?"),
    ("from: status, path: sse", "path: sse", "21: identity does not say what it is read from: wr"),
    (
        "from: status, path: sse",
        "from: x",
        "21: identity.from x is not a request or a message: use o",
    ),
    ("path: alw", "path: alw, xml: a", "26: components.main.switch.switch.xml cannot be there be"),
    (
        "    switch:\n",
        "    swich:\n",
        "25: components.main.swich is not a capability: did you mean",
    ),
    ("off: {get: /api/set", "of: {get: /api/set", "28: components.main.switch.of is an unknown"),
    ("on: {get: /api/set, query: {frc: 0}}", "", "25: components.main.switch lacks on: write what"),
    ("switch: {from: status, path: alw}", "", "25: components.main.switch sets switch, which is"),
    ("round: 0", "round: x", "30: components.main.switchLevel.level.round is 'x', not a whole"),
    ("scale: 0.5", "scale: 0", "30: components.main.switchLevel.level.scale is 0: write what the"),
    ("number: [6, 32]", "number: [32, 6]", "34: components.main.own.current.number begins with"),
    ("unit: A", "unti: A", "35: components.main.own.current.unti is an unknown field:"),
    (
        "      car: {choice",
        "      car_2: {choice",
        "39: components.main.own.car_2 is not a possibl",
    ),
    (
        "      car: {choice",
        "      c_x: {choice",
        "39: components.main.own.c_x is not a possible name: write it in camelCase, as in cX",
    ),
    ("choice: {1: idle, 2: charging}", "unit: A", "39: components.main.own.car does not say what"),
    ("choice: {1: idle, 2: charging}", "text: true, unit: A", "39: components.main.own.car.unit"),
    ("rst: 1}}", "rst: 1}}, path: x", "40: components.main.own.reboot.path is not for a button: r"),
    ("OFF: false", "OFF: 2", "45: components.outlet_1.switch.switch.map.OFF 2 is not true or fa"),
    ("{get: /save, wait: 1}", "{wait: 1}", "46: components.outlet_1.switch.on[1] does not say wh"),
    ("path: alw", "path: a..b", "26: components.main.switch.switch.path"),
    ("path: alw", "pattern: '('", "26: components.main.switch.switch.pattern"),
    ("path: alw", "template: value.x", "26: components.main.switch.switch.template"),
    (
        "{level}",
        "{levl}",
        "31: components.main.switchLevel.setLevel.json.bri has an unknown {levl}",
    ),
    ("{level}", "{level:q}", "31: components.main.switchLevel.setLevel.json"),
    ("child: true", "child: maybe", "43: components.outlet_1.child is 'maybe', not true or false"),
]


UNREAD = [
    ("  fade: {", "  identity: {", "9: settings.identity is a word with a meaning of its own: gi"),
    ("  fade: {", "  number: {", "9: settings.number is a word with a meaning of its own: give"),
    ("      current:\n", "      attributes:\n", "33: components.main.own.attributes would make"),
    ("reboot: {", "setCurrent: {", "33: components.main.own.current would make setCurrent, whi"),
    ("reboot: {", "id: {", "40: components.main.own.id would make id, which there is already: g"),
    ("current:\n", "carChoices:\n", "39: components.main.own.car would make carChoices, which"),
    ("path: alw", "template: value ~ token", "26: components.main.switch.switch.template"),
    ("timeout: 5", "base: //other", "13: options.base is '//other', not a path: begin it with"),
    ("timeout: 5", "base: '@other/'", "13: options.base is '@other/', not a path: begin it with"),
    ("timeout: 5", "base: /a/..", "13: options.base the path '/a/..' has a part that is only"),
    ("timeout: 5", "headers: {Host: x}", "13: options.headers.Host is not a header that can be"),
    ("timeout: 5", 'headers: {X: "a\\nB: c"}', "13: options.headers.X has a line break or anoth"),
    ('{bearer: "{token}"}', '{header: {"X\\r\\nHost": a}}', "15: login.header.X"),
    (
        '{bearer: "{token}"}',
        "{token: {path: t}}",
        "15: login.token is only beside a session: write `session:`",
    ),
    (
        '{bearer: "{token}"}',
        "{session: {post: /l}, token: {path: t, header: X-T}}",
        "15: login.token.path cannot be there beside header: remove one of them",
    ),
    (
        '{bearer: "{token}"}',
        "{session: {post: /l}, token: {header: X T}}",
        "15: login.token.header is 'X T', not the name of a header",
    ),
    (
        '{bearer: "{token}"}',
        "{session: {post: /l}, token: {path: t}, digest: {username: a, password: b}}",
        "15: login.digest cannot be there beside session: use one way",
    ),
    (
        '{bearer: "{token}"}',
        '{session: {post: /l}, token: {path: t}, bearer: "{token}", query: {t: "{token}"}}',
        "15: login.query cannot be there beside bearer: use one way",
    ),
    (
        '{bearer: "{token}"}',
        '{session: {post: /l}, bearer: "{token}"}',
        "15: login.bearer cannot be there beside session: use one way",
    ),
    (
        '{bearer: "{token}"}',
        "{session: {post: /l}, token: {path: t}}",
        "7: parameters.token is also what the session gives: give the parameter another name",
    ),
    (
        '{bearer: "{token}"}',
        "{session: {post: /l}, token: {path: t}, header: {X-T: no}}",
        "15: login.token is not sent anywhere: write {token} where it is sent",
    ),
    (
        '{bearer: "{token}"}',
        "{session: {post: '/{pin}'}, token: {path: t, from: status}, header: {X: '{tokn}{a'}}",
        "15: login.token.from is only for what is read: remove it",
    ),
    (
        '{bearer: "{token}"}',
        "{session: {post: '/{pin}'}}",
        "15: login.session.post has an unknown {pin}: use ",
    ),
    (
        '{bearer: "{token}"}',
        "{session: {post: /l}, token: {path: t}, header: {X: '{a'}}",
        "15: login.header.X ",
    ),
    (
        '{bearer: "{token}"}',
        "{session: {post: /l}, token: {path: 't['}}",
        "15: login.token.path ",
    ),
    ('{bearer: "{token}"}', "{session: {line: X}}", "15: login.session cannot be sent by http"),
    ("get: /meter", "get: '/{identity}'", "20: requests.meter.get has an unknown {identity}"),
    (
        "        path: amp\n",
        "        path: amp\n        assumed: true\n",
        "38: components.main.own.cur",
    ),
    (
        "        from: status\n        path: amp\n",
        "",
        "33: components.main.own.current is set, but",
    ),
]
"""What does not go together, which an editor cannot see."""


@pytest.mark.parametrize(
    ("right", "wrong", "expected"), [*WRONG, *UNREAD], ids=[each[1] for each in (*WRONG, *UNREAD)]
)
def test_what_is_wrong_is_said(right: str, wrong: str, expected: str) -> None:
    assert right in CHARGER
    found = said(CHARGER.replace(right, wrong, 1))
    assert any(each.startswith(expected) for each in found), found


def test_components_whose_values_would_be_one() -> None:
    more = "    own: {x: {text: true, from: status, path: x}}\n"
    text = CHARGER + more + "  outlet1:\n" + more
    line = len(CHARGER.splitlines()) + 2
    assert said(text) == [
        f"{line}: components.outlet1 is too much like outlet_1: give one of them another name"
    ]


def test_few_of_many_unknown_fields_are_compared_with_the_known_ones() -> None:
    with pytest.raises(vol.MultipleInvalid) as caught:
        compound.FieldSet({})({f"k{number}": 1 for number in range(5000)})
    assert len(caught.value.errors) == 50
    assert nearest("x" * 10_000, ["x" * 10_001]) == ""


@pytest.mark.parametrize("pattern", ["(", "(a+)+b", "x" * 300])
def test_a_pattern_of_a_message_is_safe(pattern: str) -> None:
    text = RECEIVER.replace(r"VOL(?P<volume>\d{1,3})", pattern)
    assert [fault.place for fault in faults_of(text)] == ["messages.volume.pattern"]
    text = RECEIVER.replace("HELLO.*", pattern)
    assert [fault.place for fault in faults_of(text)] == ["options.greeting"]


def test_all_that_is_wrong_is_said_at_once_and_nothing_else() -> None:
    text = CHARGER
    for right, wrong in (
        ("components:", "conponents:"),
        ("poll: 10", "poll: soon"),
        ("from: status, path: alw", "from: sttus, path: alw"),
        ("level: {from", "levl: {from"),
        ("parameters:\n", "parameters: &x\n"),
    ):
        text = text.replace(right, wrong, 1)
    assert [(fault.line, fault.place) for fault in faults_of(text)] == [
        (6, "parameters"),
        (16, "poll"),
        (23, "conponents"),
        (26, "conponents.main.switch.switch.from"),
        (30, "conponents.main.switchLevel.levl"),
    ]


@pytest.mark.parametrize("text", ["", "[]", "5", "a", "{}", "description: 1", "components: 5"])
def test_what_is_no_description_at_all(text: str) -> None:
    assert faults_of(text)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_description_is_the_same_once_it_was_written(text: str) -> None:
    values, places = values_of(text)
    again, _ = values_of(text_of(values))
    assert description_of(again, places) == description_of(values, places)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


def fields_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of all fields in values."""
    keys = (
        value.keys()
        if isinstance(value, dict)
        else range(len(value) if isinstance(value, list) else 0)
    )
    return [path, *(each for key in keys for each in fields_in(value[key], (*path, key)))]


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_change_ends_in_a_description_or_in_faults_at_fields(data: st.DataObject) -> None:
    values, _ = values_of(data.draw(st.sampled_from([*TEXTS.values()])))
    for _ in range(data.draw(st.integers(1, 3))):
        *around, key = data.draw(st.sampled_from(fields_in(values)[1:]))
        place: Any = values
        for each in around:
            place = place[each]
        place[key] = data.draw(JSON)
    faults: tuple[Fault, ...] = ()
    try:
        description_of(values)
    except DescriptionError as err:
        faults = err.faults
    assert all(fault.reason and len(fault.reason) < 500 for fault in faults)


def test_a_field_takes_what_its_shape_says() -> None:
    assert shapes.Flag()("on") is True
    assert shapes.Text(loose=True)(5) == "5"
    assert shapes.Number(fillable=True)("{port}") == "{port}"
    assert nearest("SWICH", ["switch", "lock"]) == "switch"


def test_a_text_of_another_form_has_no_words_for_it() -> None:
    with pytest.raises(vol.Invalid, match="is 'x1', which is not of the right form"):
        shapes.Text(9, "[a-z]+")("x1")


def test_a_session_is_only_for_http() -> None:
    text = RECEIVER.replace("requests:\n", "login: {session: {line: LOGIN}}\nrequests:\n", 1)
    assert "7: login.session is only for HTTP: use `send`, for a login on the connection" in said(
        text
    )
