"""The actions: their targets, their errors, and their responses."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
)
from homeassistant.helpers.service import async_get_all_descriptions
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.services import EXPLAIN_SCHEMA, SEND_FIELDS
from lan_edge import (
    Capability,
    Component,
    Driver,
    JsonRpc,
    Profile,
    Switch,
    SwitchLevel,
    command,
    handles,
)
from tests.emulators.device import EmulatedDevice
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator

from .entries import BULB_ID, device_of, set_up
from .json_bulb import push
from .lab import ObedientBulb, lab
from .own_drivers import add_driver
from .waiting import eventually

STRIP = Profile(
    Switch,
    SwitchLevel,
    relay=Component((Switch,), "Relay", child=True),
    aux=Component((SwitchLevel,), "Aux"),
)
SECRET = "hunter2-hunter2"


def main_device(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    [found] = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return found.id


def child_device(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    registry = dr.async_get(hass)
    [child] = dr.async_child_entries_for_config_entry(registry, entry.entry_id)
    return child.id


async def act(hass: HomeAssistant, action: str, **data: Any) -> Any:
    """Call an action of ours; return its response, if it has one."""
    answers = action == "explain"
    return await hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=answers
    )


async def refused(hass: HomeAssistant, action: str, **data: Any) -> ServiceValidationError:
    """Return what an action says that cannot be."""
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, action, **data)
    return caught.value


def told(device: EmulatedDevice[Any], command: str) -> list[Any]:
    """Return what a device was told by that command."""
    return [r.params for r in device.log if r.command == command]


def level(value: object = 30) -> dict[str, Any]:
    return {"capability": "switchLevel", "command": "setLevel", "arguments": {"level": value}}


@pytest.fixture
async def strip(hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator) -> MockConfigEntry:
    """Return the entry of a device with a child."""
    lab()
    entry = await set_up(hass, "lab", BULB_ID, bulb)
    await push(bulb, profile=STRIP.as_dict())
    await eventually(lambda: hass.states.get("switch.desk_lamp_relay"))
    return entry


ACTIONS = {"explain", "refresh", "reload_drivers", "send_command"}


async def test_they_are_there_without_any_device(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    assert set(hass.services.async_services()[DOMAIN]) == {
        "explain",
        "refresh",
        "reload_drivers",
        "send_command",
    }


async def test_home_assistant_describes_them(hass: HomeAssistant) -> None:
    """By its own schema of services.yaml; what people can fill in is what is taken."""
    assert await async_setup_component(hass, DOMAIN, {})
    described = (await async_get_all_descriptions(hass))[DOMAIN]
    assert set(described) == ACTIONS
    assert set(described["send_command"]["fields"]) == {str(k) for k in SEND_FIELDS}
    assert set(described["explain"]["fields"]) == {str(k) for k in EXPLAIN_SCHEMA.schema}
    for name in ("refresh", "send_command"):
        [target] = described[name]["target"]["entity"]
        assert target["integration"] == DOMAIN
    assert described["explain"]["response"] == {"optional": False}


# send_command


@pytest.mark.parametrize(
    ("command", "arguments"),
    [("setLevel", {"level": 30}), ("set_level", {"level": 30, "rate": 2})],
)
async def test_a_command_is_sent_by_its_id(
    hass: HomeAssistant, bulb: JsonBulbEmulator, command: str, arguments: dict[str, Any]
) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    await act(
        hass,
        "send_command",
        device_id=main_device(hass, entry),
        capability="switchLevel",
        command=command,
        arguments=arguments,
    )
    assert bulb.state == {"on": True, "level": 30}
    assert device_of(entry).history.succeeded == 1


class Timer(Capability, id="acme.timer"):
    @command()
    def run_for(self, run_time: int, quiet_mode: bool | None = None) -> None:
        """Run for some seconds."""


@pytest.mark.parametrize("name", ["runTime", "run_time"])
async def test_arguments_in_both_spellings(hass: HomeAssistant, drivers: None, name: str) -> None:
    @add_driver
    class Oven(Driver[JsonRpc]):
        id = "oven"
        profile = Profile(Timer)

        @handles(Timer.run_for)
        async def run_for(self, run_time: int, quiet_mode: bool | None = None) -> None:
            await self.io.call("run", time=run_time, quiet=quiet_mode)

    async with ObedientBulb(id=BULB_ID, name="Oven") as oven:
        entry = await set_up(hass, "oven", BULB_ID, oven)
        order = {"device_id": main_device(hass, entry), "capability": "acme.timer"}
        order |= {"command": "runFor"}
        await act(hass, "send_command", **order, arguments={name: 5, "quietMode": True})
        assert told(oven, "run") == [{"time": 5, "quiet": True}]
        error = await refused(hass, "send_command", **order, arguments={"runTimes": 5})
        assert "runTimes" in str(error)
        assert "runTime, quietMode" in str(error)


@pytest.mark.parametrize("by", ["device", "entity"])
async def test_a_child_as_a_target(
    hass: HomeAssistant, bulb: JsonBulbEmulator, strip: MockConfigEntry, by: str
) -> None:
    child = {
        "device": {"device_id": child_device(hass, strip)},
        "entity": {"entity_id": "switch.desk_lamp_relay"},
    }[by]
    await act(hass, "send_command", **child, capability="switch", command="on")
    assert [a["fade"] for a in told(bulb, "set")] == [1]  # the lab says the component by the fade


async def test_a_device_as_a_target_does_not_include_its_children(
    hass: HomeAssistant, bulb: JsonBulbEmulator, strip: MockConfigEntry
) -> None:
    device_id = main_device(hass, strip)
    await act(hass, "send_command", device_id=device_id, capability="switch", command="on")
    assert [a["fade"] for a in told(bulb, "set")] == [0]
    both = [device_id, child_device(hass, strip)]
    await act(hass, "send_command", device_id=both, capability="switch", command="off")
    assert sorted(a["fade"] for a in told(bulb, "set")[1:]) == [0, 1]


async def test_a_named_component(
    hass: HomeAssistant, bulb: JsonBulbEmulator, strip: MockConfigEntry
) -> None:
    device_id = main_device(hass, strip)
    await act(hass, "send_command", device_id=device_id, component="aux", **level())
    assert [a["fade"] for a in told(bulb, "set")] == [2]


@pytest.mark.parametrize("by", ["area", "label", "entity's label"])
async def test_areas_and_labels(
    hass: HomeAssistant,
    bulb: JsonBulbEmulator,
    switch: RestSwitchEmulator,
    strip: MockConfigEntry,
    by: str,
) -> None:
    """Of all that is in them, what is ours and set up is told, a device once."""
    devices, entities = dr.async_get(hass), er.async_get(hass)
    relay = await set_up(hass, "rest_switch", "relay-1", switch)
    asleep = await set_up(hass, "rest_switch", "relay-2", switch)
    await hass.config_entries.async_unload(asleep.entry_id)
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    stranger = devices.async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("other", "1")}
    )
    ids = [main_device(hass, e) for e in (strip, relay, asleep)]
    if by == "area":
        area = ar.async_get(hass).async_create("Kitchen").id
        for device_id in (*ids, stranger.id):
            devices.async_update_device(device_id, area_id=area)
        devices.async_update_child_device(child_device(hass, strip), area_id=area)
        target = {"area_id": area}
    else:
        label = lr.async_get(hass).async_create("Lights").label_id
        target = {"label_id": label}
        if by == "label":
            for device_id in (*ids, stranger.id):
                devices.async_update_device(device_id, labels={label})
        else:
            for entity_id in ("light.desk_lamp", "number.desk_lamp_aux_level", "switch.fountain"):
                entities.async_update_entity(entity_id, labels={label})
    await act(hass, "send_command", **target, capability="switch", command="on")
    assert [a["fade"] for a in told(bulb, "set")] == [0]
    assert switch.state == {"on": True}


async def test_invalid_targets(
    hass: HomeAssistant, bulb: JsonBulbEmulator, strip: MockConfigEntry
) -> None:
    order = {"capability": "switch", "command": "on"}
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    stranger = dr.async_get(hass).async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("other", "1")}
    )
    area = ar.async_get(hass).async_create("Empty").id
    child, main = child_device(hass, strip), main_device(hass, strip)

    async def key(**target: Any) -> str | None:
        return (await refused(hass, "send_command", **target, **order)).translation_key

    assert await key(device_id="nonsense") == "service_device_not_found"
    assert await key(device_id=[main, stranger.id]) == "service_device_wrong_domain"
    assert await key(entity_id=["switch.desk_lamp_relay", "sun.sun"]) == "not_ours"
    assert await key(area_id=area) == "no_target"
    parts = {k: c for k, c in STRIP.components.items() if k != "relay"}
    device_of(strip).record.profile = Profile(**parts)  # gone, and not yet seen to be
    assert await key(device_id=child) == "part_gone"
    await hass.config_entries.async_unload(strip.entry_id)
    assert await key(device_id=main) == "service_config_entry_not_loaded"
    assert not told(bulb, "set")


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"component": "tail"}, ("unknown_component", "main, relay, aux")),
        ({"component": "relay"}, ("unknown_capability", "switch")),
        ({"capability": "powerMeter"}, ("unknown_capability", "switch, switchLevel")),
        ({"capability": "nonsense"}, ("unknown_capability", "switch, switchLevel")),
        ({"command": "explode"}, ("unknown_command", "setLevel")),
        ({"arguments": {}}, ("wrong_arguments", "needs the argument level")),
        ({"arguments": {"level": 300}}, ("wrong_arguments", "outside the range 0 to 100")),
        ({"arguments": {"level": "30"}}, ("wrong_arguments", "is not a whole number")),
        ({"arguments": {"level": 3, "speed": 1}}, ("wrong_arguments", "level, rate")),
    ],
)
async def test_invalid_commands(
    hass: HomeAssistant,
    bulb: JsonBulbEmulator,
    strip: MockConfigEntry,
    wrong: dict[str, Any],
    expected: tuple[str, str],
) -> None:
    """Say what is wrong, and what there is."""
    key, said = expected
    device_id = main_device(hass, strip)
    error = await refused(hass, "send_command", device_id=device_id, **{**level(), **wrong})
    assert (error.translation_domain, error.translation_key) == (DOMAIN, key)
    assert said in str(error)
    assert "Desk lamp" in str(error)
    assert not told(bulb, "set")


async def test_nothing_is_sent_unless_all_support_it(
    hass: HomeAssistant, bulb: JsonBulbEmulator, switch: RestSwitchEmulator
) -> None:
    entries = (
        await set_up(hass, "json_bulb", BULB_ID, bulb),
        await set_up(hass, "rest_switch", "relay-1", switch),
    )
    devices = [main_device(hass, e) for e in entries]
    error = await refused(hass, "send_command", device_id=devices, **level())
    assert "Fountain" in str(error)
    assert not told(bulb, "set")


async def test_the_device_refuses(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    bulb.faults.refuse = True
    with pytest.raises(HomeAssistantError, match="Desk lamp refused: set: refused") as caught:
        await act(hass, "send_command", device_id=main_device(hass, entry), **level())
    assert not isinstance(caught.value, ServiceValidationError)
    assert (caught.value.translation_domain, caught.value.translation_key) == (DOMAIN, "refused")
    assert device_of(entry).history.failed == 1


# refresh


async def test_everything_is_read_again(
    hass: HomeAssistant, bulb: JsonBulbEmulator, strip: MockConfigEntry
) -> None:
    """Once, however many parts are meant."""
    before = len(told(bulb, "get"))
    ids = [main_device(hass, strip), child_device(hass, strip)]
    await act(hass, "refresh", device_id=ids, entity_id="switch.desk_lamp_relay")
    assert len(told(bulb, "get")) == before + 1


async def test_failed_devices_are_named(
    hass: HomeAssistant, bulb: JsonBulbEmulator, switch: RestSwitchEmulator
) -> None:
    off = await set_up(hass, "rest_switch", "relay-2")
    there = await set_up(hass, "json_bulb", BULB_ID, bulb)
    await eventually(lambda: device_of(off).connection.reason)
    before = len(told(bulb, "get"))
    both = [main_device(hass, off), main_device(hass, there)]
    with pytest.raises(HomeAssistantError, match="Device is offline") as caught:
        await act(hass, "refresh", device_id=both)
    assert caught.value.translation_key == "offline"
    assert len(told(bulb, "get")) == before + 1
    # several
    second = await set_up(hass, "rest_switch", "relay-3")
    hass.config_entries.async_update_entry(second, title="Pump")
    await eventually(lambda: device_of(second).connection.reason)
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "refresh", device_id=[*both, main_device(hass, second)])
    assert caught.value.translation_key == "several"
    assert "Device is offline" in str(caught.value)
    assert "Pump is offline" in str(caught.value)


# explain


async def test_explain(hass: HomeAssistant, drivers: None) -> None:
    lab(family=True)
    async with ObedientBulb(id=BULB_ID, name="Desk lamp") as bulb:
        entry = await set_up(hass, "lab", BULB_ID, bulb, secrets={"token": SECRET})
        device_of(entry).driver.memory.session = SECRET[::-1]
        device_id = main_device(hass, entry)
        answer = await act(hass, "explain", device_id=device_id)
        assert answer["driver"] == "lab"
        assert answer["class"] == "LabPlus"
        assert (answer["device"], answer["component"]) == ("Desk lamp", "main")
        assert (answer["status"], answer["available"], answer["reason"]) == ("online", True, "")
        assert answer["address"] == f"127.0.0.1:{bulb.port}"
        assert answer["confirmed_by"] == "push"
        assert "powerMeter" in answer["components"]["main"]
        lines = answer["commands"]["switch.on"]
        assert any("LabPlus" in line and "matches" in line for line in lines)
        assert any("Lab.turn_on" in line for line in lines)
        assert len(answer["commands"]) > 3
        one = await act(hass, "explain", device_id=device_id, capability="switch")
        assert set(one["commands"]) == {"switch.on", "switch.off"}
        one = await act(
            hass, "explain", device_id=device_id, capability="switchLevel", command="set_level"
        )
        assert set(one["commands"]) == {"switchLevel.setLevel"}
        error = await refused(hass, "explain", device_id=device_id, command="explode")
        assert error.translation_key == "unknown_command"
        error = await refused(hass, "explain", device_id=device_id, capability="powerSource")
        assert error.translation_key == "unknown_capability"
    await eventually(lambda: not device_of(entry).available)
    device_of(entry).connection.reason = HomeAssistantError(f"no: {SECRET} {SECRET[::-1]}")  # type: ignore[assignment]
    answer = await act(hass, "explain", device_id=device_id)
    assert answer["available"] is False
    assert "no: **REDACTED**" in answer["reason"]
    assert SECRET not in str(answer)
    assert SECRET[::-1] not in str(answer)
