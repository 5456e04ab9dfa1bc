"""Govee lights, and what their owners have reported, by the number of the issue."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
import json
import socket
from typing import Any

from govee_local_api import GoveeController
import pytest

from lan_edge import (
    Address,
    ColorControl,
    ColorTemperature,
    Device,
    Identity,
    Record,
    Sighting,
    Switch,
    SwitchLevel,
    UnconfirmedError,
    UnreachableError,
)
from lan_edge.drivers.govee import Govee
from tests.bundled import match
from tests.emulators.govee import GoveeEmulator
from tests.ports import free_port

from .contract import IdentityContract, SwitchContract
from .house import driven, shows, until


@pytest.fixture(autouse=True)
def own_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use ports that no other program on this machine has."""
    ports: Any = {"local_port": free_port(), "port": free_port()}
    monkeypatch.setattr(Govee, "options", replace(Govee.options, timeout=0.6, **ports))
    monkeypatch.setattr(Govee, "scan_port", free_port())
    monkeypatch.setattr(Govee, "poll", 0.1)


def light(host: str = "127.0.0.81", **more: Any) -> GoveeEmulator:
    options: Any = Govee.options
    return GoveeEmulator(
        host,
        scan_port=Govee.scan_port,
        answer_port=options.local_port,
        port=options.port,
        by_group=False,
        **more,
    )


@asynccontextmanager
async def driven_light(emulator: GoveeEmulator) -> AsyncGenerator[Device]:
    async with driven(Govee, Address(emulator.host, emulator.port), emulator.id.lower()) as made:
        yield made


def record_of(emulator: GoveeEmulator) -> Record:
    """Return the record of a light that is known."""
    return Record(Identity(emulator.id.lower()), (Address(emulator.host, emulator.port),))


class TestSwitching(SwitchContract, IdentityContract):
    """What every switch does, and every device that says who it is."""

    stranger = "00:00:00:00:00:00:00:01"

    @pytest.fixture
    async def emulator(self) -> AsyncGenerator[GoveeEmulator]:
        async with light() as made:
            yield made

    @pytest.fixture
    async def device(self, emulator: GoveeEmulator) -> AsyncGenerator[Device]:
        async with driven_light(emulator) as made:
            yield made


async def test_brightness_colour_and_white() -> None:
    async with light() as emulator, driven_light(emulator) as device:
        await shows(device, SwitchLevel.level, 100)
        await device.commands.execute(SwitchLevel.set_level, {"level": 30})
        assert emulator.light["brightness"] == 30
        await device.commands.execute(ColorControl.set_color, {"hue": 33.3, "saturation": 100})
        assert emulator.light["color"]["g"] == 255
        await shows(device, ColorTemperature.color_temperature, None)
        await device.commands.execute(ColorTemperature.set_color_temperature, {"temperature": 2700})
        assert emulator.light["colorTemInKelvin"] == 2700
        assert device.state.get(ColorControl.saturation) == 0
        assert device.state.get(ColorTemperature.color_temperature_range) == (2000, 9000)


async def test_a_level_of_zero_turns_it_off() -> None:
    async with light() as emulator, driven_light(emulator) as device:
        await emulator.change(on=True)
        await shows(device, Switch.switch, True)
        await device.commands.execute(SwitchLevel.set_level, {"level": 0})
        assert emulator.state["on"] is False
        assert emulator.light["brightness"] == 100


async def test_many_lights_share_the_port_for_answers() -> None:
    """Core 126800: only one program can have it, but any number of lights."""
    async with (
        light("127.0.0.82", id="aa") as first,
        light("127.0.0.83", id="bb") as second,
        driven_light(first) as one,
        driven_light(second) as two,
    ):
        await one.commands.execute(Switch.on, {})
        assert first.state["on"] is True
        assert second.state["on"] is False
        await second.change(on=True)
        await shows(two, Switch.switch, True)


def test_what_a_scan_finds() -> None:
    answer = {"msg.cmd": "scan", "msg.data.device": "1F:80:C5:32", "msg.data.sku": "H6072"}
    [probe] = Govee.discovery
    sighting = Sighting("probe", probe.kind, Address("10.0.0.9", 4003), "", {"reply": answer})
    [found] = match(sighting)
    assert (found.match.name, found.match.model) == ("Govee H6072", "H6072")
    assert found.match.address.port == 4003


# what owners have reported


async def test_core_109993_a_light_is_added_by_its_address() -> None:
    """It is asked itself, without multicast; so are 115611 and 164142."""
    async with light() as emulator, driven(Govee, Address(emulator.host)) as device:
        assert device.identity.unique_id == emulator.id
        assert device.identity.model == "H6072"
        await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is True


async def test_core_126800_another_program_has_the_port() -> None:
    """The reason says which port, also of 111679 and 140100; it works once the port is free."""
    options: Any = Govee.options
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("0.0.0.0", options.local_port))
        async with light() as emulator:
            device = Device(Govee, record_of(emulator))
            device.start()
            try:
                await until(lambda: isinstance(device.connection.reason, UnreachableError))
                assert f"UDP port {options.local_port} of this hub" in str(device.connection.reason)
                other.close()
                device.connection.sighted(*device.record.addresses)
                await until(lambda: device.available)
            finally:
                await device.stop()


async def test_api_344_a_model_that_no_table_has_can_do_what_it_reports() -> None:
    """As 146, 276 and 330."""
    async with light() as emulator:
        emulator.sku = "H61D4"
        async with driven_light(emulator) as device:
            await shows(device, SwitchLevel.level, 100)
            main = device.profile.components["main"].capabilities
            assert {SwitchLevel, ColorControl, ColorTemperature} <= {*main}


async def test_a_light_without_colour_has_none() -> None:
    async with light() as emulator:
        emulator.lacks = ("color", "colorTemInKelvin")
        async with driven_light(emulator) as device:
            await shows(device, SwitchLevel.level, 100)
            assert not device.profile.components["main"].capabilities.count(ColorControl)


async def test_api_355_a_command_that_got_lost_is_reported() -> None:
    async with light() as emulator, driven_light(emulator) as device:
        emulator.faults.lie = True
        with pytest.raises(UnconfirmedError, match="stayed off"):
            await device.commands.execute(Switch.on, {})
        assert device.state.get(Switch.switch) is False


async def test_homebridge_316_the_first_answer_after_a_command_has_the_old_state() -> None:
    async with light() as emulator, driven_light(emulator) as device:
        await shows(device, Switch.switch, False)
        emulator.stale = 1
        await device.commands.execute(Switch.on, {})
        assert device.state.get(Switch.switch) is True


async def test_lan_hass_49_answers_that_get_lost_are_asked_for_again() -> None:
    async with light() as emulator, driven_light(emulator) as device:
        for _ in range(5):
            emulator.lost = 1
            await device.commands.refresh()
        assert device.available


async def test_govee_homeassistant_57_a_light_that_turns_on_does_not_answer_for_a_moment() -> None:
    """A single lost answer was taken for a light that is gone."""
    async with light() as emulator, driven_light(emulator) as device:
        await shows(device, Switch.switch, False)
        emulator.faults.late_answers = {"devStatus": 0.4}
        await device.commands.execute(Switch.on, {})
        assert device.state.get(Switch.switch) is True
        assert device.available


async def test_lan_control_10_a_colour_temperature_of_zero_is_none() -> None:
    async with light() as emulator, driven_light(emulator) as device:
        await shows(device, ColorControl.saturation, 100)
        assert device.state.get(ColorTemperature.color_temperature) is None
        await emulator.change(colorTemInKelvin=4000)
        await shows(device, ColorTemperature.color_temperature, 4000)


async def test_openhab_17807_brightness_and_colour_are_two_things() -> None:
    async with light() as emulator, driven_light(emulator) as device:
        await emulator.change(on=True, brightness=10)
        await shows(device, SwitchLevel.level, 10)
        await device.commands.execute(ColorControl.set_color, {"hue": 0, "saturation": 50})
        assert emulator.light["brightness"] == 10
        assert device.state.get(SwitchLevel.level) == 10


async def test_core_147324_a_light_shows_more_as_soon_as_it_reports_more() -> None:
    """As 125016 and 135247: it kept nothing but on and off."""
    async with light() as emulator:
        emulator.lacks = ("brightness", "color", "colorTemInKelvin")
        async with driven_light(emulator) as device:
            await shows(device, Switch.switch, False)
            assert len(device.profile.components["main"].capabilities) == 1
            emulator.lacks = ()
            await shows(device, SwitchLevel.level, 100)
            await shows(device, ColorControl.saturation, 100)
            emulator.lacks = ("brightness", "color", "colorTemInKelvin")
            await shows(device, SwitchLevel.level, None)
            assert SwitchLevel in device.profile.components["main"].capabilities


async def test_core_137044_a_light_that_is_off_at_the_start_comes_by_itself() -> None:
    """It had to be added again, or the router restarted."""
    async with light() as emulator:
        emulator.faults.silent = True
        device = Device(Govee, record_of(emulator))
        device.start()
        try:
            await until(lambda: device.connection.reason)
            assert not device.available
            emulator.faults.silent = False
            await until(lambda: device.available)
        finally:
            await device.stop()


async def test_core_182244_a_white_that_the_light_ignores_is_refused() -> None:
    """An H612F has nothing below 2800 K, and does not say so: the user does."""
    async with light() as emulator:
        emulator.warmest = 2800
        async with driven_light(emulator) as device:
            await emulator.change(colorTemInKelvin=4000)
            await shows(device, ColorTemperature.color_temperature, 4000)
            set_white = ColorTemperature.set_color_temperature
            with pytest.raises(UnconfirmedError):
                await device.commands.execute(set_white, {"temperature": 2000})
            await device.commands.execute(set_white, {"temperature": 2800})
            assert emulator.light["colorTemInKelvin"] == 2800
        address = Address(emulator.host, emulator.port)
        settings = {"warmest": 2800, "coldest": 6500}
        async with driven(Govee, address, emulator.id.lower(), settings=settings) as device:
            await shows(device, ColorTemperature.color_temperature_range, (2800, 6500))


async def test_api_72_a_light_that_does_not_tell_its_address_is_where_it_answers() -> None:
    def without_ip(command: str, answer: bytes) -> bytes:
        message = json.loads(answer)
        message["msg"]["data"].pop("ip", None)
        return json.dumps(message).encode()

    async with light() as emulator:
        emulator.faults.rewrite = without_ip
        async with driven_light(emulator) as device:
            await device.commands.execute(Switch.on, {})
            assert emulator.state["on"] is True


async def test_lan_hass_3_a_light_without_power_is_unavailable_until_it_is_back() -> None:
    """It was shown as it was before, as in govee2mqtt 563."""
    async with light() as emulator, driven_light(emulator) as device:
        await shows(device, Switch.switch, False)
        emulator.faults.silent = True
        await until(lambda: not device.available)
        emulator.faults.silent = False
        await until(lambda: device.available)


async def test_govee2mqtt_309_the_colour_of_a_light_that_shows_white_may_be_black() -> None:
    async with light() as emulator, driven_light(emulator) as device:
        await emulator.change(on=True, color={"r": 0, "g": 0, "b": 0}, colorTemInKelvin=2700)
        await shows(device, ColorTemperature.color_temperature, 2700)
        assert device.state.get(ColorControl.hue) is None
        assert device.state.get(ColorControl.saturation) == 0


async def test_homebridge_323_a_white_that_it_reports_as_a_colour_is_one() -> None:
    async with light() as emulator, driven_light(emulator) as device:
        await emulator.change(colorTemInKelvin=2800)
        await shows(device, ColorTemperature.color_temperature, 2800)
        await emulator.change(color={"r": 255, "g": 173, "b": 94}, colorTemInKelvin=0)
        await shows(device, ColorTemperature.color_temperature, None)
        assert device.state.get(ColorControl.saturation) == pytest.approx(63.1, abs=0.1)


async def test_homebridge_550_a_light_without_white_has_none() -> None:
    async with light() as emulator:
        emulator.lacks = ("colorTemInKelvin",)
        async with driven_light(emulator) as device:
            await shows(device, ColorControl.saturation, 100)
            assert ColorTemperature not in device.profile.components["main"].capabilities
            await device.commands.execute(ColorControl.set_color, {"hue": 0, "saturation": 100})
            assert emulator.light["color"]["r"] == 255


@pytest.mark.parametrize(
    "said", [b"status", b'{"msg":{"cmd":"status","data":{"onOff":1}}}', b'{"msg":7}', b"\xff\x00"]
)
async def test_openhab_17041_what_else_it_says_changes_nothing(said: bytes) -> None:
    async with light() as emulator, driven_light(emulator) as device:
        await shows(device, Switch.switch, False)
        options: Any = Govee.options
        emulator._send(said, ("127.0.0.1", options.local_port))
        await device.commands.execute(SwitchLevel.set_level, {"level": 40})
        assert device.state.get(Switch.switch) is False
        assert device.available


async def test_api_39_a_brightness_that_makes_no_sense_is_unknown_and_nothing_else() -> None:
    async with light() as emulator, driven_light(emulator) as device:
        await emulator.change(on=True, brightness=254)
        await shows(device, Switch.switch, True)
        await shows(device, SwitchLevel.level, None)
        assert device.state.get(ColorControl.saturation) == 100
        await emulator.change(brightness=3)
        await shows(device, SwitchLevel.level, 3)


async def test_core_147415_a_light_that_only_answers_scans_is_unavailable_until_it_says_more() -> (
    None
):
    async with light() as emulator, driven_light(emulator) as device:
        emulator.faults.rewrite = lambda command, answer: answer if command == "scan" else None
        await until(lambda: not device.available)
        emulator.faults.rewrite = None
        await until(lambda: device.available)


@pytest.mark.parametrize("color", [None, "red", {"r": None, "g": 1, "b": 2}, {"r": 999}])
async def test_lan_hass_13_a_colour_that_makes_no_sense_is_unknown(color: Any) -> None:
    async with light() as emulator, driven_light(emulator) as device:
        await shows(device, ColorControl.saturation, 100)
        await emulator.change(on=True, color=color)
        await shows(device, ColorControl.saturation, None)
        assert device.state.get(Switch.switch) is True


# the emulator, by the library that Home Assistant uses


async def test_the_library_takes_the_emulator_for_a_light() -> None:
    options: Any = Govee.options
    async with light("127.0.0.1") as emulator:
        controller = GoveeController(
            loop=asyncio.get_running_loop(),
            listening_addresses="127.0.0.1",
            broadcast_port=Govee.scan_port,
            listening_port=options.local_port,
            device_command_port=options.port,
            discovery_enabled=False,
            update_enabled=False,
        )
        await controller.start()
        try:
            controller.add_device_to_discovery_queue(emulator.host)
            await until(lambda: controller.devices)
            [found] = controller.devices
            assert (found.fingerprint, found.sku) == (emulator.id, emulator.sku)
            await found.turn_on()
            await found.set_brightness(30)
            await found.set_temperature(2700)
            await until(lambda: emulator.light["colorTemInKelvin"] == 2700)
            assert (emulator.light["onOff"], emulator.light["brightness"]) == (1, 30)
            await emulator.change(on=False, brightness=77)
            controller.send_update_message()
            await until(lambda: not found.on)
            assert found.brightness == 77
        finally:
            await controller.cleanup().wait()
