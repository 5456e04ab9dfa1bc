"""A driver that identifies its device at an unproven address: what it sees, and what it changes."""

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, ClassVar, override

import pytest

from lan_edge import (
    Address,
    Ask,
    HttpOptions,
    IdentityError,
    Label,
    Pairing,
    Profile,
    Record,
    ReplyError,
    Ssdp,
    Stored,
    TemperatureMeasurement,
    TimedOutError,
    UnreachableError,
)
from lan_edge.device.credentials import has_secrets, identify_without_login, is_login_at_stake
from lan_edge.device.device import Device
from lan_edge.driver.identity import Identity

from ..peers import closed_port
from .secretive import ID, KINDS, SECRET, Place, Web

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


# single connections


class Eager(Web):
    """Greets its device, and asks for a password to pair."""

    id = "test_eager"

    @override
    def transport_options(self) -> HttpOptions:
        return HttpOptions(headers={"X-Token": self.secrets.get("token", "")})

    @override
    async def connected(self) -> None:
        await self.io.post("/greeting", "hello")

    @override
    async def pair(self, ask: Ask) -> None:
        self.set_secret("token", await ask.text("token", "The token"))
        await self.io.post("/login", self.secrets["token"])


class Mute(Eager):
    """Has no id."""

    id = "test_mute"

    @override
    async def identify(self) -> str:
        return ""


class AnotherError(IdentityError):
    """Discovery has said that another device is there."""

    def __init__(self) -> None:
        super().__init__(ID, "another", PLACE)


async def refuse() -> None:
    raise AnotherError


def paths(place: Place) -> list[str]:
    return [each.split()[1] for each in place.heard]


@pytest.mark.parametrize("secrets", [{}, {"token": SECRET}], ids=["new", "known"])
async def test_a_device_that_is_identified_is_asked_for_nothing_else(
    secrets: dict[str, str],
) -> None:
    async with KINDS["bearer"].place(PLACE) as place:
        device = Device(Eager, Record(), secrets=secrets)
        assert (await device.identify(place.address)).unique_id == ID
        assert paths(place) == ["/id"]
        assert SECRET not in str(place.heard)
        assert device.identity.unique_id == ""


async def test_an_id_that_cannot_be_one_is_refused() -> None:
    async with KINDS["bearer"].place(PLACE, "a\nb") as place:
        with pytest.raises(ReplyError, match="is not a valid ID of a device"):
            await Device(Eager, Record()).identify(place.address)


async def test_who_cannot_be_reached_cannot_be_identified() -> None:
    with pytest.raises(UnreachableError):
        await Device(Eager, Record()).identify(closed_port())


async def test_another_device_is_not_paired() -> None:
    async with KINDS["bearer"].place(PLACE, "another") as place:
        device = Device(Eager, Record(Identity(ID)))
        pairing = Pairing(partial(device.pair, place.address))
        with pytest.raises(IdentityError, match=f"is another, not {ID}"):
            await pairing.question()
        assert paths(place) == ["/id"]


async def test_what_does_not_say_who_it_is_is_recognized_before_it_is_paired() -> None:
    async with KINDS["bearer"].place(PLACE) as place:
        device = Device(Mute, Record(Identity(ID)))
        pairing = Pairing(partial(device.pair, place.address, recognize=refuse))
        with pytest.raises(AnotherError):
            await pairing.question()
        assert not place.heard


@pytest.mark.parametrize("secrets", [{}, {"token": SECRET}], ids=["without login", "with login"])
async def test_what_does_not_say_who_it_is_is_recognized_before_it_gets_a_login(
    secrets: dict[str, str],
) -> None:
    async with KINDS["bearer"].place(PLACE) as place:
        record = Record(Identity(ID), (Address("127.0.0.3", 9),))
        with pytest.raises(AnotherError):
            await Device(Mute, record, secrets=secrets).check(place.address, refuse)
        assert not place.heard


async def test_what_says_who_it_is_needs_no_other_proof() -> None:
    async with KINDS["bearer"].place(PLACE) as place:
        record = Record(Identity(ID), (Address("127.0.0.3", 9),))
        device = Device(Eager, record, secrets={"token": SECRET})
        assert (await device.check(place.address, refuse)).unique_id == ID


async def test_a_pairing_that_takes_too_long_is_an_error_of_the_library() -> None:
    class Impatient(Mute):
        id = "test_impatient"

        @override
        async def pair(self, ask: Ask) -> None:
            async with asyncio.timeout(5):
                await asyncio.Event().wait()

    async with KINDS["bearer"].place(PLACE) as place:
        pairing = Pairing(partial(Device(Impatient, Record()).pair, place.address))
        with pytest.raises(TimedOutError, match="the pairing took too long"):
            await pairing.question()
