"""What descriptions become: their capabilities, settings, requests, and what they do."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from lan_edge import (
    ArgumentError,
    Attribute,
    Capability,
    Command,
    CredentialsError,
    DescriptionError,
    Device,
    Driver,
    Kind,
    PowerMeter,
    Switch,
    ThermostatMode,
    asked_settings,
    connect,
    settings_of,
)
from tests.drivers.described import compiled
from tests.drivers.house import until

from .charger import TEXT, TOKEN, Charger

SETTINGS = {"token": TOKEN}
each_path = pytest.mark.parametrize(
    ("typed", "sent"),
    [("../../x", "..%2F..%2Fx"), ("a?b=c#d", "a%3Fb=c%23d"), ("%2e", "%252e"), ("ä", "%C3%A4")],
)
each_way_out = pytest.mark.parametrize("typed", ["..", ".", ""])


@pytest.fixture
async def charger() -> AsyncGenerator[Charger]:
    async with Charger().there() as made:
        yield made


@asynccontextmanager
async def driven(
    charger: Charger, text: str = TEXT, settings: Any = SETTINGS
) -> AsyncGenerator[Device]:
    async with connect(compiled(text), charger.address, settings=settings) as device:
        yield device


def own(driver: type[Driver[Any]], component: str = "main") -> type[Capability]:
    """Return the capability of a component that only the description has."""
    found = driver.profile.components[component].capabilities
    return next(each for each in found if "." in each.id)


def attribute(device: Device, name: str) -> Attribute[Any]:
    return next(a for a in own(type(device.driver)).attributes if a.name == name)


def command(device: Device, name: str) -> Command[...]:
    return next(c for c in own(type(device.driver)).commands if c.name == name)


def value(device: Device, name: str) -> Any:
    return device.state.get(attribute(device, name))


def test_its_own_values_are_attributes_with_their_limits_and_names() -> None:
    mine = own(compiled(TEXT))
    assert mine.id == "exampleCharger.main"
    current, *_ = mine.attributes
    assert (current.id, current.label) == ("exampleCharger.main.current", "Charging current")
    assert (current.schema.type, current.unit, current.step) == (int, "A", 1)
    assert (current.schema.limits.minimum, current.schema.limits.maximum) == (6, 32)
    by_name = {each.name: each for each in mine.attributes}
    assert by_name["share"].kind is Kind.MEASUREMENT
    assert by_name["car"].options is by_name["carChoices"]
    assert by_name["car"].setter is None
    assert by_name["lock"].setter is next(c for c in mine.commands if c.name == "setLock")
    reboot = next(c for c in mine.commands if c.name == "reboot")
    assert (reboot.label, reboot.arguments, reboot.sets) == ("Restart", (), None)


def test_parameters_are_settings_that_are_asked_for_first() -> None:
    driver = compiled(TEXT)
    assert [each.key for each in settings_of(driver.Settings)] == ["token", "phases", "limit"]
    token, phases = asked_settings(driver.Settings)
    assert (token.label.name, token.label.secret, token.label.required) == (
        "Access token",
        True,
        False,
    )
    assert (phases.default, phases.label.choices) == ("3", {"1": "One", "3": "Three"})
    assert driver.help == "Switch on the local API in its app."


async def test_everything_is_read(charger: Charger) -> None:
    async with driven(charger) as device:
        assert device.identity.unique_id == "C-1"
        assert (device.identity.model, device.identity.firmware) == ("C1", "0.42")
        assert device.state.get(Switch.switch) is False
        assert device.state.get(Switch.switch, "socket_2") is True
        assert device.state.get(PowerMeter.power) == 1250.5
        assert device.state.get(ThermostatMode.thermostat_mode) == "off"
        assert device.state.get(ThermostatMode.supported_thermostat_modes) == ("heat", "off")
        assert (value(device, "current"), value(device, "share")) == (16, 100)
        assert (value(device, "car"), value(device, "carChoices")) == ("Idle", ("Idle", "Charging"))
        assert (value(device, "lock"), value(device, "label")) == ("Never", "Mine")
        assert charger.queries[-1] == {"filter": "alw,amp", "phases": "3"}


async def test_a_template_sees_the_parameters_of_its_device(charger: Charger) -> None:
    async with driven(charger, settings={**SETTINGS, "limit": 32}) as one, driven(charger) as other:
        assert (value(one, "share"), value(other, "share")) == (50, 100)
        await one.commands.refresh()
        await other.commands.refresh()
        assert (value(one, "share"), value(other, "share")) == (50, 100)


async def test_what_is_set_goes_the_other_way(charger: Charger) -> None:
    async with driven(charger) as device:
        await device.commands.execute(command(device, "setCurrent"), {"value": 10})
        await device.commands.execute(command(device, "setLock"), {"value": "At night"})
        await device.commands.execute(command(device, "setBoost"), {"value": True})
        await device.commands.execute(ThermostatMode.set_thermostat_mode, {"mode": "heat"})
        await device.commands.execute(command(device, "reboot"), {})
        assert charger.asked == [
            "GET /api/set?amp=10",
            'POST /api/set {"lck":1}',
            'POST /api/set {"bst":true}',
            "GET /api/set?mode=1",
            "GET /api/set?rst=1",
        ]
        assert (value(device, "current"), value(device, "lock")) == (10, "At night")


async def test_what_is_not_read_is_what_was_sent(charger: Charger) -> None:
    async with driven(charger) as device:
        assert value(device, "note") is None
        await device.commands.execute(command(device, "setNote"), {"value": "Hi"})
        assert (
            charger.asked[-1]
            == f'POST /api/note {{"to":"{device.identity.unique_id}","text":"Hi"}}'
        )
        assert value(device, "note") == "Hi"


async def test_several_are_sent_in_order(charger: Charger) -> None:
    charger.state["alw"] = True
    async with driven(charger) as device:
        await device.commands.execute(Switch.off, {})
        assert charger.asked == ["GET /api/set?amp=6", "GET /api/set?alw=0"]
        await device.commands.execute(Switch.off, {}, "socket_2")
        assert charger.asked[2:] == ["GET /api/set?alw2=0"]


@each_path
async def test_a_text_stays_one_part_of_a_path(charger: Charger, typed: str, sent: str) -> None:
    async with driven(charger) as device:
        await device.commands.execute(command(device, "setLabel"), {"value": typed})
        assert charger.asked == [f"GET /api/name/{sent}"]


@each_way_out
async def test_a_text_that_would_lead_elsewhere_is_not_sent(charger: Charger, typed: str) -> None:
    async with driven(charger) as device:
        with pytest.raises(ArgumentError):
            await device.commands.execute(command(device, "setLabel"), {"value": typed})
        assert charger.asked == []


async def test_without_its_meter_it_is_what_it_is(charger: Charger) -> None:
    charger.meter = None
    async with driven(charger) as device:
        assert device.state.get(PowerMeter.power) is None
        assert device.state.get(Switch.switch) is False


async def test_one_value_that_makes_no_sense_concerns_nothing_else(charger: Charger) -> None:
    charger.state["car"] = 9
    async with driven(charger) as device:
        assert value(device, "car") is None
        assert value(device, "current") == 16
        assert [*device.state.rejected] == ["exampleCharger.main.car"]


async def test_without_its_login_it_is_refused(charger: Charger) -> None:
    with pytest.raises(CredentialsError):
        async with driven(charger, settings={"token": "wr0ng"}):
            pass


async def test_an_empty_login_is_none(charger: Charger) -> None:
    charger.token = ""
    async with driven(charger, settings={}) as device:
        assert device.state.get(Switch.switch) is False


async def test_a_login_that_cannot_be_sent_is_wrong(charger: Charger) -> None:
    with pytest.raises((CredentialsError, ArgumentError)):
        async with driven(charger, settings={"token": "a\r\nX-Evil: 1"}):
            pass
    assert charger.refused == 0


async def test_the_token_is_nowhere_to_be_seen(charger: Charger) -> None:
    async with driven(charger) as device:
        await device.commands.execute(Switch.on, {})
        assert TOKEN not in str([entry.text for entry in device.trace.entries()])


async def test_another_text_keeps_what_has_kept_its_name(charger: Charger) -> None:
    driver = compiled(TEXT)
    async with connect(driver, charger.address, settings=SETTINGS) as device:
        attempts = device.connection.attempts
        await device.replace_driver(compiled(TEXT.replace("At night", "By night")))
        await until(lambda: value(device, "lockChoices") == ("Never", "By night"))
        assert value(device, "current") == 16
        assert device.connection.attempts == attempts
        await device.replace_driver(compiled(TEXT.replace("talks: http", "talks: http\npoll: 60")))
        assert device.driver.poll_interval == 60
        assert device.connection.attempts == attempts


async def test_where_a_handler_is_said_to_be(charger: Charger) -> None:
    async with driven(charger) as device:
        line = TEXT.splitlines().index('      "on": {get: /api/set, query: {alw: 1}}') + 1
        assert f"(example_charger.yaml:{line})" in device.explain(Switch.on)[-1]


@pytest.mark.parametrize(
    ("old", "new", "line", "place"),
    [
        ("path: alw}", 'path: "alw["}', 22, "components.main.switch.switch.path"),
        ("from: meter", "from: metre", 28, "components.main.powerMeter.power.from"),
        ('{header: {X-Token: "{token}"}}', '{header: {X-Token: "{tokn}"}}', 12, "login"),
        ("identity: {from: about", "identity: {from: nothing", 17, "identity.from"),
        ("query: {alw: 1}", 'query: {alw: "{nothing}"}', 23, "components.main.switch.on"),
    ],
)
def test_what_is_wrong_has_its_line(old: str, new: str, line: int, place: str) -> None:
    assert old in TEXT
    with pytest.raises(DescriptionError) as caught:
        compiled(TEXT.replace(old, new, 1))
    [fault] = caught.value.faults
    assert fault.line == line
    assert fault.place.startswith(place)
