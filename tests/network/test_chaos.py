"""Chaos: a fleet of devices under faults, and what Home Assistant made of it.

`--minutes`, `--devices`, `--seed`: the same seed is the same plan. It is in every failure. With an
odd seed, a third of the fleet is described: texts take the place of drivers.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
import time
from typing import Any

import pytest

from lan_edge import read_description
from tests.emulators.json_bulb import JsonBulbEmulator

from .chaos import plan as plans, trust, verdict
from .chaos.bodies import body_of
from .chaos.conductor import Conductor
from .chaos.families import FAMILIES, PATIENCE, family_of, lane_of
from .chaos.fleet import Fleet
from .chaos.forgeries import FORGERS
from .chaos.forgers import Forger
from .chaos.house import BUNDLED, TEXTS, House
from .chaos.ledger import Command, Executed, not_done
from .chaos.oddities import is_right, shown_of
from .chaos.plan import Plan
from .chaos.quirks import QUIRKS, UNAVAILABLE, UNKNOWN
from .chaos.street import ADDRESSES, Street, address_of, forger_address
from .chaos.values import on_or_off
from .lab import Lan
from .resident import Resident

USUAL = {"minutes": 2, "devices": 100, "seed": 1}
"""The form for each change; the nightly one is `--minutes 15`."""
REST = 300.0
"""Seconds for all that is not the plan."""


@pytest.fixture
def plan(request: pytest.FixtureRequest) -> Plan:
    asked: dict[str, Any] = {n: request.config.getoption(n, None) or v for n, v in USUAL.items()}
    return make(asked["seed"], asked["devices"], asked["minutes"] * 60)


def make(seed: int, devices: int, seconds: float) -> Plan:
    places = [address_of(number) for number in range(ADDRESSES)]
    return plans.make(seed, tuple(family_of(n) for n in range(devices)), seconds, places)


def test_a_seed_is_a_plan() -> None:
    assert str(make(7, 20, 60)) == str(make(7, 20, 60))
    assert str(make(7, 20, 60)) != str(make(8, 20, 60))
    assert {"swap", "move", "home", "pull", "clock"} <= make(7, 40, 300).counts().keys()


def test_every_family_changes_places_and_is_known_by_its_values() -> None:
    swaps = [step for step in make(3, 60, 45).steps if step.what == "swap"]
    assert {family_of(s.device).driver for s in swaps} == {f.driver for f in FAMILIES}
    for step in swaps:
        family, lane = family_of(step.device), lane_of(step.device)
        assert family_of(step.other) is family
        assert lane_of(step.other) != lane
        assert family.proves or step.seconds >= 12
        mine = {family.value(number, lane) for number in range(100)}
        theirs = {family.value(number, 1 - lane) for number in range(100)}
        assert family.strange(lane) == theirs - {0} or family.value is on_or_off
        assert not mine & family.strange(lane)


def test_a_hand_is_early_enough_to_be_told_of() -> None:
    made = make(3, 60, 45)
    hands = [s for s in made.steps if s.what == "change"]
    late = [s for s in hands if s.at + family_of(s.device).told > made.calm_at + PATIENCE]
    assert not late
    assert max(s.at for s in hands) < made.calm_at


def test_a_third_of_the_fleet_can_be_described() -> None:
    texts = {path.stem: read_description(path.read_text(encoding="utf-8")) for path in TEXTS}
    assert {name: text.id for name, text in texts.items()} == {name: name for name in texts}
    kinds = {family_of(number).driver for number in range(USUAL["devices"])}
    assert texts.keys() | BUNDLED <= kinds
    fleet = [family_of(number) for number in range(USUAL["devices"])]
    described = [family for family in fleet if family.driver in {*texts, *BUNDLED}]
    assert len(described) / len(fleet) >= 1 / 3


async def test_a_quirk_hides_what_the_device_tells_otherwise() -> None:
    seen = set[str]()
    for number, family in enumerate(FAMILIES):
        body = body_of(family, number, "127.0.0.1")
        await body.become(family.value(4, 0) or family.value(1, 0))  # its second light is on, too
        usual = body.sides
        for name in (each for each in family.faults if each in QUIRKS):
            hidden = QUIRKS[name].hidden
            assert bool(hidden) == bool(hidden.keys() & usual.keys()), name
            QUIRKS[name].begin(body)
            body.be_normal()
            assert body.sides == usual, name
            seen.add(name)
    assert seen == set(QUIRKS)


def test_the_verdict_on_what_is_not_told() -> None:
    shown = {"plug": ["unknown", {}], "lamp": ["on", {"level": None}], "gone": ["unavailable", {}]}
    assert is_right(UNKNOWN, shown_of("plug", shown))
    assert is_right(UNKNOWN, shown_of("lamp@level", shown))
    assert is_right(UNAVAILABLE, shown_of("gone", shown))
    assert not is_right(UNKNOWN, shown_of("gone@level", shown))
    assert not is_right(UNKNOWN, "7.5")  # which was told before
    assert not is_right(..., shown_of("plug", shown))
    assert not is_right(..., shown_of("missing", shown))
    assert is_right(7.5, "7.5")
    assert not is_right(7.5, "unknown")


def command(number: int, asked: float, ended: float, outcome: str = "done") -> Command:
    return Command(0, number, number, asked, ended=ended, outcome=outcome)


def test_the_verdict_on_commands() -> None:
    first, second = command(1, 0, 1), command(2, 2, 3)
    one, two = Executed(0.5, 1), Executed(2.5, 2)
    assert not not_done([first, second], [one, two], [])
    assert not not_done([first, command(2, 2, 3, "failed")], [one], [])
    [wrong] = not_done([first, second], [one], [])
    assert "was not" in wrong
    [wrong] = not_done([first, second], [one, Executed(3.5, 2)], [])
    assert "was not" in wrong  # only after it had been reported
    assert not not_done([command(1, 0, 3), command(2, 0.1, 3)], [two], [])  # taken over
    again = replace(command(2, 0.1, 3), was=2)  # and there was nothing to do
    assert not not_done([command(1, 0, 3), again], [], [])
    [wrong] = not_done([command(1, 0, 3), replace(again, outcome="failed")], [], [])
    [wrong] = not_done([command(1, 0, 3), command(2, 0.1, 3)], [Executed(1, 2), Executed(2, 1)], [])
    assert "before an earlier one" in wrong


async def test_a_pump_notes_what_it_has_carried_out_before_it_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Sending:
        def sendto(self, _data: bytes, _to: object) -> None:
            noted.append([each.value for each in pump.executed])

    [family] = [each for each in FAMILIES if each.driver == "garden_pump"]
    pump, noted = body_of(family, 0, "127.0.0.1"), list[list[float]]()
    monkeypatch.setattr(pump, "_transport", Sending())
    for command in ("run", "stop", "who"):
        pump.datagram_received(f'{{"cmd": "{command}"}}'.encode(), ("127.0.0.2", 40000))
    assert noted == [[1], [1], [1, 0], [1, 0], [1, 0]]  # a reply each, and a beacon after two


async def test_a_connection_that_is_forgotten_ends_without_a_word(own_network: None) -> None:
    async with JsonBulbEmulator() as bulb:
        reader, writer = await asyncio.open_connection(bulb.host, bulb.port)
        writer.write(b'{"id": 1, "method": "get"}\n')
        assert await reader.readline()
        for peer in bulb.peers:
            peer.forget()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await reader.read(1)
        writer.write(b"anybody?")
        with pytest.raises(ConnectionResetError):
            await reader.read(1)
        writer.close()


@pytest.mark.timeout(0)
async def test_chaos(lan: Lan, tmp_path: Path, plan: Plan) -> None:
    form = f"--seed {plan.seed} --devices {len(plan.families)} --minutes {plan.seconds / 60:g}"
    say(f"{form}, in {tmp_path}")
    (tmp_path / "plan.txt").write_text(str(plan))
    try:
        async with asyncio.timeout(plan.seconds + REST):
            wrong = await chaos(lan, tmp_path, plan)
    except Exception as err:
        err.add_note(form)
        raise
    assert not wrong, f"{form}, the plan is in {tmp_path}:\n" + "\n".join(wrong)


async def chaos(lan: Lan, folder: Path, plan: Plan) -> list[str]:
    """Play the plan; return what went wrong."""
    host = lan.join()
    street = Street(host)
    street.build(len(plan.families))
    fleet = Fleet(street, plan.families)
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(House(folder, described=plan.seed % 2 == 1))
        resident = await stack.enter_async_context(Resident(host, fleet.living))
        forgers = [await stack.enter_async_context(each) for each in forgers_of(lan, plan)]
        conductor = Conductor(house, resident, forgers, plan)
        kinds = range(min(len(FAMILIES), len(plan.families)))
        await conductor.add(*kinds)  # what is there for all devices comes now
        await conductor.remove(*kinds)
        before = await verdict.at_rest(house)
        await conductor.add(*range(len(plan.families)))
        await conductor.play()
        wrong = await judged(conductor)
        await conductor.remove(*range(len(plan.families)))
        await house.ask("dismiss")
        wrong += await verdict.leftovers(house, before)
        say(f"devices that could not be told goodbye: {fleet.left() or 'none'}")
    wrong += trust.given_away([forger.device for forger in forgers], plan.families)
    for forger in forgers:
        (folder / f"{forger.host.address}.log").write_bytes(b"\n\n".join(forger.device.got()))
        say(forger.device.figures())
    house.keep_log()
    wrong += verdict.wrong_logs(house.logs, plan)
    say(verdict.figures(conductor.ledger, plan, house.logs, house.reports))
    return wrong


def forgers_of(lan: Lan, plan: Plan) -> Iterator[Resident[Forger]]:
    """Have the forgers join, each on a host of its own."""
    for number in range(FORGERS):
        host = lan.join(forger_address(number))
        yield Resident(host, Forger(host.address, plan.families).living)


async def judged(conductor: Conductor) -> list[str]:
    """Return what is wrong now that it is calm."""
    began = time.monotonic()
    wrong = await verdict.wrong_states(conductor)
    say(f"all is shown after {time.monotonic() - began:.1f} s of calm")
    wrong += await trust.moved_entries(conductor, began + PATIENCE)
    wrong += await verdict.wrong_signs_of_life(conductor, began + PATIENCE)
    wrong += verdict.wrong_commands(conductor)
    wrong += conductor.oddities.wrong
    say(conductor.oddities.figures())
    say(f"the devices' own loop was late by {conductor.fleet.device.late}")
    wrong += trust.asked_too_often(conductor)
    await conductor.house.report()
    return wrong + trust.wrong_offers(conductor.house.reports)


def say(text: str) -> None:
    print(f"{time.strftime('%T')} {text}", flush=True)  # noqa: T201
