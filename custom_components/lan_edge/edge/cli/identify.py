"""Find out which driver the device at an address answers to, and its id.

Each driver asks only for the id; one whose devices report no id reads the device instead.
"""

import argparse
import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from ..device import Device, Record
from ..driver.driver import AnyDriver, Driver
from ..driver.identity import Identity
from ..errors import CredentialsError, EdgeError
from ..network.address import Address
from .drivers import add_driver_arguments, registry_with
from .exits import CallError, Exit
from .hosts import resolve_host
from .output import Output
from .settings_in import add_setting_arguments, given_settings


@dataclass(frozen=True, slots=True)
class DriverAnswer:
    """What came of asking with one driver."""

    driver: AnyDriver
    identity: Identity | None = None
    """Who answered, if it is one of the driver's devices."""
    failure: EdgeError | None = None
    has_answered: bool = False
    """Whether anything was received."""

    @property
    def is_there(self) -> bool:
        """Whether it is one of the driver's devices; it may require a login."""
        is_refused = self.has_answered and isinstance(self.failure, CredentialsError)
        return self.identity is not None or is_refused


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("host", metavar="HOST", help="where it is: 192.168.1.40, or with :PORT")
    add_driver_arguments(parser)
    add_setting_arguments(parser)


async def run(arguments: argparse.Namespace, output: Output) -> Exit:
    """Show which drivers the device answers to."""
    address = await resolve_host(arguments.host)
    drivers = (await registry_with(arguments.drivers)).drivers.values()
    answers = await ask(address, drivers, arguments.settings)
    for answer in answers:
        output.tell(_line(answer, output), **_fields(answer))
    if any(answer.is_there for answer in answers):
        return Exit.DONE
    output.note(f"Nothing at {address} answers to any driver.")
    return Exit.NOT_FOUND


async def ask(
    address: Address, drivers: Iterable[AnyDriver], settings: Iterable[str] = ()
) -> list[DriverAnswer]:
    """Ask who is at an address, by all drivers at the same time; those that are answered first.

    `settings` are NAME=VALUE, for the drivers that have them.
    """
    given = list(settings)
    answers = await asyncio.gather(*(_ask(address, driver, given) for driver in drivers))
    return sorted(answers, key=lambda each: (not each.is_there, each.driver.id))


async def one_at(host: str, path: str | None, settings: Iterable[str] = ()) -> AnyDriver:
    """Return the only driver that the device at a host answers to; raise CallError."""
    address = await resolve_host(host)
    answers = await ask(address, (await registry_with(path)).drivers.values(), settings)
    there = [answer.driver.id for answer in answers if answer.is_there]
    if len(there) == 1:
        return answers[0].driver
    found = f"several drivers: {', '.join(there)}" if there else "no driver"
    raise CallError(f"{address} answers to {found}; choose one with --driver")


async def _ask(address: Address, driver: AnyDriver, settings: list[str]) -> DriverAnswer:
    given = given_settings(driver, settings)
    device = Device(driver, Record(), settings=given)
    try:
        if driver.identify is Driver.identify or given:  # who is asked gets what was given for it
            return DriverAnswer(driver, await device.check(address))
        identity = await device.identify(address)
        if not identity.unique_id:  # nobody may have been asked
            identity = await device.check(address)
        return DriverAnswer(driver, identity)
    except EdgeError as err:
        has_answered = any(entry.kind == "received" for entry in device.trace.entries())
        return DriverAnswer(driver, failure=err, has_answered=has_answered)
    finally:
        await device.stop()


def _line(answer: DriverAnswer, output: Output) -> str:
    name = f"{answer.driver.id:16}"
    if (identity := answer.identity) is None:
        style = "yellow" if answer.is_there else "dim"
        return output.styled(f"{name}{answer.failure}", style)
    described = (identity.name, identity.manufacturer, identity.model, identity.firmware)
    known = ", ".join(filter(None, described))
    who = identity.unique_id or "it reports no id"
    return f"{output.styled(name, 'green', 'bold')}{who}{f' ({known})' if known else ''}"


def _fields(answer: DriverAnswer) -> dict[str, object]:
    failure = answer.failure
    return {
        "driver": answer.driver.id,
        "matches": answer.is_there,
        "identity": answer.identity,
        "login": isinstance(failure, CredentialsError),
        "reason": str(failure) if failure else None,
    }
