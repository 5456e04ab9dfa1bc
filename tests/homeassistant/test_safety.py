"""Valves, sirens and alarm systems."""

from homeassistant.components.alarm_control_panel import AlarmControlPanelEntityFeature as Arm
from homeassistant.components.siren import SirenEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest

from lan_edge import Alarm, Component, Profile, SecuritySystem, Valve

from .stage import Actor, enter, stage, told_by
from .states import becomes, call

VALVE, SIREN, PANEL = "valve.device", "siren.device", "alarm_control_panel.device"


async def test_a_valve(hass: HomeAssistant, device: Actor) -> None:
    main = Component((Valve,), category="waterValve")
    stage(Profile(main=main))
    await enter(hass, device)
    await becomes(hass, VALVE, "unknown", supported_features=3, device_class="water")
    device.show(Valve.valve, True)
    await becomes(hass, VALVE, "open")
    device.show(Valve.valve, False)
    await becomes(hass, VALVE, "closed")
    device.show(Valve.valve, "open")  # no value of it: the driver must translate
    await becomes(hass, VALVE, "unknown")
    device.show(Valve.valve, False)
    for word in ("open", "close"):
        said = await told_by(hass, device, f"valve.{word}_valve", VALVE)
        assert said == (f"valve.{word}", {}, "main")
    await becomes(hass, VALVE, "closed")
    await device.down()
    await becomes(hass, VALVE, "unavailable")
    await device.up()


async def test_a_siren(hass: HomeAssistant, device: Actor) -> None:
    stage(Profile(Alarm), *Alarm.commands)
    await enter(hass, device)
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
        device.show(Alarm.alarm, told)
        await becomes(hass, SIREN, shown)
    assert await told_by(hass, device, "siren.turn_on", SIREN) == ("alarm.siren", {}, "main")
    assert await told_by(hass, device, "siren.turn_off", SIREN) == ("alarm.off", {}, "main")
    for tone in tones:
        said = await told_by(hass, device, "siren.turn_on", SIREN, tone=tone)
        assert said == (f"alarm.{tone}", {}, "main")
    with pytest.raises(ValueError, match="Invalid tone"):
        await call(hass, "siren.turn_on", SIREN, tone="yodel")


async def test_an_alarm_that_only_flashes_has_no_tones(hass: HomeAssistant, device: Actor) -> None:
    stage(Profile(Alarm), Alarm.strobe)
    await enter(hass, device)
    on_off = SirenEntityFeature.TURN_ON | SirenEntityFeature.TURN_OFF
    await becomes(hass, SIREN, "unknown", supported_features=on_off)
    assert await told_by(hass, device, "siren.turn_on", SIREN) == ("alarm.strobe", {}, "main")
    said = await told_by(hass, device, "siren.turn_on", SIREN, tone="siren")
    assert said == ("alarm.strobe", {}, "main")


async def test_an_alarm_that_can_only_be_silenced(hass: HomeAssistant, device: Actor) -> None:
    stage(Profile(Alarm))
    await enter(hass, device)
    await becomes(hass, SIREN, "unknown", supported_features=SirenEntityFeature.TURN_OFF)
    with pytest.raises(ServiceValidationError):
        await call(hass, "siren.turn_on", SIREN)


async def test_an_alarm_system(hass: HomeAssistant, device: Actor) -> None:
    status, alarm = SecuritySystem.security_system_status, SecuritySystem.alarm
    stage(Profile(SecuritySystem), *SecuritySystem.commands)
    await enter(hass, device)
    both = Arm.ARM_AWAY | Arm.ARM_HOME
    await becomes(hass, PANEL, "unknown", supported_features=both, code_arm_required=False)
    for told, shown in (
        ("armedAway", "armed_away"),
        ("armedStay", "armed_home"),
        ("disarmed", "disarmed"),
    ):
        device.show(status, told)
        await becomes(hass, PANEL, shown)
    device.show(alarm, "smoke in the kitchen")
    await becomes(hass, PANEL, "triggered")
    device.show(alarm, "")
    await becomes(hass, PANEL, "disarmed")
    for service, command in (
        ("arm_away", "armAway"),
        ("arm_home", "armStay"),
        ("disarm", "disarm"),
    ):
        said = await told_by(hass, device, f"alarm_control_panel.alarm_{service}", PANEL)
        assert said == (f"securitySystem.{command}", {}, "main")
    await device.down()
    await becomes(hass, PANEL, "unavailable")
    await device.up()


async def test_a_system_that_is_armed_in_one_way(hass: HomeAssistant, device: Actor) -> None:
    stage(Profile(SecuritySystem))
    await enter(hass, device)
    await becomes(hass, PANEL, "unknown", supported_features=Arm.ARM_AWAY)
    with pytest.raises(ServiceValidationError):
        await call(hass, "alarm_control_panel.alarm_arm_home", PANEL)
    assert device.said == []
