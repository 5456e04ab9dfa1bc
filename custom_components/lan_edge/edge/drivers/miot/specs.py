"""The models of Xiaomi's ecosystem, by what miot-spec.org and their users say of them."""

from collections.abc import Mapping
from fnmatch import fnmatchcase

from .air import FANS, HUMIDIFIERS, MONITORS, PURIFIERS
from .house import LIGHTS, PLUGS
from .points import Spec
from .robots import ROBOTS

PATTERNS = {**PURIFIERS, **FANS, **HUMIDIFIERS, **MONITORS, **LIGHTS, **PLUGS, **ROBOTS}
"""What models consist of, by patterns with blanks between them."""
SPECS: Mapping[str, Spec] = {
    model: spec for models, spec in PATTERNS.items() for model in models.split()
}
"""By pattern; the first counts."""


def spec_of(model: str) -> Spec | None:
    """Return what is known of a model."""
    return next((spec for pattern, spec in SPECS.items() if fnmatchcase(model, pattern)), None)
