"""The Yeelights: a plain lamp, a ceiling lamp with a second light, a bedside lamp."""

from typing import Any, override

from tests.emulators.json_calls import Call
from tests.emulators.yeelight import YeelightEmulator

from .body import Body, Emulated
from .quirks import BACKGROUND, BACKGROUND_LEVEL, EFFECT, WHITE

UNLIMITED = 1_000_000


class Yeelight(Emulated[Call], YeelightEmulator):
    kind_of_lamp = "mono"

    def __init__(self, number: int, host: str, port: int) -> None:
        Body.__init__(self, f"0x{number + 1:016x}")
        name = f"Yeelight {number}"
        YeelightEmulator.__init__(
            self, host, port, model=self.kind_of_lamp, id=self.unique_id, name=name
        )
        self.quota = self.lan_quota = UNLIMITED

    @override
    def be_normal(self) -> None:
        super().be_normal()
        self.null_properties.clear()
        self.refused_properties.clear()
        self.odd_properties.clear()

    @override
    def state_of(self, value: float) -> dict[str, Any]:
        return {"on": True, "bright": value} if value else {"on": False}

    @property
    @override
    def value(self) -> float:
        return self._state["bright"] if self._state["on"] else 0


class YeelightCeiling(Yeelight):
    """A lamp with a background light, which a hand turns on by some values."""

    kind_of_lamp = "ceiling4"

    @override
    def state_of(self, value: float) -> dict[str, Any]:
        return {**super().state_of(value), "bg_on": value // 2 % 2 == 0}

    @property
    @override
    def sides(self) -> dict[str, Any]:
        is_on, background = self._state["on"], self._state["bg_on"]
        white = {WHITE: ...} if is_on else {}
        level = {BACKGROUND_LEVEL: round(self._state["bg_bright"] * 2.55)} if background else {}
        return {BACKGROUND: "on" if background else "off", **white, **level}


class YeelightBedside(Yeelight):
    """A lamp with a night light, of which only that brightness tells; a hand turns it on, too."""

    kind_of_lamp = "bslamp2"

    @override
    def state_of(self, value: float) -> dict[str, Any]:
        is_night = value // 2 % 2 == 0
        level = {"nl_br" if is_night else "bright": value, "active_mode": int(is_night)}
        return {"on": True, **level} if value else {"on": False}

    @property
    @override
    def value(self) -> float:
        level = self._state["nl_br" if self._state["active_mode"] else "bright"]
        return level if self._state["on"] else 0

    @property
    @override
    def sides(self) -> dict[str, Any]:
        effect = "moonlight" if self._state["active_mode"] else "daylight"
        return {WHITE: ..., EFFECT: effect} if self._state["on"] else {}
