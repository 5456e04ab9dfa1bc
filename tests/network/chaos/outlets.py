"""The Kasas: a bulb, a plug with a meter, and a strip of outlets that have one each."""

from typing import Any, override

from tests.emulators.kasa_models import BULBS_EMETER, Json, KasaEmulator

from .body import Body, Emulated
from .quirks import METER, OTHER_OUTLETS, THIRD_OUTLET


class Kasa(Emulated[Json], KasaEmulator):
    model_name = "LB110"
    meter = BULBS_EMETER

    def __init__(self, number: int, host: str, port: int) -> None:
        mac = f"50c7bf{number:06x}"
        Body.__init__(self, mac)
        name = f"Kasa {number}"
        KasaEmulator.__init__(self, host, port, model=self.model_name, id=mac, name=name)

    @override
    def be_normal(self) -> None:
        super().be_normal()
        self.told.clear()
        self.fields.clear()
        self.unlisted.clear()

    @property
    @override
    def answers_searches(self) -> bool:
        return False  # it is found by its MAC address


class KasaBulb(Kasa):
    @override
    def state_of(self, value: float) -> dict[str, Any]:
        return {"on": True, "brightness": value} if value else {"on": False}

    @property
    @override
    def value(self) -> float:
        level: float = self._state["brightness"]
        return level if self._state["on"] else 0

    @property
    @override
    def sides(self) -> dict[str, Any]:
        return dict.fromkeys(METER[:2], ...)  # it measures neither voltage nor current


class KasaPlug(Kasa):
    model_name = "KP115"
    meter = "emeter"

    @override
    def state_of(self, value: float) -> dict[str, Any]:
        return {"on": bool(value)}

    @property
    @override
    def value(self) -> float:
        return int(self._state["on"])

    @property
    @override
    def sides(self) -> dict[str, Any]:
        return dict.fromkeys(METER, ...)


class KasaStrip(Kasa):
    """A strip, of which the first outlet counts."""

    model_name = "HS300"
    meter = "emeter"

    def outlet(self, number: int) -> str:
        """Return the id of an outlet."""
        return list(self.outlets)[number - 1]

    @override
    async def become(self, value: float) -> None:
        self.outlets[self.outlet(1)] = bool(value)

    @property
    @override
    def value(self) -> float:
        return int(self.outlets[self.outlet(1)])

    @property
    @override
    def sides(self) -> dict[str, Any]:
        return {**dict.fromkeys(OTHER_OUTLETS, 7.5), THIRD_OUTLET: "off"}

    @override
    def _switch(self, outlet: str, arguments: Json) -> Json:
        answer = super()._switch(outlet, arguments)
        if not (self.faults.lie or self.faults.ignore):
            self.carried_out()
        return answer
