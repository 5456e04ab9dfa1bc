"""Components that are devices of their own: they come and go, each available or not."""

from typing import Any, override

import pytest

from lan_edge import (
    AudioMute,
    Component,
    Confirm,
    Device,
    Driver,
    DriverContext,
    DriverError,
    Identity,
    IdentityError,
    JsonRpc,
    JsonRpcOptions,
    OfflineError,
    Profile,
    Record,
    Switch,
    SwitchLevel,
    UnsupportedError,
    handles,
)
from lan_edge.capabilities.profile import MAX_ABSENT
from lan_edge.connection import availability, backoff as backoff_module

from ..bench import BenchDevice, new_device, online
from ..peers import until

HALL = {"name": "Hall", "on": False, "there": True}
PORCH = {"name": "Porch", "on": True, "there": False}


class Bridge(Driver[JsonRpc]):
    """Reports its lamps, by their ids."""

    id = "test_bridge"
    profile = Profile()
    parts = (Switch,)
    options = JsonRpcOptions(timeout=0.5)
    confirm = Confirm.ANSWER

    @override
    async def identify(self) -> str:
        await self.io.call("get")  # some devices report everything before their id
        return str((await self.io.call("info"))["id"])

    @override
    async def refresh(self) -> None:
        await self.io.call("get")

    @override
    def on_message(self, message: JsonRpc.Message) -> None:
        if "lamps" not in message.data:
            return
        lamps: dict[str, Any] = message.data["lamps"]
        self.remove_components(*message.data.get("deleted", ()))
        self.set_profile(
            Profile(**{k: Component((Switch,), v["name"], child=True) for k, v in lamps.items()})
        )
        for key, lamp in lamps.items():
            if "there" in lamp:
                self.set_available(key, lamp["there"])
            self.emit(Switch.switch, lamp["on"], key)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.call("set", lamp=self.component, on=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.call("set", lamp=self.component, on=False)


async def report(peer: BenchDevice, lamps: dict[str, Any]) -> None:
    peer.state = {"lamps": lamps}
    await peer.push(**peer.state)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(availability, "GRACE", 0.05)
    monkeypatch.setattr(backoff_module, "SHORTEST_DELAY", 0.01)


async def test_components_come_and_go() -> None:
    async with BenchDevice() as peer:
        peer.state = {"lamps": {"a": HALL}}
        device = new_device(Bridge, peer.address)
        profiles = list[list[str]]()
        device.observer.on_profile = lambda: profiles.append(list(device.profile.components))
        async with online(device):
            assert device.state.get(Switch.switch, "a") is False
            await report(peer, {"a": HALL, "b": {**PORCH, "there": True}})
            await until(lambda: device.state.get(Switch.switch, "b"))
            assert device.component_available("b")
            await device.commands.execute(Switch.on, {}, "b")
            assert peer.sets == [{"lamp": "b", "on": True}]
            await report(peer, {"b": {**PORCH, "name": "Garden", "there": True}})
            await until(lambda: len(profiles) == 3)
            assert profiles == [["a"], ["a", "b"], ["b", "a"]]
            assert device.profile.components["b"].name == "Garden"
            peer.state = {"lamps": {"b": PORCH}, "deleted": ["a"]}
            await peer.push(**peer.state)
            await until(lambda: "a" not in device.profile.components)
            with pytest.raises(UnsupportedError):
                await device.commands.execute(Switch.on, {}, "a")
        kept = Record.from_dict(device.record.as_dict())
        assert kept.profile == device.profile


async def test_a_component_that_is_not_listed_stays_and_is_unavailable() -> None:
    async with BenchDevice() as peer:
        peer.state = {"lamps": {"a": HALL, "b": {**PORCH, "there": True}}}
        device = new_device(Bridge, peer.address)
        async with online(device):
            hall = device.profile.components["a"]
            reported = list[bool]()
            device.observer.on_available = lambda: reported.append(device.component_available("a"))
            for _ in range(2):
                await report(peer, {"b": {**PORCH, "there": True}})
            await until(lambda: reported)
            assert reported == [False]
            assert device.profile.components["a"] is hall
            assert device.state.get(Switch.switch, "a") is None
            with pytest.raises(OfflineError, match="the device reports that Hall is unavailable"):
                await device.commands.execute(Switch.on, {}, "a")
            await report(peer, {"a": {**HALL, "on": True}})
            await until(lambda: device.component_available("a"))
            assert device.state.get(Switch.switch, "a") is True


class Knowing(Bridge):
    """Notes which components it has."""

    id = "test_knowing_bridge"

    def __init__(self, context: DriverContext) -> None:
        super().__init__(context)
        self.first = dict(self.known_components)

    @override
    async def identify(self) -> str:
        self.at_identify = list(self.known_components)
        return await super().identify()


async def test_a_driver_knows_its_components_from_before() -> None:
    async with BenchDevice() as peer:
        peer.state = {"lamps": {"b": PORCH}}
        hall = Component((Switch,), "Hall", child=True)
        before = Record(Identity("bench-1"), (peer.address,), Profile(a=hall))
        device = Device(Knowing, Record.from_dict(before.as_dict()))
        async with online(device):
            driver: Any = device.driver
            assert driver.first == {"a": hall}
            assert driver.at_identify == ["a"]
            assert driver.known_components == dict(device.profile.components)
            assert list(driver.known_components) == ["b", "a"]
            with pytest.raises(TypeError):
                driver.known_components["c"] = hall


def test_without_a_stored_profile_it_knows_the_declared_one() -> None:
    class Plain(Bridge):
        id = "test_plain_bridge"
        profile = Profile(Switch)

        def __init__(self, context: DriverContext) -> None:
            super().__init__(context)
            self.first = list(self.known_components)

    driver: Any = new_device(Plain).driver
    assert driver.first == ["main"]


async def test_what_is_not_listed_after_a_restart_is_kept_too() -> None:
    async with BenchDevice() as peer:
        peer.state = {"lamps": {"b": PORCH}}
        device = new_device(Bridge, peer.address)
        hall = Component((Switch,), "Hall", child=True)
        device.record.profile = Profile(a=hall, b=Component((Switch,), "Porch", child=True))
        async with online(device):
            assert device.profile.components["a"] == hall
            assert not device.component_available("a")
            assert not device.remove_absent_component("b")
        assert device.remove_absent_component("a")  # also while the device is off
        assert list(device.profile.components) == ["b"]


async def test_those_that_have_been_missing_longest_are_removed_when_there_are_too_many() -> None:
    async with BenchDevice() as peer:
        peer.state = {"lamps": {}}
        device = new_device(Bridge, peer.address)
        async with online(device):
            for n in range(MAX_ABSENT + 3):
                await report(peer, {f"p{n}": HALL})
            await until(lambda: f"p{MAX_ABSENT + 2}" in device.profile.components)
            wanted = {f"p{n}" for n in range(2, MAX_ABSENT + 3)}
            assert device.profile.components.keys() == wanted


async def test_each_component_is_available_or_not() -> None:
    async with BenchDevice() as peer:
        peer.state = {"lamps": {"a": HALL, "b": PORCH}}
        device = new_device(Bridge, peer.address)
        reported = list[tuple[bool, bool]]()
        device.observer.on_available = lambda: reported.append(
            (device.component_available("a"), device.component_available("b"))
        )
        async with online(device):
            assert reported[-1] == (True, False)
            with pytest.raises(OfflineError, match="the device reports that Porch is unavailable"):
                await device.commands.execute(Switch.on, {}, "b")
            await device.commands.execute(Switch.on, {}, "a")
            assert peer.sets == [{"lamp": "a", "on": True}]
            reported.clear()
            for _ in range(2):
                await report(peer, {"a": HALL, "b": {**PORCH, "there": True}})
            await until(lambda: reported)
            await device.commands.execute(Switch.on, {}, "b")
            assert reported == [(True, True)]
            await report(peer, {"a": {**HALL, "there": False}})
            await until(lambda: not device.component_available("a"))
            assert not device.component_available("b")  # it is not listed
            await report(peer, {"a": {"name": "Another", "on": False}, "b": HALL})
            await until(lambda: device.component_available("b"))
            assert not device.component_available("a")
            for lamps in ({"b": HALL}, {"a": {"name": "Another", "on": False}}):
                await report(peer, lamps)
            await until(lambda: device.component_available("a"))  # listed again, so it is there
        assert not device.component_available("a")


async def test_no_component_is_available_while_the_device_is_not() -> None:
    async with BenchDevice() as peer:
        peer.state = {"lamps": {"a": HALL, "b": PORCH}}
        device = new_device(Bridge, peer.address)
        device.start()
        await until(lambda: device.component_available("a"))
    await until(lambda: not device.component_available("a"))
    with pytest.raises(OfflineError):
        await device.commands.execute(Switch.on, {}, "a")
    async with BenchDevice(port=peer.address.port) as peer:
        peer.state = {"lamps": {"a": {**HALL, "there": False}, "b": {**PORCH, "there": True}}}
        device.connection.sighted(peer.address)
        await until(lambda: device.component_available("b"))
        assert not device.component_available("a")
        await device.stop()


async def test_the_components_of_an_impostor_are_ignored() -> None:
    async with BenchDevice(unique_id="impostor") as peer:
        peer.state = {"lamps": {"c": HALL}}
        device = new_device(Bridge, peer.address)
        device.record.profile = known = Profile(a=Component((Switch,), "Hall", child=True))
        device.start()
        await until(lambda: isinstance(device.connection.reason, IdentityError))
        assert device.profile is known
        await device.stop()


def test_dynamic_parts_are_checked_when_the_class_is_defined() -> None:
    with pytest.raises(DriverError, match=r"no handler for audioMute.setMute"):

        class Mute(Driver[JsonRpc]):
            id = "test_mute"
            profile = Profile()
            parts = (AudioMute,)

    with pytest.raises(DriverError, match="does not have switchLevel"):

        class Dimmed(Bridge):
            @handles(SwitchLevel.set_level)
            async def set_level(self, level: int, rate: float | None = None) -> None:
                del level, rate
