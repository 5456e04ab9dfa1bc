"""The models of Xiaomi's ecosystem, by what miot-spec.org and their users say of them."""

from collections.abc import Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from lan_edge import Coding, ReplyError

from .air import FANS, HEATERS, HUMIDIFIERS, MONITORS, PURIFIERS
from .house import LIGHTS, PLUGS
from .points import Spec, property_of, spec
from .robots import ROBOTS

AIR = {**PURIFIERS, **FANS, **HEATERS, **HUMIDIFIERS, **MONITORS}
PATTERNS = {**AIR, **LIGHTS, **PLUGS, **ROBOTS}
"""What models consist of, by patterns with blanks between them."""
SPECS: Mapping[str, Spec] = {
    model: spec for models, spec in PATTERNS.items() for model in models.split()
}
"""By pattern; the first counts."""


PURIFIER = {"humidity": "3.1", "dust": "3.4", "temperature": "3.7", "filter": "4.1", "proof": "3.4"}
BY_TYPE: Mapping[str, Mapping[str, Any]] = {
    **dict.fromkeys(("airp", "airpurifier"), PURIFIER),
    "airm": {"humidity": "3.1", "temperature": "3.7", "co2": "3.8", "battery": "4.1"},
    "humidifier": {"humidity": "3.1", "temperature": "3.7"},
    "heater": {"temperature": "4.7"},
}
"""What models of a type measure, and where nearly all of them tell it. Nothing of this is set."""


def is_flag(value: Any) -> bool:
    """Return a flag; a number may be anything, such as the fault of a heater."""
    if isinstance(value, bool):
        return value
    raise ReplyError("it is no flag")


SWITCH = replace(property_of("switch", "2.1"), coding=Coding(is_flag))


def unknown(model: str) -> Spec:
    """Return what a model that is not in the table may have: what is there counts."""
    _, _, rest = model.partition(".")
    measured = spec(**BY_TYPE.get(rest.partition(".")[0], {}))
    return replace(measured, points={"switch": SWITCH, **measured.points})


def spec_of(model: str) -> Spec | None:
    """Return what is known of a model."""
    return next((known for pattern, known in SPECS.items() if fnmatchcase(model, pattern)), None)
