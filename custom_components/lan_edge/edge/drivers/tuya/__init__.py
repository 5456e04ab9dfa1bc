"""Tuya: frames with AES on port 6668, versions 3.1 to 3.5; numbered data points; UDP beacons.

Tuya has not published the protocol on the local network. Sources: the documentation of tinytuya
(commands, frames, session keys, the eight vocabularies of covers) and of TuyAPI; frames of real
devices in users' reports, which the tests repeat; Tuya's own lists of standard data points by
category (developer.tuya.com). Not documented, but assumed:
- what a device is, by its points: the same numbers have another meaning in another category, so
  the user can correct it in the settings;
- that white is 2000 to 6500 K, and that a cover at 0 is open: as Home Assistant's `tuya` has it;
- that a device takes five messages a second for long: users report that faster ones disconnect.
Version 3.1 reads the state without the key, and 3.1 and 3.3 do not prevent that old messages are
sent again by others. Devices that only answer a request on port 7000 are not found by it.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from lan_edge import (
    AirConditionerFanMode,
    AirConditionerMode,
    Ask,
    Attribute,
    FanSpeed,
    Frames,
    FramesOptions,
    LengthFramer,
    LightIntent,
    Pace,
    PointsPart,
    Profile,
    ShadeState,
    Switch,
    ThermostatCoolingSetpoint,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    ThermostatModeValue,
    UdpBeacon,
    WindowShade,
    WindowShadeLevel,
    handles,
    register,
    text_at,
)

from .entered import ASK_ID, ASK_KEY, ASK_VERSION, check_id, check_key, clean_key
from .kinds import KINDS
from .lights import light_in
from .meanings import TargetHumidity
from .protocol import (
    GCM_PREFIX,
    PREFIX,
    VERSIONS,
    WITH_GCM,
    WITH_SESSION,
    TuyaCodec,
    negotiate,
    read_beacon,
)
from .talking import METER_INTERVAL, TuyaTalk

PORT, BEACON_PORTS = 6668, (6666, 6667, 7000)
OPTIONS = FramesOptions(
    port=PORT,
    framer=partial(LengthFramer, 4, start=PREFIX, header=8),
    codec=TuyaCodec,
    pace=Pace(gap=0.2, burst=4),
    pipelined=False,
)
GCM_FRAMER = partial(LengthFramer, 4, start=GCM_PREFIX, header=10, extra=-4)
TRUST = 3
"""How many negotiations may fail in a row before the key that was right is doubted."""
OFF = {Switch.switch: False}
BEAT = 9  # seconds; a device to which nothing is sent for 30 closes the connection


@register
class Tuya(TuyaTalk):
    id = "tuya"
    help = (
        "Close the Tuya or Smart Life app on all phones: many devices accept only one connection "
        "at a time. A device that was paired again in the app has a new local key."
    )
    discovery = tuple(
        UdpBeacon(
            port,
            read=read_beacon,
            unique_id="{beacon[gwId]}",
            name="Tuya {beacon[gwId][-6:]}",
            manufacturer="Tuya",
            model="{beacon[productKey]}",
            fields={"device_id": "{beacon[gwId]}", "version": "{beacon[version]}"},
        )
        for port in BEACON_PORTS
    )
    profile = Profile()
    parts = KINDS.capabilities
    options = OPTIONS
    fades = False
    is_proven_by_key = True
    private = ("gwId", "devId", "uid", "cid", "cids")

    def transport_options(self) -> FramesOptions:
        key, version = self.secrets["local_key"].encode(), self.version
        return replace(
            OPTIONS,
            codec=partial(TuyaCodec, version, key),
            framer=GCM_FRAMER if version == WITH_GCM else OPTIONS.framer,
            login=self.log_in if version >= WITH_SESSION else None,
        )

    async def log_in(self, io: Frames) -> None:
        memory, is_certain = self.memory, self.memory.trust > 0 or self.version < WITH_GCM
        memory.trust = max(memory.trust - 1, 0)
        await negotiate(io, is_certain=is_certain)
        memory.trust = TRUST

    async def pair(self, ask: Ask) -> None:
        """Ask for the key, and for what the device announces otherwise; they are tried then."""
        memory = self.memory
        if not memory.device_id:
            memory.device_id = await ask.text("device_id", ASK_ID, check_id, secret=False)
            versions = {version: version for version in reversed(VERSIONS)}
            memory.version = await ask.choice("version", ASK_VERSION, versions)
        self.set_secret("local_key", clean_key(await ask.text("local_key", ASK_KEY, check_key)))

    async def identify(self) -> str:
        self.describe(manufacturer="Tuya", serial_number=self.memory.device_id)
        if self.secrets["local_key"] and self.version < WITH_SESSION:
            reported = (await self.query()).data
            return text_at(reported, "devId") or self.memory.device_id
        return self.memory.device_id  # the negotiation has proven it

    async def connected(self) -> None:
        self.memory.is_asked_by_number = False
        self.every(BEAT, self.beat)
        self.every(METER_INTERVAL, self.measure)

    # commands

    async def set(self, values: Mapping[Attribute[Any], Any]) -> None:
        """Set what attributes of the component become."""
        part = self.part(PointsPart)
        await self.send_points(part.encoded(values), part.unit.id)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.set({Switch.switch: True})

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.set({Switch.switch: False})

    @handles(LightIntent)
    async def change_light(self, intent: LightIntent) -> None:
        part = self.part(PointsPart)
        await self.send_points(light_in(part).changed(intent), part.unit.id)

    @handles(WindowShade.open)
    async def open_cover(self) -> None:
        await self.set({WindowShade.window_shade: ShadeState.OPEN})

    @handles(WindowShade.close)
    async def close_cover(self) -> None:
        await self.set({WindowShade.window_shade: ShadeState.CLOSED})

    @handles(WindowShade.pause)
    async def stop_cover(self) -> None:
        await self.set({WindowShade.window_shade: ShadeState.PARTIALLY_OPEN})

    @handles(WindowShadeLevel.set_shade_level)
    async def set_position(self, shade_level: int) -> None:
        await self.set({WindowShadeLevel.shade_level: shade_level})

    @handles(ThermostatMode.set_thermostat_mode)
    async def set_thermostat_mode(self, mode: ThermostatModeValue) -> None:
        await self.set({ThermostatMode.thermostat_mode: mode})

    @handles(ThermostatHeatingSetpoint.set_heating_setpoint)
    async def set_target(self, setpoint: float) -> None:
        await self.set({ThermostatHeatingSetpoint.heating_setpoint: setpoint})

    @handles(ThermostatCoolingSetpoint.set_cooling_setpoint)
    async def set_cooling_target(self, setpoint: float) -> None:
        await self.set({ThermostatCoolingSetpoint.cooling_setpoint: setpoint})

    @handles(TargetHumidity.set_target_humidity)
    async def set_target_humidity(self, humidity: int) -> None:
        await self.set({TargetHumidity.target_humidity: humidity})

    @handles(AirConditionerMode.set_air_conditioner_mode)
    async def set_air_conditioner_mode(self, mode: str) -> None:
        await self.set({AirConditionerMode.air_conditioner_mode: mode})

    @handles(AirConditionerFanMode.set_fan_mode)
    async def set_fan_mode(self, fan_mode: str) -> None:
        await self.set({AirConditionerFanMode.fan_mode: fan_mode})

    @handles(FanSpeed.set_fan_speed)
    async def set_speed(self, speed: int) -> None:
        await self.set({Switch.switch: True, FanSpeed.fan_speed: speed} if speed else OFF)
