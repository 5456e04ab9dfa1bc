"""A driver that identifies its device at an unproven address: what it sees, and what it changes."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, override

import pytest

from lan_edge import Address, Label, Profile, Record, Ssdp, Stored, TemperatureMeasurement
from lan_edge.device.credentials import has_secrets, identify_without_login, is_login_at_stake
from lan_edge.device.device import Device
from lan_edge.driver.identity import Identity

from .secretive import ID, KINDS, SECRET, Web

PLACE = Address("127.0.0.2")
PUBLIC, OPTION = "/path", 7


@dataclass(frozen=True)
class Settings:
    """One is a password."""

    interval: int = 5
    password: Annotated[str, Label(secret=True)] = ""


@dataclass
class Memory:
    """Discovery fills one field."""

    location: str = ""
    count: Annotated[int, Stored()] = 0
    token: Annotated[str, Stored(), Label(secret=True)] = ""


class Curious(Web):
    """Tells what it sees, and tries to change everything."""

    id = "test_curious"
    profile = Profile(TemperatureMeasurement)
    discovery = (Ssdp("curious", unique_id="{usn.uuid}", fields={"location": "{headers[x]}"}),)
    settings: Settings
    memory: Memory
    seen: ClassVar[list[Any]] = []

    @override
    async def identify(self) -> str:
        memory = self.memory
        self.seen.extend([dict(self.secrets), self.settings, memory.location, memory.token])
        memory.count += 1
        memory.token = "forged"
        self.set_secret("token", "forged")
        self.describe(name="forged", unique_id="forged")
        self.set_profile(Profile())
        self.emit(TemperatureMeasurement.temperature, 99.0)
        self.every(1, self.refresh)
        return await super().identify()


async def test_it_sees_no_secret_and_changes_nothing() -> None:
    record = Record(Identity(ID, name="Own"), fields={"location": PUBLIC, "token": SECRET})
    options = {"interval": OPTION, "password": SECRET}
    device = Device(Curious, record, settings=options, secrets={"token": SECRET})
    device.observer.on_secrets = device.observer.on_record = lambda: pytest.fail("it changed")
    before = record.as_dict()
    async with KINDS["pin"].place(PLACE) as place:
        assert await identify_without_login(device._core, place.address) == ID
        assert not KINDS["pin"].is_told(place)
    assert Curious.seen == [{}, Settings(OPTION), PUBLIC, ""]
    assert record.as_dict() == before
    assert device.secrets == {"token": SECRET}
    assert device.driver.memory == Memory(PUBLIC, 0, SECRET)
    assert device.state.get(TemperatureMeasurement.temperature) is None
    assert not device.counts["driver_errors"]


async def test_a_driver_that_needs_a_secret_for_it_is_told_why_there_is_none() -> None:
    device = KINDS["early"].device()
    async with KINDS["early"].place(PLACE) as place:
        assert not await identify_without_login(device._core, place.address)
        assert not place.heard
    (entry,) = (e for e in device.trace.entries() if e.kind == "connection")
    assert "the secret token is withheld until the device is identified" in entry.text


def test_what_is_a_secret() -> None:
    assert all(has_secrets(kind.device()._core) for kind in KINDS.values())
    assert all(is_login_at_stake(kind.device()._core) for kind in KINDS.values())
    for stored in ({}, {"location": "x"}, {"count": 3}):
        assert not has_secrets(Device(Curious, Record(fields=dict(stored)))._core)
    for options in ({}, {"interval": 1}, {"password": ""}):
        assert not has_secrets(Device(Curious, Record(), settings=options)._core)
