"""Opens the device of a command: loads what is kept of it, pairs it if needed, and connects it."""

import argparse
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from ..device import Device, Runtime
from ..driver.driver import AnyDriver
from ..driver.pairing import ChoiceQuestion, Pairing, PressQuestion, Question, TextQuestion
from ..errors import CredentialsError
from ..finder.calling import calls_by_itself, first_call
from ..finder.connecting import connected
from ..network.address import Address
from .hosts import parse_host, resolve_host
from .lines_in import LineReader
from .output import Output
from .settings_in import add_setting_arguments, entered_settings
from .state_file import StateFile

PATIENCE = 60.0
"""Seconds for a driver to ask its next question, besides the user's own."""


def add_device_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of commands that connect a device."""
    parser.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        help="keep what the device was paired with in this file; by default, it is forgotten",
    )
    add_setting_arguments(parser)


@asynccontextmanager
async def opened(
    driver: AnyDriver, arguments: argparse.Namespace, output: Output, reader: LineReader
) -> AsyncGenerator[Device]:
    """Connect the device of a driver at the host of the arguments; raise EdgeError."""
    address = await resolve_host(arguments.host)
    state = StateFile(arguments.state)
    key = f"{driver.id} {parse_host(arguments.host)}"
    kept = state.load(key)
    kept.record.addresses = (address,)
    settings = await entered_settings(driver, arguments.settings, output, reader)
    runtime = Runtime()
    try:
        if calls_by_itself(driver) and not kept.record.identity.unique_id:
            waits = partial(_say_that_it_waits, output)
            kept.record.identity = await first_call(driver, address, runtime.listener, waits)
        device = Device(
            driver, kept.record, settings=settings, secrets=kept.secrets, runtime=runtime
        )
        if driver.pairs() and not kept.secrets:
            await pair(device, address, output, reader)
        async with connected(device, address):
            state.save(key, device)
            yield device
            state.save(key, device)
    finally:
        await runtime.close()


def _say_that_it_waits(output: Output, where: str) -> None:
    output.note(f"Waiting until the device calls {where}.")


async def pair(device: Device, address: Address, output: Output, reader: LineReader) -> None:
    """Pair a device: ask its driver's questions; raise EdgeError."""
    pairing = Pairing(lambda ask: device.pair(address, ask))
    if help_text := type(device.driver).help:
        output.note(help_text)
    try:
        seconds = 0.0
        while (question := await pairing.question(seconds + PATIENCE)) is not None:
            seconds = question.seconds if isinstance(question, PressQuestion) else 0.0
            pairing.answer(await _answer(question, output, reader))
    finally:
        await pairing.close()


async def _answer(question: Question, output: Output, reader: LineReader) -> object:
    if question.error:
        output.note(f"Not accepted: {question.error}")
    match question:
        case PressQuestion():
            output.note(f"{question.text} (within {question.seconds:g} s)")
            return None
        case ChoiceQuestion():
            return await _choice(question, output, reader)
        case _:
            is_secret = isinstance(question, TextQuestion) and question.secret
            return await _ask(question.text, output, reader, secret=is_secret)


async def _ask(text: str, output: Output, reader: LineReader, *, secret: bool = False) -> str:
    if not reader.is_terminal:
        output.note(text)
    prompt = f"{text} " if text.endswith((".", "?", ":")) else f"{text}: "
    if (answer := await reader.line(prompt, secret=secret)) is None:
        raise CredentialsError(f"it has to be paired, and nobody answers: {text}")
    return answer


async def _choice(question: ChoiceQuestion, output: Output, reader: LineReader) -> str | list[str]:
    keys = list(question.options)
    for number, label in enumerate(question.options.values(), 1):
        output.note(f"  {number}  {label}")
    while True:
        typed = (await _ask(question.text, output, reader)).replace(",", " ").split()
        chosen = [_key(each, keys) for each in typed]
        if None not in chosen and (question.several or len(chosen) == 1):
            known = [each for each in chosen if each is not None]
            return known if question.several else known[0]
        output.note("Type the number of one of them." if keys else "There is nothing to choose.")


def _key(typed: str, keys: list[str]) -> str | None:
    if typed.isdecimal() and 0 < int(typed) <= len(keys):
        return keys[int(typed) - 1]
    return typed if typed in keys else None
