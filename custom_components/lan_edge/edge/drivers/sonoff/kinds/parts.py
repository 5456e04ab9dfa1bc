"""What a Sonoff tells, all of its state or only what has changed, and what it consists of."""

from collections.abc import Collection, Iterator

from lan_edge import MAIN, Json, PropertiesPart, Property, objects_at

from .rows import (
    BY_LOCATION,
    BY_POSITION,
    FAN,
    FAN_LAMP,
    LEVEL,
    PLACE,
    SENSORS,
    SWITCH,
    THERMOSTAT,
    meters,
    opened,
    reading,
    sends,
    switch,
)

FAN_LIGHT, THERMOMETER = "fan_light", "th_plug"
"""What some kinds are called in their mDNS record. An iFan02 is a strip of four outlets there."""
PLUG_KINDS, POWER_FIELDS = frozenset(("plug", "enhanced_plug")), frozenset(("power", "actPow"))
"""What are called plugs in their mDNS record, as nearly all with one switch are, and measure."""
MOTOR, MAINS_VOLTS = 2, 1000
"""The work mode of a cover, and a voltage that cannot be in volts."""
OUTLETS, METERED = range(4), ("_00", "_01")
COVER, CLOSES, HUNDREDTHS = "cover", "closes", "hundredths"
"""What follows from fields: it is a cover, tells how far it is closed, or meters in hundredths."""
LED = "sledOnline"
LASTING = frozenset(("fan", "speed", PLACE, LED))
"""What counts until it is told again."""
OTHERS = (*FAN, FAN_LAMP, SWITCH, LEVEL, *SENSORS)
FIELDS = {each.at for each in (*OTHERS, *(m for end in ("", *METERED) for m in meters(end=end)))}
KNOWN = FIELDS | LASTING | {"motorTurn"}
NEWER = {"temperature": "currentTemperature", "humidity": "currentHumidity"}
"""What older firmware calls otherwise."""
CAPABILITIES = tuple(
    dict.fromkeys(each.attribute.capability for each in (*OTHERS, *BY_POSITION, *meters()))
)


def fields_in(params: Json) -> Json:
    """Return the known fields of a message, with those of outlets, and what follows from them."""
    renamed = {NEWER.get(name, name): value for name, value in params.items()}
    told = {name: value for name, value in renamed.items() if name in KNOWN}
    for each in objects_at(params, "switches") if "switches" in params else ():
        told |= {outlet(n): each.get("switch") for n in OUTLETS if each.get("outlet") == n}
    if not reading(told.get("currentHumidity")):
        told.pop("currentHumidity", None)
        if reading(told.get("currentTemperature")) == 0:
            del told["currentTemperature"]  # both are 0 for a moment before each reading
    volts = (reading(value) or 0 for name, value in told.items() if name.startswith("voltage"))
    told |= {HUNDREDTHS: True} if max(volts, default=0) > MAINS_VOLTS else {}
    return told | cover_in(params)


def cover_in(params: Json) -> Json:
    """Return whether a message is of a cover, and where that is; it stands still there."""
    closed, location = (reading(params.get(name), 0, 100) for name in ("setclose", "currLocation"))
    is_cover = not {"setclose", "currLocation", "motorTurn"}.isdisjoint(params)
    if "switches" in params or "workMode" in params:
        is_cover = params.get("workMode") == MOTOR
    told = {COVER: True} if is_cover else {}
    if closed is not None:
        return told | {CLOSES: True, PLACE: round(opened(closed)), "switch": None}
    return told if location is None else told | {PLACE: round(location)}


def outlet(n: int) -> str:
    """Return the name that the switch of an outlet has among the fields."""
    return f"switch_{n}"


def listed_in(seen: Collection[str]) -> int:
    """Return how many outlets a device lists, of which it may have fewer; a cover has none."""
    return 0 if COVER in seen else max((n + 1 for n in OUTLETS if outlet(n) in seen), default=0)


def parts_of(kind: str, seen: Collection[str], most: int, told: Json) -> Iterator[PropertiesPart]:
    """Yield the parts of a device that has told some fields so far, with `most` outlets at most."""
    if kind == FAN_LIGHT:
        yield PropertiesPart(table=FAN, told=told, category="fan")
        yield PropertiesPart("light", "Light", (FAN_LAMP,), told, category="light")
        return
    category = "outlet" if kind in PLUG_KINDS and not POWER_FIELDS.isdisjoint(seen) else ""
    tables: dict[str, list[Property]] = {}
    for component, own in rows_of(kind, seen, most):
        if own.at in seen or not own.at:
            tables.setdefault(component, []).append(own)
    for component, table in tables.items():
        name = "" if component == MAIN else component.replace("_", " ").capitalize()
        yield PropertiesPart(component, name, tuple(table), told, category=category)


def rows_of(kind: str, seen: Collection[str], most: int) -> Iterator[tuple[str, Property]]:
    """Yield the rows that a device of a kind can have, each with its component."""
    unit = 0.01 if HUNDREDTHS in seen else 1
    outlets = min(listed_in(seen), most)
    if COVER in seen:
        yield from ((MAIN, own) for own in (BY_POSITION if CLOSES in seen else BY_LOCATION))
    elif not outlets:
        yield MAIN, THERMOSTAT if kind == THERMOMETER else SWITCH
    yield from ((MAIN, own) for own in (LEVEL, *SENSORS, *meters(unit)))
    for n in range(outlets or len(METERED)):
        component = f"outlet_{n + 1}" if outlets > 1 else MAIN
        if outlets:
            yield component, switch(outlet(n), sends("switches", "switch", outlet=n))
        yield from ((component, own) for own in meters(unit, f"_0{n}"))
