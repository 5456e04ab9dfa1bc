"""A draft, to which one thing after another is added, and what becomes of it."""

from dataclasses import replace
from typing import Any

import pytest

from lan_edge import (
    DescriptionDraft,
    DraftLogin,
    DraftThing,
    ThingKind,
    compile_description,
    read_description,
)
from lan_edge.declarative.reading.reader import reader_of
from lan_edge.declarative.reading.received import Received

STATUS = {"from": "status", "path": "on"}
ON, OFF = {"get": "/on"}, {"get": "/off"}


def relay(kind: ThingKind = ThingKind.SWITCH, name: str = "") -> DraftThing:
    return DraftThing(kind, name, reading=dict(STATUS), commands={"on": ON, "off": OFF})


def shade(name: str, state: dict[str, Any]) -> DraftThing:
    made = DraftThing(ThingKind.COVER, name, reading=state, can_stop=True)
    made.level = {"from": "status", "path": "position"}
    made.commands = {name: {"get": f"/{name}"} for name in ("open", "close", "stop")}
    made.commands["level"] = {"get": "/go", "query": {"to": "{value}"}}
    return made


def heater() -> DraftThing:
    made = DraftThing(ThingKind.CLIMATE, "Heater", reading={"from": "status", "path": "target"})
    made.current = {"from": "status", "path": "now"}
    made.mode = {"from": "status", "path": "mode", "map": {"0": "off", "1": "heat"}}
    made.minimum, made.maximum = 5, 30
    made.commands["temperature"] = {"get": "/set", "query": {"t": "{value}"}}
    made.commands["mode"] = {"get": "/set", "query": {"mode": "{value}"}}
    return made


@pytest.fixture
def draft() -> DescriptionDraft:
    made = DescriptionDraft()
    made.connect(port=8080, tls=False)
    made.ask({"get": "/status"})
    made.name("Relay", "", "", "")
    return made


def test_every_kind_compiles(draft: DescriptionDraft) -> None:
    draft.add(relay())
    lamp = relay(ThingKind.LIGHT, "Lamp")
    lamp.level = {**STATUS, "path": "bri", "scale": 0.392157, "round": 0}
    lamp.commands["level"] = {"post": "/set", "json": {"bri": "{value}"}}
    draft.add(lamp)
    for kind in (ThingKind.SENSOR, ThingKind.BINARY_SENSOR):
        draft.add(DraftThing(kind, str(kind), reading=dict(STATUS)))
    sets: dict[str, Any] = {"set": {"get": "/set", "query": {"x": "{value}"}}}
    number = DraftThing(ThingKind.NUMBER, "Current", reading=dict(STATUS), commands=sets)
    number.minimum, number.maximum, number.unit = 6, 32, "A"
    draft.add(number)
    select = DraftThing(ThingKind.SELECT, "Mode", reading=dict(STATUS), commands=sets)
    select.choices = {"1": "Eco", "2": "Fast"}
    draft.add(select)
    draft.add(DraftThing(ThingKind.TEXT, "Label", reading=dict(STATUS), commands=sets))
    draft.add(DraftThing(ThingKind.BUTTON, "Restart", commands={"press": {"get": "/rst"}}))
    draft.add(shade("Shade", dict(STATUS)))
    draft.add(heater())
    driver = compile_description(read_description(draft.text()))
    assert set(driver.profile.components) == {"main", "lamp", "shade", "heater"}
    assert [kind for kind, _ in draft.things.values()] == [
        ThingKind.SWITCH,
        ThingKind.SENSOR,
        ThingKind.BINARY_SENSOR,
        ThingKind.NUMBER,
        ThingKind.SELECT,
        ThingKind.TEXT,
        ThingKind.BUTTON,
        ThingKind.LIGHT,
        ThingKind.COVER,
        ThingKind.CLIMATE,
    ]
    level = draft.values["components"]["lamp"]["switchLevel"]
    assert level["setLevel"] == {"post": "/set", "json": {"bri": "{level}"}}


def test_names_are_apart(draft: DescriptionDraft) -> None:
    for name in ("", "Outlet 1", "Outlet 1", "Büro"):
        draft.add(relay(name=name))
    assert list(draft.things) == ["main", "outlet_1", "outlet_12", "buro"]


@pytest.mark.parametrize("place", ["main", "outlet_1", "main.own.power"])
def test_what_is_removed_is_gone_and_the_rest_stays(draft: DescriptionDraft, place: str) -> None:
    draft.add(relay())
    draft.add(relay(name="Outlet 1"))
    draft.add(DraftThing(ThingKind.SENSOR, "Power", reading=dict(STATUS)))
    before = draft.things
    draft.remove(place)
    assert draft.things == {key: each for key, each in before.items() if key != place}
    draft.described()


def test_all_can_be_removed(draft: DescriptionDraft) -> None:
    draft.add(relay())
    draft.remove("main")
    assert draft.things == {}


@pytest.mark.parametrize(
    ("login", "label"), [("basic", "Password"), ("digest", "Password"), ("bearer", "Token")]
)
def test_a_login_is_parameters_and_never_in_the_text(
    draft: DescriptionDraft, login: str, label: str
) -> None:
    draft.add(relay())
    draft.connect(port=0, tls=True)
    draft.log_in(DraftLogin(login))
    assert draft.login == DraftLogin(login)
    parameter = draft.described().parameters["password"]
    assert (parameter.kind, parameter.label) == ("secret", label)
    compile_description(draft.described())
    draft.log_in(DraftLogin())
    assert not draft.described().parameters
    assert not draft.described().login


@pytest.mark.parametrize(
    ("on", "off", "conversion"),
    [
        ("", "", {}),
        ("open", "closed", {"map": {"open": True, "closed": False}}),
        ("open", "", {"template": "(value | string) == 'open'"}),
        ("", "0", {"template": "(value | string) != '0'"}),
        ("open; ajar", "no", {"map": {"open": True, "ajar": True, "no": False}}),
        ("open;ajar;", "", {"template": "(value | string) in ['open', 'ajar']"}),
        ("", "0; 2", {"template": "(value | string) not in ['0', '2']"}),
    ],
)
def test_what_means_on(
    draft: DescriptionDraft, on: str, off: str, conversion: dict[str, Any]
) -> None:
    thing = relay()
    thing.reading |= DescriptionDraft.truth(on, off)
    assert thing.reading == {**STATUS, **conversion}
    draft.add(thing)
    compile_description(draft.described())


def test_a_request_is_asked_once(draft: DescriptionDraft) -> None:
    assert draft.ask({"get": "/status"}) == "status"
    assert draft.ask({"get": "/api/meter", "query": {"unit": "W"}}) == "meter"
    assert draft.ask({"get": "/meter"}) == "meter2"
    assert list(draft.requests) == ["status", "meter", "meter2"]
    assert DescriptionDraft().ask({"get": "/control-status"}) == "control_status"
    assert DescriptionDraft().ask({"get": "/"}) == "status"


def test_a_shade_is_stopped_and_moved_only_if_it_can_be(draft: DescriptionDraft) -> None:
    assert shade("", {}).command_names == ("open", "close", "stop", "level")
    simple = DraftThing(ThingKind.COVER, "", reading=dict(STATUS))
    assert simple.command_names == ("open", "close")
    simple.commands = {"open": ON, "close": OFF}
    draft.add(simple)
    assert draft.values["components"]["main"] == {
        "windowShade": {"windowShade": STATUS, "open": ON, "close": OFF}
    }
    draft.described()


def test_the_kind_of_a_cover_is_the_category_of_its_component(draft: DescriptionDraft) -> None:
    awning = shade("", {})
    awning.device_class = "awning"
    draft.add(awning)
    [component] = draft.described().components.values()
    assert component.category == "awning"
    [place] = draft.things
    before = draft.thing(place)
    assert before.device_class == "awning"
    draft.change(place, before, replace(before, device_class=""))
    assert "category" not in draft.values["components"][place]


def test_a_position_says_whether_a_shade_is_open(draft: DescriptionDraft) -> None:
    draft.add(shade("", {}))
    [component] = draft.described().components.values()
    state = component.capabilities[0].attributes["windowShade"]
    read = reader_of(state)
    assert [read(Received(f'{{"position": {n}}}')) for n in (0, 1, 100)] == [
        "closed",
        "open",
        "open",
    ]


@pytest.mark.parametrize(
    ("modes", "kind"),
    [
        ({}, "Heating"),
        ({"0": "off", "1": "cool"}, "Cooling"),
        ({"1": "cool", "2": "heat"}, "Heating"),
        ({"1": "cool", "2": "auto"}, "Heating"),
    ],
)
def test_what_only_cools_has_a_target_for_cooling(
    draft: DescriptionDraft, modes: dict[str, str], kind: str
) -> None:
    thing = heater()
    thing.mode = {**thing.mode, "map": modes} if modes else {}
    assert thing.command_names == (("temperature", "mode") if modes else ("temperature",))
    draft.add(thing)
    [component] = draft.values["components"].values()
    assert f"thermostat{kind}Setpoint" in component
    assert ("thermostatMode" in component) == bool(modes)
    compile_description(draft.described())


def test_the_device_itself_keeps_its_values_when_it_becomes_a_switch(
    draft: DescriptionDraft,
) -> None:
    draft.add(DraftThing(ThingKind.SENSOR, "Power", reading=dict(STATUS)))
    draft.add(relay())
    assert list(draft.things) == ["main", "main.own.power"]


def test_a_draft_has_its_messages_from_before_again() -> None:
    draft = DescriptionDraft()
    before = draft.text()
    draft.messages = {"status": {"pattern": "VOLUME .{0,400}"}}
    assert "status" in draft.messages
    draft.messages = {}
    assert draft.text() == before
    assert "messages" not in draft.values
