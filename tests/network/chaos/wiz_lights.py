"""The WiZ lights: one with one head, and one with two."""

from typing import Any, override

from tests.emulators.rewriting import MISSING, rewritten
from tests.emulators.wiz import WizEmulator

from .body import Body
from .quirks import EFFECT

SCENE, SCENE_NAME = 4, "Party"
COLOR = {"r": 255, "g": 0, "b": 0}


class Wiz(WizEmulator, Body):
    """A WiZ light; UDP, so there are no connections to break."""

    module: tuple[str, str] = ("ESP01_SHRGB_03", "1.25.0")
    """Its name and firmware."""

    def __init__(self, number: int, host: str, port: int) -> None:
        Body.__init__(self, f"a8bb50{number:06x}")
        self._by_hand = True  # what it is when new
        WizEmulator.__init__(self, *self.module, host=host, port=port)
        self._by_hand = False
        self.id, self.name = self.unique_id, f"WiZ {number}"

    def show_scene(self) -> None:
        """Be set to a scene by hand."""
        self._set_mode({"sceneId": SCENE})

    def end_scene(self) -> None:
        """Be set to a scene, then to a colour; from then on, tell nothing of scenes."""
        self.show_scene()
        self.faults.rewrite = without_scene
        self._set_mode(COLOR)

    def name_head(self) -> None:
        """Say in pushes which of its heads they are about."""
        self.tags_single_head = True
        self.push()

    @override
    def be_normal(self) -> None:
        super().be_normal()
        self.tags_single_head = False
        self._set_mode(COLOR)

    def _set_mode(self, mode: dict[str, Any]) -> None:
        self._by_hand = True
        self.enter(mode)
        self._by_hand = False
        self.push()

    @property
    @override
    def sides(self) -> dict[str, Any]:
        return sides_of(self.pilot)

    @override
    def enter(self, wanted: dict[str, Any]) -> None:
        super().enter(wanted)
        self.carried_out()

    @property
    @override
    def value(self) -> float:
        return self.pilot["dimming"] if self.pilot["state"] else 0

    @property
    @override
    def left(self) -> dict[str, int]:
        return {"registrations": len(self.clients)}

    @override
    async def power(self, *, on: bool) -> None:
        self.clients.clear()
        await (self._listen() if on else self._close())

    @override
    async def go(self, address: str) -> None:
        await self.move(address, old="closed")

    @override
    async def become(self, value: float) -> None:
        self._by_hand = True
        await self.change(**({"on": True, "dimming": value} if value else {"on": False}))
        self._by_hand = False

    @override
    async def reset(self) -> None:
        """Have nothing to reset."""

    @override
    def forget(self) -> None:
        self.clients.clear()

    @override
    async def babble(self, data: bytes) -> None:
        self.say(data)


class WizPair(Wiz):
    """A light with two heads: it is what the first is that is on; a hand is at one of them."""

    module = ("ESP20_DHRGB_01", "1.35.0")

    def __init__(self, number: int, host: str, port: int) -> None:
        super().__init__(number, host, port)
        self.second = {"state": False, "dimming": 30, "sceneId": 0, "temp": 5000}

    @override
    def enter(self, wanted: dict[str, Any]) -> None:
        if self.second is not None and not self._by_hand:  # both are commanded
            self.second |= wanted
        super().enter(wanted)

    @override
    async def become(self, value: float) -> None:
        heads = [self.pilot, self.second or {}]
        mine, other = heads if value // 2 % 2 else reversed(heads)
        mine |= {"state": True, "dimming": value} if value else {"state": False}
        other["state"] = False
        self.push()

    @property
    def _shown(self) -> dict[str, Any]:
        is_second = self.second is not None and not self.pilot["state"] and self.second["state"]
        return self.second or {} if is_second else self.pilot

    @property
    @override
    def value(self) -> float:
        return self._shown["dimming"] if self._shown["state"] else 0

    @property
    @override
    def sides(self) -> dict[str, Any]:
        return sides_of(self._shown)


def without_scene(asked: str, answer: bytes) -> bytes | None:
    """Return a push or a reading that leaves out which scene is shown."""
    inner = "params" if asked == "syncPilot" else "result"
    return rewritten(answer, (inner, "sceneId"), MISSING)


def sides_of(pilot: dict[str, Any]) -> dict[str, Any]:
    """Return what a head tells besides its level."""
    is_scene = pilot.get("sceneId") == SCENE
    return {EFFECT: SCENE_NAME if is_scene else "off"} if pilot["state"] else {}
