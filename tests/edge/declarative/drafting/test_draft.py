"""A draft, to which one thing after another is added, and what becomes of it."""

from typing import Any

import pytest

from lan_edge import (
    DescriptionDraft,
    DraftThing,
    ThingKind,
    compile_description,
    read_description,
)

STATUS = {"from": "status", "path": "on"}
ON, OFF = {"get": "/on"}, {"get": "/off"}


def relay(kind: ThingKind = ThingKind.SWITCH, name: str = "") -> DraftThing:
    return DraftThing(kind, name, reading=dict(STATUS), commands={"on": ON, "off": OFF})


@pytest.fixture
def draft() -> DescriptionDraft:
    made = DescriptionDraft()
    made.connect(port=8080, tls=False, login="")
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
    driver = compile_description(read_description(draft.text()))
    assert set(driver.profile.components) == {"main", "lamp"}
    assert [kind for kind, _ in draft.things.values()] == [
        ThingKind.SWITCH,
        ThingKind.SENSOR,
        ThingKind.BINARY_SENSOR,
        ThingKind.NUMBER,
        ThingKind.SELECT,
        ThingKind.TEXT,
        ThingKind.BUTTON,
        ThingKind.LIGHT,
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


@pytest.mark.parametrize("login", ["basic", "digest", "bearer"])
def test_a_login_is_parameters_and_never_in_the_text(draft: DescriptionDraft, login: str) -> None:
    draft.add(relay())
    draft.connect(port=0, tls=True, login=login)
    assert draft.login == login
    assert draft.described().parameters["password"].kind == "secret"
    compile_description(draft.described())
    draft.connect(port=0, tls=False, login="")
    assert not draft.described().parameters
    assert not draft.described().login


@pytest.mark.parametrize(
    ("on", "off", "conversion"),
    [
        ("", "", {}),
        ("open", "closed", {"map": {"open": True, "closed": False}}),
        ("open", "", {"template": "(value | string) == 'open'"}),
        ("", "0", {"template": "(value | string) != '0'"}),
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
