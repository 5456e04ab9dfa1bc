"""A matcher: how a driver recognizes sightings of its devices, and what it reads from them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import lru_cache, partial
import inspect
import logging
import re
from typing import Any

from ..capabilities.schema import short
from ..diagnostics.failures import place_of
from ..errors import DriverError
from ..network.address import MAX_PORT, Address, is_device_host
from ..network.ids import one_id
from ..network.patterns import SlowPatternError
from ..network.text import MAX_FIELD, MAX_VALUE
from ..sentences import one_line
from .sighting import Sighting
from .templates import fill

_LOGGER = logging.getLogger(__name__)

type Template = str | Callable[[Sighting], str]
"""What is made of a sighting: a text with its fields, or a function of it."""

MAX_OTHERS = 8
"""How many other addresses of a sighting are looked at: anybody can announce hundreds."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a matcher made of a sighting of one of its driver's devices.

    The texts come from the network: one line of bounded length each, empty if it had none.
    """

    unique_id: str
    """The device's own id, always in one spelling; empty: the device has to be asked."""
    address: Address
    """Port 0 is the driver's usual port."""
    name: str
    """The name that people gave it."""
    others: tuple[Address, ...] = ()
    """Other addresses of the device."""
    manufacturer: str = ""
    """The manufacturer's name."""
    model: str = ""
    """The manufacturer's name of the model."""
    fields: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    """More values from the sighting, for the driver's memory."""
    room: str = ""
    """The room in which it says to be."""

    def __post_init__(self) -> None:
        """Bring the id into one spelling: another protocol may spell it in another way."""
        object.__setattr__(self, "unique_id", one_id(self.unique_id))


@dataclass(frozen=True, kw_only=True)
class Matcher(ABC):
    r"""How devices of a driver are recognized.

    `unique_id`, `name`, `manufacturer`, `model`, `room`, `port` and the values of `fields`, which
    go to the fields of the driver's memory, are templates over the sighting, or functions that take
    it and return text. Templates have the fields `{txt[id]}`, `{headers[x-port]}`,
    `{upnp[serialNumber]}`, `{dhcp[mac]}`, `{reply[result.mac]}`, `{beacon[id]}`, `{usn}`, `{name}`
    and `{host}`, empty if they are missing, each with functions after it:

    - `{txt[id].lower}`, `{name.upper}`
    - `{txt[id].mac}`: a MAC address as `mac_address` returns it, empty if there is none
    - `{txt[id][-6:]}`: a part of it, as in Python
    - `{name.find(^Lamp-(\w+))}`: the first group of a regular expression, or all that it matches
    - `{usn.uuid}`, `{usn.mac}`, `{usn.name}`: the parts of an SSDP service name

    With an empty `unique_id` the driver's `identify()` asks the device. `where` maps a field such
    as `txt[model]` to a pattern (* and ?, ignoring case) that its value must match. A sighting for
    which a function raises an error is none of such a device.
    """

    unique_id: Template = ""
    name: Template = "{name}"
    manufacturer: Template = "{upnp[manufacturer]}"
    model: Template = "{upnp[modelName]}{txt[model]}"
    room: Template = ""
    port: Template = ""
    where: Mapping[str, str] = field(default_factory=dict[str, str])
    fields: Mapping[str, Template] = field(default_factory=dict[str, Template])

    def __post_init__(self) -> None:
        """Raise DriverError for what is no template."""
        names = (f"{{{name}}}" for name in self.where)
        own = (self.unique_id, self.name, self.manufacturer, self.model, self.room, self.port)
        for template in (*own, *names, *self.fields.values()):
            self._check(template)

    def _check(self, template: object) -> None:
        kind = type(self).__name__
        if inspect.iscoroutinefunction(template):
            raise DriverError(f"{kind}: {template.__name__} must not be async", "use a plain def")
        if not isinstance(template, str):
            if callable(template):
                return
            raise DriverError(
                f"{kind}: the template {short(template)} is not text, nor a function of a sighting",
                "put it in quotes",
            )
        try:
            fill(template, Sighting("", "", Address("")).fields())
        except ValueError as err:
            reason = f"{kind}: the template {template!r} cannot be filled: {err}"
            raise DriverError(reason, _remedy(template, err)) from None

    @property
    def conditions(self) -> int:
        """How many fields it looks at: one that looks at more knows its devices better."""
        return sum(bool(pattern.strip("*?")) for pattern in self.where.values())

    def match(self, sighting: Sighting) -> Match | None:
        """Return the match, or None if the sighting is not of such a device."""
        if not self.is_announced_by(sighting) or not is_device_host(sighting.address.host):
            return None
        values = sighting.fields()
        for name, pattern in self.where.items():
            if not fnmatchcase(fill(f"{{{name}}}", values).lower(), pattern.lower()):
                return None
        try:
            return self._match(sighting, partial(_filled, sighting, values))
        except Exception as err:  # noqa: BLE001  # an author's function, on what a stranger sent
            said = str(err) if isinstance(err, _NoTextError) else place_of(err)
            _note_failure(type(self).__name__, said)
            return None

    def _match(self, sighting: Sighting, text: Callable[[Template], str]) -> Match | None:
        port = self._port(text(self.port), sighting.address.port)
        unique_id = one_line(text(self.unique_id))
        if len(unique_id) > MAX_FIELD:
            return None  # a part of it may be another device's, too
        fields = {k: one_line(text(t)) for k, t in self.fields.items()}
        return Match(
            unique_id,
            replace(sighting.address, port=port),
            _shown(text(self.name)),
            tuple(
                Address(a.host, port)
                for a in sighting.others[:MAX_OTHERS]
                if is_device_host(a.host)
            ),
            _shown(text(self.manufacturer)),
            _shown(text(self.model)),
            {key: value for key, value in fields.items() if value},
            _shown(text(self.room)),
        )

    @abstractmethod
    def is_announced_by(self, sighting: Sighting) -> bool:
        """Return whether the sighting is of the kind that this matcher is for."""

    @staticmethod
    def _port(text: str, default: int) -> int:
        number = int(text) if re.fullmatch(r"\d{1,5}", text) else 0
        return number if 0 < number <= MAX_PORT else default


class _NoTextError(DriverError):
    """A function of a matcher returned no text; the message has no word of the sighting."""


def _filled(sighting: Sighting, values: Mapping[str, object], template: Template) -> str:
    """Return the text that a template or function makes of a sighting."""
    if isinstance(template, str):
        return fill(template, values)
    text: object = template(sighting)
    if isinstance(text, str):
        return text[:MAX_VALUE]
    said = f"{function_name(template)} returned a {type(text).__name__}, not text"
    raise _NoTextError(f"{said}; a `return` may be missing")


@lru_cache(maxsize=256)
def _note_failure(kind: str, place: str) -> None:
    """Log that a function of a matcher failed, once: strangers can have it fail all the time."""
    _LOGGER.warning("A function of a matcher (%s) failed: %s", kind, place)


def _shown(text: str) -> str:
    """Return a text to be shown: one line of bounded length."""
    return one_line(text[:MAX_FIELD])


def function_name(function: Callable[..., Any]) -> str:
    """Return where a function is from; several of a class may be without a name of their own."""
    while isinstance(function, partial):
        function = function.func
    code = getattr(function, "__code__", None)
    name = getattr(function, "__qualname__", type(function).__qualname__)
    return f"{function.__module__}.{name}:{code.co_firstlineno if code else 0}"


def _remedy(template: str, error: ValueError) -> str:
    """Return what to do about a template that cannot be filled."""
    if not isinstance(error, SlowPatternError):
        return "use fields of the sighting, such as {txt[id]}, {usn.uuid} or {name}"
    if not error.better:
        return error.remedy
    anchored = template.replace(f"find({error.pattern})", f"find({error.better})")
    return f"write {anchored!r}, which only looks at the beginning, or use fewer of * and +"
