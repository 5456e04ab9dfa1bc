"""TP-Link Kasa: JSON in an XOR cipher on port 9999; TCP with a length prefix, UDP for discovery.

TP-Link has not published the protocol. Sources: softScheck's "Reverse Engineering the TP-Link
HS110" and its list of commands (cipher, framing, plugs); the documentation of tplink-smarthome-api
(children, meters, dimmers), of tplink-lightbulb (bulbs) and of python-kasa (models; a connection
may be kept open; which fields they report); DaveGut's Hubitat driver (an effect that a light strip
has shown can be read from it and set again). Not documented, but assumed: where a strip gives only
the last two digits of an outlet's id, the strip's own id comes before them; an effect that is set
turns the strip on.
Newer firmware of some models uses another protocol (KLAP), which this driver does not support.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any, ClassVar

from lan_edge import (
    MAIN,
    Capability,
    Component,
    Driver,
    FrameRequests,
    FramesOptions,
    Json,
    Profile,
    ReplyError,
    Stored,
    Switch,
    UdpProbe,
    handles,
    mac_address,
    register,
    text_at,
)

from .protocol import (
    MAX_OUTLETS,
    METERS,
    PORT,
    Cipher,
    answer,
    children_of,
    read_probe,
    readings_of,
    switched,
    unique_id,
)

OUTLET = "outlet"


@dataclass
class KasaMemory:
    outlets: Annotated[tuple[str, ...], Stored()] = ()
    """TP-Link's ids of a strip's outlets: the first is that of outlet_1."""
    effects: Annotated[tuple[str, ...], Stored()] = ()
    """The effects that a light strip has shown, as it describes them in JSON."""
    abilities: Annotated[tuple[str, ...], Stored()] = ()
    """The fields that have told what the device can do; one may be missing later."""


@register
class Kasa(Driver[FrameRequests]):
    id = "kasa"
    help = "Some newer models and firmware versions use a protocol (KLAP) that is not supported."
    memory: KasaMemory
    discovery = (
        UdpProbe(
            PORT,
            Cipher().encode({"system": {"get_sysinfo": {}}}),
            read=read_probe,
            unique_id="{reply[id]}",
            name="{reply[alias]}",
            manufacturer="TP-Link",
            model="{reply[model]}",
        ),
    )
    profile = Profile(main=Component((Switch,), category=OUTLET))
    parts = tuple(capability for capability, *_ in METERS)
    options = FramesOptions(port=PORT, codec=Cipher)
    private = ("alias", "deviceId", "fwId", "hwId", "oemId")
    meter: ClassVar[str] = "emeter"

    async def identify(self) -> str:
        sysinfo = await self.sysinfo()
        if not (own_id := unique_id(sysinfo)):
            raise ReplyError(t"the device reports no ID")
        self.describe(
            name=text_at(sysinfo, "alias"),
            manufacturer="TP-Link",
            model=text_at(sysinfo, "model"),
            firmware=text_at(sysinfo, "sw_ver"),
            mac=mac_address(own_id),
        )
        return own_id

    async def refresh(self) -> None:
        sysinfo = await self.sysinfo()
        is_strip = "children" in sysinfo and "relay_state" not in sysinfo
        if is_strip or children_of(sysinfo) or self.memory.outlets:
            await self.refresh_outlets(sysinfo)
        else:
            await self.refresh_main(sysinfo)

    async def refresh_main(self, sysinfo: Json) -> None:
        meter = await self.read_meter(sysinfo)
        main = type(self).profile.components[MAIN]
        has = (*self.capabilities(sysinfo), *self.metered(sysinfo, meter))
        self.set_profile(Profile(main=replace(main, capabilities=has)))
        self.report(sysinfo)
        self.report_meter(meter)

    async def refresh_outlets(self, sysinfo: Json) -> None:
        outlets = self.number_outlets(children_of(sysinfo))
        if not self.memory.outlets:
            raise ReplyError(t"the strip does not list its outlets")
        meters = {part: await self.read_meter(sysinfo, part) for part in outlets}
        has: tuple[type[Capability], ...] = (Switch, *self.metered(sysinfo, {}))
        parts = {
            part: Component(has, text_at(outlet, "alias"), child=True, category=OUTLET)
            for part, outlet in outlets.items()
        }
        self.set_profile(Profile(**parts))
        for part, outlet in outlets.items():
            self.emit(Switch.switch, switched(outlet.get("state")), part)
            self.report_meter(meters[part], part)

    # reading

    def has_meter(self, sysinfo: Json) -> bool:
        features: Any = sysinfo.get("feature")
        return self.can("feature", "ENE" in features if isinstance(features, str) else None)

    def can(self, name: str, reported: bool | None) -> bool:
        """Return whether the device can do something: as reported now, or else as reported last."""
        known = self.memory.abilities
        if reported is not None and reported != (name in known):
            others = tuple(each for each in known if each != name)
            self.memory.abilities = (*others, name) if reported else others
        return name in self.memory.abilities

    def metered(self, sysinfo: Json, meter: Json) -> list[type[Capability]]:
        """Return what the meter measures, whether or not it answers at the moment."""
        del meter
        return [capability for capability, *_ in METERS] if self.has_meter(sysinfo) else []

    def capabilities(self, sysinfo: Json) -> list[type[Capability]]:
        del sysinfo
        return [Switch]

    def report(self, sysinfo: Json) -> None:
        self.emit(Switch.switch, switched(sysinfo.get("relay_state")))

    def report_meter(self, meter: Json, part: str = MAIN) -> None:
        for capability, attribute, value in readings_of(meter):
            if self.has(capability, part):
                self.emit(attribute, value, part)

    async def sysinfo(self) -> Json:
        return await self.call("system", "get_sysinfo")

    async def read_meter(self, sysinfo: Json, part: str = MAIN) -> Json:
        if not self.has_meter(sysinfo):
            return {}
        read = partial(self.call, self.meter, "get_realtime", part)
        return await self.optional(read, *self.metered(sysinfo, {}), component=part) or {}

    def number_outlets(self, outlets: dict[str, Json]) -> dict[str, Json]:
        """Return the outlets by component; each keeps its number, also while others are missing."""
        known = self.memory.outlets
        numbered = (*known, *(own_id for own_id in outlets if own_id not in known))
        if len(numbered) > MAX_OUTLETS:
            numbered = tuple(outlets)
        self.memory.outlets = numbered
        return {part: outlets[own_id] for part, own_id in self.outlets.items() if own_id in outlets}

    @property
    def outlets(self) -> dict[str, str]:
        """TP-Link's id of each outlet, by component."""
        return {f"outlet_{n}": own_id for n, own_id in enumerate(self.memory.outlets, 1)}

    # commands

    async def call(self, module: str, method: str, part: str = MAIN, /, **arguments: Any) -> Json:
        outlet = self.outlets.get(part)
        context: Json = {"context": {"child_ids": [outlet]}} if outlet else {}
        question = {**context, module: {method: arguments}}
        return answer(await self.io.ask(question, again=True), module, method)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.call("system", "set_relay_state", self.component, state=1)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.call("system", "set_relay_state", self.component, state=0)
