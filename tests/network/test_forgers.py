"""The forgers of the chaos: what they do, what they must not, and how they are found out."""

from base64 import b64encode
from urllib.parse import quote

import pytest

from tests.emulators.garden_pump import MASK

from .chaos.disguise import KASA, WIZ, Disguise
from .chaos.families import FAMILIES, PATIENCE, Family, family_of
from .chaos.forgeries import (
    AFTER,
    BACK,
    CLAIMER,
    COPIERS,
    FORGERS,
    SETTLED,
    SHUT_OUT,
    SPELLER,
)
from .chaos.forgers import BURST, Forger
from .chaos.logins import login_of
from .chaos.mimics import ForgedThermostat, ForgedTlsBulb, mimic_of
from .chaos.plan import CALM, CHECKED_EVERY, TOLD, Plan
from .chaos.step import Step, meets
from .chaos.street import address_of
from .chaos.trust import counted, given_away
from .test_chaos import make

GUARDED = [number for number in range(len(FAMILIES)) if family_of(number).login]
LEADING = {"claim", "flood", "mimic"}
"""What can lead to another address."""


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make(5, 200, 400)


def of(step: Step) -> set[int]:
    return {step.device, step.other} if step.what == "swap" else {step.device}


def test_all_that_is_forged_is_of_the_seed(plan: Plan) -> None:
    assert make(5, 40, 60).forged == make(5, 40, 60).forged
    assert make(5, 40, 60).forged != make(6, 40, 60).forged
    assert {each.what for each in plan.forged} == LEADING | {"goodbye", "push", "rename"}
    assert {each.forger for each in plan.forged} == {*range(FORGERS)}


def test_devices_with_a_login_are_copied_all_the_time(plan: Plan) -> None:
    for forger in COPIERS:
        for driver in ("venstar", "tls_lamp"):
            copies = [
                each
                for each in plan.forged
                if each.forger == forger and family_of(each.device).driver == driver
            ]
            assert all(each.what == "mimic" and family_of(each.device).login for each in copies)
            covered = sum(each.seconds for each in copies)
            assert covered > plan.seconds * 0.75
            assert len({each.device for each in copies}) > 3


def test_every_device_is_claimed_again_and_again(plan: Plan) -> None:
    claims = [each for each in plan.forged if each.forger == CLAIMER]
    assert {each.device for each in claims} == {*range(len(plan.families))}
    for device in range(len(plan.families)):
        places = {each.host for each in claims if each.device == device and each.what != "rename"}
        assert places >= {"own", "hub"}
        assert len(places) <= 3


def test_one_without_a_login_is_copied_only_while_all_is_well(plan: Plan) -> None:
    spells = [each for each in plan.forged if each.forger == SPELLER]
    copied = {FAMILIES.index(family_of(each.device)) for each in spells}
    assert len(copied) == len(FAMILIES) - len(GUARDED)
    for spell in spells:
        assert not family_of(spell.device).login
        for step in plan.steps:
            if step.what in {*TOLD, "clock"}:
                continue
            if spell.device in of(step) or step.what in {"home", "pull"}:
                assert not meets(spell.time, step.time, SETTLED, AFTER)


def test_one_that_cannot_say_who_it_is_is_claimed_early_and_not_while_it_moves(plan: Plan) -> None:
    judged = plan.seconds + CALM + PATIENCE
    for each in plan.forged:
        family = family_of(each.device)
        if not family.nameless or family.waits or each.what not in LEADING:
            continue
        assert each.time[1] + SHUT_OUT <= judged
        assert "own" in each.host or each.host == "hub"
        moves = [s for s in plan.steps if s.what in {"move", "swap"} and each.device in of(s)]
        assert not any(meets(each.time, step.time) for step in moves)


def test_a_late_move_is_checked_at_once() -> None:
    plan = make(1, 200, 120)
    late = [s for s in plan.steps if s.what == "move" and s.time[1] > plan.seconds - CHECKED_EVERY]
    assert late
    for step in late:
        before = step.at - CHECKED_EVERY, step.time[1]
        claims = [f for f in plan.forged if f.device == step.device and f.what == "claim"]
        assert not any(meets(each.time, before) for each in claims)


def test_one_that_waits_moves_in_time_and_unseen(plan: Plan) -> None:
    moves = [s for s in plan.steps if s.what == "move" and family_of(s.device).waits]
    assert moves
    assert not [s for s in plan.steps if s.what == "swap" and family_of(s.device).waits]
    where = {device: device for device in range(len(plan.families))}
    left: list[tuple[float, int]] = []
    for step in plan.steps:
        if step.what == "swap":
            where[step.device], where[step.other] = where[step.other], where[step.device]
        if step.what != "move":
            continue
        assert not any(place == step.other and step.at < at + BACK for at, place in left)
        if family_of(step.device).waits:
            left.append((step.at, where[step.device]))
        where[step.device] = step.other
    for step in moves:
        assert step.at + BACK <= plan.seconds
        mine = [f for f in plan.forged if f.device == step.device and f.what in LEADING]
        assert not any(meets(each.time, (step.at, step.at + BACK)) for each in mine)


def test_one_with_a_login_is_not_added_again(plan: Plan) -> None:
    removed = {step.device for step in plan.steps if step.what == "remove"}
    assert removed
    assert not any(family_of(device).login for device in removed)


ANNOUNCED = [family for family in FAMILIES if family.driver != "dialing_relay"]
"""Those that a forger can announce; the relay calls the hub instead."""
SAYS_NO_GOODBYE = {"kasa", "wiz", "garden_pump"}


@pytest.mark.parametrize("family", ANNOUNCED, ids=lambda family: family.driver)
def test_a_forger_says_all_that_the_device_says(family: Family) -> None:
    number = FAMILIES.index(family)
    disguise, copy = (
        Disguise(family, number, "10.77.0.254"),
        mimic_of(family, number, "10.77.0.254"),
    )
    searched = {"kasa": KASA, "wiz": WIZ}
    told = [data for data, _ in disguise.notices()]
    if port := searched.get(family.driver):
        told = disguise.answers(port, b"")
    if family.driver == "garden_pump":  # which masks its beacons
        told = [bytes(byte ^ MASK for byte in data) for data in told]
    id_ = copy.name if family.driver == "snapcast" else copy.unique_id
    colons = ":".join(id_[at : at + 2] for at in range(0, len(id_), 2))
    forms = {id_.encode(), colons.encode(), family.driver.encode()}
    said = [data.lower() for data in told]  # a WeMo spells its id in another way
    assert any(form in data for form in forms for data in said) or family.driver == "kasa"
    assert told
    assert bool(disguise.goodbyes()) == (family.driver not in SAYS_NO_GOODBYE)
    assert bool(disguise.pushes("10.77.0.1")) == (family.driver == "wiz")


def test_a_copy_does_not_know_the_secrets() -> None:
    for number in GUARDED:
        family = family_of(number)
        copy = mimic_of(family, number, address_of(0))
        assert isinstance(copy, ForgedTlsBulb | ForgedThermostat)
        assert not any(secret in repr(vars(copy)) for secret in login_of(family, number).values())


@pytest.mark.parametrize("number", GUARDED)
def test_a_secret_with_a_forger_is_found_however_it_is_written(number: int) -> None:
    families = tuple(family_of(each) for each in range(20))
    login = login_of(families[number], number)
    forger = Forger("10.77.0.251", families)
    forger.heard[b"", b""] = bytearray(b"GET /?pin=0000 HTTP/1.1\r\nHost: 10.77.0.251\r\n\r\n")
    assert not given_away([forger], families)
    secret = login.get("token") or login["password"]
    written = [secret, quote(secret), secret.encode().hex(), b64encode(secret.encode()).decode()]
    written += [b64encode(f"x:{secret}".encode()).decode(), secret.upper()]
    written += ['Authorization: Digest username="admin"']
    written += [f"POST /control?pin={login['pin']}"] if "pin" in login else []
    for text in written:
        forger.heard[b"", b""] = bytearray(f"some {text} more".encode())
        assert given_away([forger], families), text


def test_a_copy_that_is_commanded_is_found() -> None:
    forger = Forger("10.77.0.251", ())
    forger.told.append("Bulb 1")
    [wrong] = given_away([forger], ())
    assert "taken for Bulb 1" in wrong


def test_some_floods_meet_devices_whose_requests_can_be_counted(plan: Plan) -> None:
    found = [*counted(plan)]
    assert sum(limit < BURST / 2 for _, limit in found) > 20  # those would show
    for flood, _ in found:
        near = flood.at - 5, flood.at + 5
        mine = (s for s in plan.steps if flood.device in of(s) and s.what not in TOLD)
        assert not any(meets(near, step.time) for step in mine)
