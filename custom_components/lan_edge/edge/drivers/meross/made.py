"""The parts of a Meross device, by what it has told."""

from collections.abc import Collection, Iterator
from typing import Any

from lan_edge import DoorState, Json, Property, optional_object, text_at

from . import climate, kinds, moves, told as ask
from .lights import BRIGHTNESS, DIFFUSER_TABLE, LIGHT, DiffuserLight, Light, light_table
from .parts import MerossPart, at_side, channel_of, listed, place
from .told import MerossMemory, is_valve

KNOWS_POSITIONS = (6, 6, 6)  # firmware of roller shutters
TABLES: tuple[tuple[Property, ...], ...] = (
    *(kinds.OUTLET, light_table(7, is_outlet=False), moves.FAN_TABLE, kinds.HUMIDIFIER),
    *(moves.DOOR_TABLE, moves.SHUTTER_TABLE, kinds.METER, kinds.COUNTER, kinds.PRESENCE),
    *(kinds.PLAYER, climate.HEATER, climate.HOUSE_THERMOSTAT, climate.HUMIDITY),
    *(tuple(kinds.SENSED.values()), kinds.BATTERY),
)
CAPABILITIES = tuple(dict.fromkeys(row.attribute.capability for rows in TABLES for row in rows))
"""What any of them can do."""


def parts_of(memory: MerossMemory, uuid: str) -> Iterator[MerossPart]:
    """Yield the parts of a device."""
    yield from switched(memory)
    yield from moving(memory, uuid)
    yield from sprayed(memory.digest)
    yield from heated(memory)
    yield from metered(memory)
    if memory.has(ask.INDICATOR):
        told = memory.first(ask.INDICATOR)
        yield MerossPart("indicator", "Indicator light", kinds.INDICATOR, told)
    yield from behind(memory)


def behind(memory: MerossMemory) -> Iterator[MerossPart]:
    """Yield the devices behind a hub."""
    answers = [each for q in memory.told if q.ids for each in memory.answers(q)]
    told = {text_at(each, "id"): each for each in answers}
    charges = {text_at(each, "id"): each for each in memory.answers(ask.BATTERIES)}
    for own_id, (kind, entry) in memory.units.items():
        battery = {"battery": charges.get(own_id, {})} if memory.has(ask.BATTERIES) else {}
        news = entry | told.get(own_id, {}) | battery
        yield unit_of(own_id, kind, news, memory.measured.get(own_id, ()))


def unit_of(own_id: str, kind: str, told: Json, measured: Collection[str]) -> MerossPart:
    """Return a device behind a hub, by all that is told of it."""
    battery = kinds.BATTERY if "battery" in told else ()
    if is_valve(kind):
        table, name = (*climate.VALVE_THERMOSTAT, *battery), f"Valve {own_id}"
        return climate.Thermostat(own_id, name, table, told, child=True, limits_at="temperature.")
    has = kinds.HAS.get(kind) or measured
    rows = {name: row for name, row in kinds.SENSED.items() if name in has}
    if "temperature" in rows and kind in kinds.FINE:
        rows["temperature"] = kinds.FINELY
    return MerossPart(own_id, f"Sensor {own_id}", (*rows.values(), *battery), told, child=True)


def heated(memory: MerossMemory) -> Iterator[MerossPart]:
    """Yield the thermostats."""
    told = optional_object(memory.digest, "thermostat")
    summers = {channel_of(each): each for each in listed(told.get("summerMode"))}
    sensed = memory.by_channel(ask.SENSED)
    for each in listed(told.get("mode")) if climate.WALL in memory.abilities else ():
        n = channel_of(each)
        table = climate.HEATER_OR_COOLER if n in summers else climate.HEATER
        latest = {"sensed": [*listed(sensed[n].get("value")), {}][0]} if n in sensed else {}
        news = each | {"summer": summers.get(n, {})} | latest
        yield climate.Thermostat(
            *place("mode", each), table + (climate.HUMIDITY if latest else ()), news
        )
    for each in listed(told.get("modeB")) if climate.SOCKET in memory.abilities else ():
        yield climate.Thermostat(*place("modeB", each), climate.SOCKET_THERMOSTAT, each)
    if memory.has(ask.CLIMATE):
        yield MerossPart(table=climate.HOUSE_THERMOSTAT, told=memory.first(ask.CLIMATE))


def metered(memory: MerossMemory) -> Iterator[MerossPart]:
    """Yield what measures, and the sound, which is reported likewise."""
    if memory.has(ask.METER):
        yield MerossPart(table=kinds.METER, told=memory.first(ask.METER))
    if memory.has(ask.COUNTER):
        days = memory.answers(ask.COUNTER)
        last = max(days, key=lambda day: text_at(day, "date")) if days else {}
        yield MerossPart(table=kinds.COUNTER, told=last)
    for n, each in memory.by_channel(ask.CIRCUITS).items():
        yield MerossPart(*place("circuit", {"channel": n}), kinds.CIRCUIT, each)
    if memory.has(ask.PRESENCE):
        data = optional_object(memory.first(ask.PRESENCE), "data")
        latest = {name: [*listed(each), {}][0] for name, each in data.items()}
        yield MerossPart(table=kinds.PRESENCE, told=latest)
    if memory.has(ask.PLAYS):
        yield MerossPart("sound", "Sound", kinds.PLAYER, memory.first(ask.PLAYS))


def sprayed(digest: Json) -> Iterator[MerossPart]:
    """Yield the mist of a humidifier, or of a diffuser with its light."""
    for each in listed(digest.get("spray")):
        yield kinds.Mist(*at_side("spray", each), kinds.HUMIDIFIER, each)
    diffuser = optional_object(digest, "diffuser")
    for each in listed(diffuser.get("spray")):
        yield kinds.Mist(*at_side("spray", each), kinds.DIFFUSER, each)
    for each in listed(diffuser.get("light")):
        yield DiffuserLight(*place("light", each), DIFFUSER_TABLE, each)


def switched(memory: MerossMemory) -> Iterator[MerossPart]:
    """Yield the lights, the fans and the outlets; the others may be listed as an outlet, too."""
    digest = memory.digest
    toggles = {channel_of(each): each for each in listed(digest.get("togglex")) if "onoff" in each}
    if LIGHT in memory.abilities:
        bits: Any = optional_object(memory.abilities, LIGHT).get("capacity")
        bits = bits if type(bits) is int else BRIGHTNESS
        for each in listed(digest.get("light")):
            toggle = toggles.pop(channel_of(each), None)
            table = light_table(bits, is_outlet=toggle is not None)
            yield Light(*place("light", each), table, each | {"toggle": toggle}, bits=bits)
    fans = [memory.first(ask.SPEED)] if memory.has(ask.SPEED) else listed(digest.get("fan"))
    for each in fans:
        toggle = toggles.pop(channel_of(each), None)
        table = moves.FAN_TABLE if toggle is None else moves.OUTLET_FAN_TABLE
        yield moves.Fan(*place("fan", each), table, each | {"toggle": toggle})
    if "garageDoor" not in digest:
        for each in toggles.values():
            yield MerossPart(*place("outlet", each), kinds.OUTLET, each)
    for each in listed(memory.control.get("toggle")):
        yield MerossPart(table=kinds.OLD_OUTLET, told=each)


def moving(memory: MerossMemory, uuid: str) -> Iterator[MerossPart]:
    """Yield the garage doors and the roller shutters."""
    doors = listed(memory.digest.get("garageDoor"))
    for each in doors:
        is_real = len(doors) == 1 or channel_of(each)
        if is_real and each.get("doorEnable", 1):
            component, name = place("door", each)
            told = each | {"uuid": uuid, "move": move_of(memory, component, each)}
            yield MerossPart(component, name, moves.DOOR_TABLE, told)
    turns = {channel_of(each): each for each in memory.answers(ask.TURNS)}
    if memory.has(ask.POSITION):
        knows = memory.firmware >= KNOWS_POSITIONS
        table = moves.SHUTTER_TABLE if knows else moves.SIMPLE_SHUTTER_TABLE
        for each in memory.answers(ask.POSITION) or [{}]:
            turn = turns.get(channel_of(each), {}).get("state")
            yield MerossPart(*place("shutter", each), table, each | {"turn": turn})


def move_of(memory: MerossMemory, component: str, told: Json) -> DoorState | None:
    """Return how a garage door moves; None once it is where it was sent."""
    move = memory.moves.get(component)
    if move is not None and told.get("open") == int(move is DoorState.OPENING):
        del memory.moves[component]
        return None
    return move
