"""The bundled descriptions, each with a device that its maker's page describes."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest

import lan_edge
from lan_edge import (
    Attribute,
    Command,
    CredentialsError,
    Description,
    Device,
    EdgeError,
    Identity,
    Kind,
    Record,
    RefusedError,
    UnconfirmedError,
    compile_description,
    connect,
    read_description,
)
from lan_edge.declarative.description import ValueKind
from tests.drivers.house import shows, until

from .cases import CASES, Case, Place

FOLDER = Path(lan_edge.__path__[0]) / "descriptions"
BY_ID = {case.id: case for case in CASES}
each_case = pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
each_with_login = pytest.mark.parametrize(
    "case", [case for case in CASES if case.wrong_login], ids=lambda case: case.id
)


def description(name: str) -> Description:
    return read_description((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


@asynccontextmanager
async def driven(case: Case, emulator: Any, settings: Any = None) -> AsyncGenerator[Device]:
    driver = compile_description(description(case.id))
    given = dict(case.settings if settings is None else settings)
    async with connect(driver, emulator.address, settings=given) as device:
        yield device


def attribute(device: Device, place: Place) -> tuple[Attribute[Any], str]:
    component, _, name = place.partition(".")
    capabilities = device.profile.components[component].capabilities
    return next(a for c in capabilities for a in c.attributes if a.name == name), component


def command(device: Device, place: Place) -> tuple[Command[...], str]:
    component, _, name = place.partition(".")
    capabilities = device.profile.components[component].capabilities
    return next(k for c in capabilities for k in c.commands if k.name == name), component


def value(device: Device, place: Place) -> Any:
    return device.state.get(*attribute(device, place))


async def carry_out(device: Device, place: Place, arguments: Any) -> None:
    which, component = command(device, place)
    await device.commands.execute(which, dict(arguments), component)


def test_each_description_has_a_device() -> None:
    assert sorted(BY_ID) == sorted(path.stem for path in FOLDER.glob("*.yaml"))
    for name in BY_ID:
        assert description(name).id == name


@each_case
async def test_all_is_read(case: Case) -> None:
    async with case.emulator() as emulator, driven(case, emulator) as device:
        assert device.identity.unique_id == case.identity
        assert {place: value(device, place) for place in case.reads} == case.reads
        assert emulator.asked == []


@each_case
async def test_without_its_login_it_says_who_it_is_or_that_it_needs_one(case: Case) -> None:
    driver = compile_description(description(case.id))
    async with case.emulator() as emulator:
        device = Device(driver, Record(Identity()), settings=case.settings)
        needs_login = case.wrong_login is not None
        with suppress(CredentialsError) if needs_login else nullcontext():
            assert (await device.identify(emulator.address)).unique_id == case.identity


@each_case
def test_all_that_can_be_read_is_among_it(case: Case) -> None:
    driver = compile_description(description(case.id))
    shown = {
        f"{name}.{each.name}"
        for name, component in driver.profile.components.items()
        for capability in component.capabilities
        for each in capability.attributes
        if each.kind is not Kind.HIDDEN
    }
    assumed = {place for each in case.commands for place in each.shows} - case.reads.keys()
    alike = {f"station_{number}.valve" for number in range(1, 9)}
    assert shown - alike == (case.reads.keys() | assumed) - alike


@each_case
async def test_all_commands_are_carried_out(case: Case) -> None:
    async with case.emulator() as emulator, driven(case, emulator) as device:
        for each in case.commands:
            await carry_out(device, each.place, each.arguments)
            assert emulator.asked[-1] == with_login(case, each.sent)
            for place, shown in each.shows.items():
                which, component = attribute(device, place)
                await shows(device, which, shown, component)


def with_login(case: Case, sent: str) -> str:
    """Return a command with what is sent in each query to log in."""
    is_sprinkler = case.id == "opensprinkler"
    return f"{sent}&pw=a6d82bced638de3def1e9bbb4983225c" if is_sprinkler else sent


@each_case
def test_all_that_can_be_done_is_among_it(case: Case) -> None:
    text = description(case.id)
    own = {
        f"{name}.{key if each.kind is ValueKind.BUTTON else f'set{key[0].upper()}{key[1:]}'}"
        for name, component in text.components.items()
        for key, each in component.own.items()
        if each.set
    }
    standard = {
        f"{name}.{key}"
        for name, component in text.components.items()
        for each in component.capabilities
        for key in each.commands
    }
    tried = {each.place for each in case.commands}
    assert {p for p in own | standard if not p.startswith("station_")} == {
        p for p in tried if not p.startswith("station_")
    }


@each_case
async def test_what_is_missing_is_unknown_and_nothing_else(case: Case) -> None:
    for name, place in case.missing.items():
        async with case.emulator() as emulator, driven(case, emulator) as device:
            assert value(device, place) is not None
            emulator.left_out = {name}
            await device.commands.refresh()
            assert value(device, place) is None
            assert device.available


@each_with_login
async def test_a_wrong_login_is_refused(case: Case) -> None:
    async with case.emulator() as emulator:
        with pytest.raises((CredentialsError, RefusedError), match=r"refused|password|401"):
            async with driven(case, emulator, case.wrong_login):
                pass
        assert emulator.asked == []


@each_case
async def test_a_silent_device_is_unavailable_until_it_answers(case: Case) -> None:
    async with case.emulator() as emulator, driven(case, emulator) as device:
        emulator.silent = True
        await until_unavailable(device)
        emulator.silent = False
        await until(lambda: device.available)


async def until_unavailable(device: Device) -> None:
    """Wait until a device is unavailable, which takes as long as it is read seldom."""
    for _ in range(30):
        with suppress(EdgeError):
            await device.commands.refresh()
        if not device.available:
            return
    pytest.fail("it is still available")


@each_case
async def test_a_device_that_does_nothing_is_found_out(case: Case) -> None:
    settings = [each for each in case.commands if each.shows.keys() & case.reads.keys()]
    for each in settings[:1]:
        async with case.emulator() as emulator, driven(case, emulator) as device:
            emulator.lies = True
            with pytest.raises(UnconfirmedError):
                await carry_out(device, each.place, each.arguments)


async def test_a_charger_says_what_is_wrong() -> None:
    case = BY_ID["go_e_charger"]
    async with case.emulator() as emulator, driven(case, emulator) as device:
        emulator.accepts = range(6, 17)  # the adapter for 16 A is used
        with pytest.raises(RefusedError, match="value out of range"):
            await carry_out(device, "main.setCurrent", {"value": 20})


async def test_a_wrong_password_that_is_answered_by_200_asks_for_another() -> None:
    case = BY_ID["opensprinkler"]
    async with case.emulator() as emulator:
        with pytest.raises(CredentialsError, match="the password is"):
            async with driven(case, emulator, case.wrong_login):
                pass
        async with driven(case, emulator) as device:
            emulator.password = "another"
            with pytest.raises(CredentialsError, match="the password is"):
                await carry_out(device, "main.on", {})


async def test_a_station_that_does_not_run_cannot_be_stopped() -> None:
    case = BY_ID["opensprinkler"]
    async with case.emulator() as emulator, driven(case, emulator) as device:
        with pytest.raises(RefusedError, match="out of range"):
            await carry_out(device, "station_5.close", {})


async def test_a_printer_without_klipper_is_still_there() -> None:
    case = BY_ID["moonraker"]
    async with case.emulator() as emulator, driven(case, emulator) as device:
        assert value(device, "extruder.temperature") == 214.8
        await carry_out(device, "main.stop", {})
        await until(lambda: value(device, "main.klipper") == "Shut down")
        await until(lambda: value(device, "extruder.temperature") is None)
        assert device.available
        await emulator.put_klipper("ready")  # told, so what failed is read now, not when it is due
        await until(lambda: value(device, "extruder.temperature") == 214.8)
        assert value(device, "main.klipper") == "Ready"


async def test_a_printer_tells_what_changes() -> None:
    case = BY_ID["moonraker"]
    async with case.emulator() as emulator, driven(case, emulator) as device:
        await emulator.change("extruder", temperature=215.2)
        await until(lambda: value(device, "extruder.temperature") == 215.2)
        assert value(device, "extruder.target") == 215  # it was not told again
        assert value(device, "bed.temperature") == 59.9
        await emulator.put_klipper("ready")
        await until(lambda: any(emulator.sockets.values()))
        await emulator.change("heater_bed", target=70)
        await until(lambda: value(device, "bed.target") == 70)


async def test_a_charger_without_a_meter_is_what_it_is() -> None:
    case = BY_ID["warp_charger"]
    emulator = case.emulator()
    emulator.has_meter = False
    async with emulator, driven(case, emulator) as device:
        [own] = device.profile.components["main"].capabilities
        assert "." in own.id
        assert value(device, "main.state") == "Charging"


async def test_an_inverter_is_read_without_a_password_where_that_is_allowed() -> None:
    case = BY_ID["opendtu"]
    emulator = case.emulator()
    emulator.asks_always = False
    async with emulator, driven(case, emulator, {"inverter": case.identity}) as device:
        assert value(device, "main.power") == 140.8
        with pytest.raises((CredentialsError, RefusedError)):
            await carry_out(device, "main.setLimit", {"value": 50})
