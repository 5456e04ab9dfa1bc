"""Sonoff (eWeLink): JSON by HTTP to port 8081, state in its mDNS record; DIY mode or encrypted.

Sources: the maker's *DIY mode API protocol* 1.4 and 2.2 (codes of errors, `seq`, 200 ms between
requests; switch, dimmer and lamp); pysonofflanr3 (encryption, which the maker described once);
SonoffLAN and its issues (fields of the devices that the maker does not describe). Not documented:
- how many outlets a device has: most list four, so the user says how many there are;
- the unit of power, current and voltage: a voltage over 1000 means that all are in hundredths;
- that a key is wrong: it is if the device refuses an encrypted request, and announces what does
  not decrypt.
Not tested with a real device yet.
"""

from lan_edge import (
    MAIN,
    Ask,
    CarbonDioxideMeasurement,
    CredentialsError,
    CurrentMeasurement,
    DustSensor,
    FanSpeed,
    HttpOptions,
    Mdns,
    Pace,
    PowerMeter,
    Profile,
    RelativeHumidityMeasurement,
    ReplyError,
    Switch,
    SwitchLevel,
    TemperatureMeasurement,
    VoltageMeasurement,
    WindowShade,
    WindowShadeLevel,
    handles,
    handles_many,
    register,
    text_at,
)

from .covers import opened
from .fans import FAN_LIGHT, part_of
from .sealing import unsealed
from .talking import DATA, NOT_ENCRYPTED, OTHER_DEVICE, SonoffTalk

KINDS = (
    *("plug", "strip", "enhanced_plug", "th_plug", "multifun_switch", "switch_radar", "light"),
    *("diy_plug", "diylight", "diy_light", FAN_LIGHT),
)


@register
class Sonoff(SonoffTalk):
    id = "sonoff"
    help = (
        "The device key is needed, unless the device is in DIY mode: LAN Edge's page on Sonoff "
        "says how to get it."
    )
    discovery = tuple(
        Mdns(
            "_ewelink._tcp.local.",
            unique_id="{txt[id]}",
            name="Sonoff {txt[id]}",
            manufacturer="Sonoff",
            model="{txt[type]}",
            where={"txt[type]": kind},
            fields={"kind": "{txt[type]}", "encrypt": "{txt[encrypt]}", "data": DATA}
            | {"iv": "{txt[iv]}"},
        )
        for kind in KINDS
    )
    profile = Profile()
    parts = (
        *(Switch, SwitchLevel, WindowShade, WindowShadeLevel),
        *(TemperatureMeasurement, RelativeHumidityMeasurement),
        *(PowerMeter, CurrentMeasurement, VoltageMeasurement),
        *(CarbonDioxideMeasurement, DustSensor, FanSpeed),
    )
    options = HttpOptions(
        port=8081, headers={"Connection": "close"}, pace=Pace(gap=0.2), again=True
    )
    on_first = True
    fades = False
    key_only_encrypts = True
    private = ("ssid", "bssid", "staMac", "selfApikey", "deviceid")

    # who it is, and its key

    async def identify(self) -> str:
        error, info = await self.request("info" if self.is_diy else "signal_strength")
        if error == OTHER_DEVICE:
            return ""
        self.describe(manufacturer="Sonoff", firmware=text_at(info, "fwVersion"))
        return text_at(info, "deviceid") or self.device_id

    async def pair(self, ask: Ask) -> None:
        if self.is_diy and (await self.request("info"))[0] != NOT_ENCRYPTED:
            return
        if not self.device_id:
            text = "The device ID: ten characters, in the eWeLink app"
            self.memory.device_id = await ask.text("device_id", text, secret=False)
        key = await ask.text("device_key", "The device key of its eWeLink account", self.check_key)
        self.set_secret("key", key)

    async def check_key(self, key: str) -> None:
        """Raise CredentialsError unless the key decrypts what it announced, or it accepts it."""
        try:
            unsealed(self.memory.data, self.memory.iv, key)
        except ReplyError:
            if (await self.request("signal_strength", key=key))[0] != 0:
                raise CredentialsError("this is not the key of the device") from None

    # commands

    @handles_many(Switch.on)
    async def turn_on(self, components: tuple[str, ...] = (MAIN,)) -> None:
        await self.switch(components, "on")

    @handles_many(Switch.off)
    async def turn_off(self, components: tuple[str, ...] = (MAIN,)) -> None:
        await self.switch(components, "off")

    async def switch(self, components: tuple[str, ...], word: str) -> None:
        if self.memory.kind == FAN_LIGHT:
            for what in map(part_of, components):
                await self.ask(what, {what: word})
            return
        if not self.memory.outlets:
            mode = {"mainSwitch": word, "deviceType": "normal"}  # not by its own thermostat
            more = mode if self.memory.kind == "th_plug" else {}
            await self.ask("switch", {"switch": word, **more})
            return
        numbers = [0 if c == MAIN else int(c[-1]) - 1 for c in components]
        switches = [{"switch": word, "outlet": n} for n in numbers]
        side = {"operSide": 1} if self.has(PowerMeter) else {}
        await self.ask("switches", {"switches": switches, **side})

    @handles(FanSpeed.set_fan_speed)
    async def set_fan_speed(self, speed: int) -> None:
        await self.ask("fan", {"fan": "on", "speed": speed} if speed else {"fan": "off"})

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int) -> None:
        if not level:
            await self.switch((MAIN,), "off")
        else:
            await self.ask("dimmable", {"switch": "on", "brightness": level, "mode": 0})

    @handles(WindowShade.open)
    async def open(self) -> None:
        await self.move("on", 1)

    @handles(WindowShade.close)
    async def close(self) -> None:
        await self.move("off", 2)

    @handles(WindowShade.pause)
    async def pause(self) -> None:
        await self.move("pause", 0)

    async def move(self, word: str, turn: int) -> None:
        if self.memory.by_position:
            await self.ask("switch", {"switch": word})
        else:
            await self.ask("motorTurn", {"motorTurn": turn})

    @handles(WindowShadeLevel.set_shade_level)
    async def set_shade_level(self, shade_level: int) -> None:
        if self.memory.by_position:
            await self.ask("setclose", {"setclose": opened(shade_level)})
        else:
            await self.ask("location", {"location": shade_level})
