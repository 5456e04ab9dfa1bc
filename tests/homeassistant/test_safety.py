"""Valves, sirens and alarm systems."""

from homeassistant.components.alarm_control_panel import AlarmControlPanelEntityFeature as Arm
from homeassistant.components.siren import SirenEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.lan_edge.edge import Alarm, Component, Profile, SecuritySystem, Valve

from .common import becomes, call
from .teller import teller, told_by

VALVE, SIREN, PANEL = "valve.device", "siren.device", "alarm_control_panel.device"

pytestmark = pytest.mark.usefixtures("drivers")


async def test_a_valve(hass: HomeAssistant) -> None:
    main = Component((Valve,), category="waterValve")
    async with teller(hass, Profile(main=main)) as device:
        await becomes(hass, VALVE, "unknown", supported_features=3, device_class="water")
        await device.tell(Valve.valve, True)
        await becomes(hass, VALVE, "open")
        await device.tell(Valve.valve, False)
        await becomes(hass, VALVE, "closed")
        await device.tell(Valve.valve, "open")  # no value of it: the driver must translate
        for word in ("open", "close"):
            said = await told_by(hass, device, f"valve.{word}_valve", VALVE)
            assert said == (f"valve.{word}", [], "main")
        await becomes(hass, VALVE, "closed")
        await device.down()
        await becomes(hass, VALVE, "unavailable")
        await device.up()


async def test_a_siren(hass: HomeAssistant) -> None:
    async with teller(hass, Profile(Alarm)) as device:
        features = SirenEntityFeature.TURN_ON | SirenEntityFeature.TURN_OFF
        features |= SirenEntityFeature.TONES
        tones = ["siren", "both", "strobe"]
        await becomes(hass, SIREN, "unknown", supported_features=features, available_tones=tones)
        for told, shown in (
            ("siren", "on"),
            ("off", "off"),
            ("strobe", "on"),
            ("off", "off"),
            ("both", "on"),
        ):
            await device.tell(Alarm.alarm, told)
            await becomes(hass, SIREN, shown)
        assert await told_by(hass, device, "siren.turn_on", SIREN) == ("alarm.siren", [], "main")
        assert await told_by(hass, device, "siren.turn_off", SIREN) == ("alarm.off", [], "main")
        for tone in tones:
            said = await told_by(hass, device, "siren.turn_on", SIREN, tone=tone)
            assert said == (f"alarm.{tone}", [], "main")
        with pytest.raises(ValueError, match="Invalid tone"):
            await call(hass, "siren.turn_on", SIREN, tone="yodel")


async def test_an_alarm_that_only_flashes_has_no_tones(hass: HomeAssistant) -> None:
    async with teller(hass, Profile(Alarm), [Alarm.siren, Alarm.both]) as device:
        on_off = SirenEntityFeature.TURN_ON | SirenEntityFeature.TURN_OFF
        await becomes(hass, SIREN, "unknown", supported_features=on_off)
        assert await told_by(hass, device, "siren.turn_on", SIREN) == ("alarm.strobe", [], "main")
        said = await told_by(hass, device, "siren.turn_on", SIREN, tone="siren")
        assert said == ("alarm.strobe", [], "main")


async def test_an_alarm_that_can_only_be_silenced(hass: HomeAssistant) -> None:
    ways = [Alarm.siren, Alarm.both, Alarm.strobe]
    async with teller(hass, Profile(Alarm), ways):
        await becomes(hass, SIREN, "unknown", supported_features=SirenEntityFeature.TURN_OFF)
        with pytest.raises(ServiceValidationError):
            await call(hass, "siren.turn_on", SIREN)


async def test_an_alarm_system(hass: HomeAssistant) -> None:
    status, alarm = SecuritySystem.security_system_status, SecuritySystem.alarm
    async with teller(hass, Profile(SecuritySystem)) as device:
        both = Arm.ARM_AWAY | Arm.ARM_HOME
        await becomes(hass, PANEL, "unknown", supported_features=both, code_arm_required=False)
        for told, shown in (
            ("armedAway", "armed_away"),
            ("armedStay", "armed_home"),
            ("disarmed", "disarmed"),
        ):
            await device.tell(status, told)
            await becomes(hass, PANEL, shown)
        await device.tell(alarm, "smoke in the kitchen")
        await becomes(hass, PANEL, "triggered")
        await device.tell(alarm, "")
        await becomes(hass, PANEL, "disarmed")
        for service, command in (
            ("arm_away", "armAway"),
            ("arm_home", "armStay"),
            ("disarm", "disarm"),
        ):
            said = await told_by(hass, device, f"alarm_control_panel.alarm_{service}", PANEL)
            assert said == (f"securitySystem.{command}", [], "main")
        await device.down()
        await becomes(hass, PANEL, "unavailable")
        await device.up()


async def test_a_system_that_is_armed_in_one_way(hass: HomeAssistant) -> None:
    async with teller(hass, Profile(SecuritySystem), [SecuritySystem.arm_stay]) as device:
        await becomes(hass, PANEL, "unknown", supported_features=Arm.ARM_AWAY)
        with pytest.raises(ServiceValidationError):
            await call(hass, "alarm_control_panel.alarm_arm_home", PANEL)
        assert device.said == []
