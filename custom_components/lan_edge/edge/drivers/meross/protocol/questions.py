"""What Meross devices are asked for: by namespace, one at a time or several in one request."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from lan_edge import Json, ReplyError, list_at

from .exchange import ENCRYPTS
from .messages import ACKNOWLEDGED, GET, SET, Reply, Request

ABILITY, ALL = "Appliance.System.Ability", "Appliance.System.All"
MULTIPLE = "Appliance.Control.Multiple"
ABILITIES = Request(GET, ABILITY, {"ability": {}})
"""Asks which namespaces a device knows: it says so to anybody."""
EVERYTHING = Request(GET, ALL, {"all": {}})
"""Asks what a device is, and for most of its state."""
VALVES_AT_ONCE, SENSORS_AT_ONCE = 6, 10  # an answer of more than some 3000 bytes is cut off


@dataclass(frozen=True, slots=True)
class Question:
    """What a device may be asked for besides: the payload of a namespace."""

    namespace: str
    key: str
    of: tuple[int | str, ...] | None = None
    """Of which channels or ids; none: of all, as a list or, by None, as an object."""
    by: str = "channel"
    """What `of` has: `channel` or `id`."""
    more: Json = field(default_factory=dict[str, Any], compare=False)
    """What else is said of each."""
    unless: str = ""
    """What of its state says the same, or that it is meant otherwise: then it is not asked for."""
    is_long: bool = False
    """Whether the answer is so long that it is asked for alone."""
    is_seldom: bool = False
    """Whether it changes rarely, or is long, so that it is not asked for at each reading."""
    is_sure: bool = True
    """Whether a device that knows it has it at channel 0; otherwise it has what it has told."""

    @property
    def request(self) -> Request:
        """What asks it."""
        of = self.of
        wanted: Any = {} if of is None else [{self.by: own} | self.more for own in of]
        return Request(GET, self.namespace, {self.key: wanted})


METER = Question("Appliance.Control.Electricity", "electricity")
COUNTER = Question("Appliance.Control.ConsumptionX", "consumptionx", (), is_seldom=True)
INDICATOR = Question("Appliance.System.DNDMode", "DNDMode", is_seldom=True)
POSITION = Question("Appliance.RollerShutter.Position", "position", ())
TURNS = Question("Appliance.RollerShutter.State", "state", ())
BATTERIES = Question("Appliance.Hub.Battery", "battery", (), "id", is_seldom=True)
CIRCUITS = Question("Appliance.Control.ElectricityX", "electricity", is_sure=False)
SPEED = Question("Appliance.Control.Fan", "fan", (0,), unless="fan")
CLIMATE = Question("Appliance.Control.Thermostat.ModeC", "control", (0,))
SENSED = Question("Appliance.Control.Sensor.Latest", "latest", (0,), is_sure=False)
PRESENCE = Question(
    *("Appliance.Control.Sensor.LatestX", "latest", (0,)),
    more={"data": ["presence", "light"]},
    unless="hub",
)
SOUND = Question("Appliance.Control.Mp3", "mp3")
QUESTIONS = (
    *(METER, COUNTER, INDICATOR, POSITION, TURNS, BATTERIES),
    *(CIRCUITS, SPEED, CLIMATE, SENSED, PRESENCE, SOUND),
)
VALVES, SENSORS = "Appliance.Hub.Mts100.All", "Appliance.Hub.Sensor.All"
LIGHT, WALL = "Appliance.Control.Light", "Appliance.Control.Thermostat.Mode"
SOCKET = "Appliance.Control.Thermostat.ModeB"
KNOWN = frozenset(
    [
        *(each.namespace for each in QUESTIONS),
        *(VALVES, SENSORS, LIGHT, WALL, SOCKET, MULTIPLE, ENCRYPTS, "capacity", "maxCmdNum"),
    ]
)
"""What decides of the abilities of a device, by name."""


def is_valve(kind: str) -> bool:
    """Return whether a device behind a hub is a valve, by its kind."""
    return kind.startswith("mts")


def unit_questions(kinds: Mapping[str, str]) -> Iterator[Question]:
    """Yield what a hub is asked for, by the kinds of the devices behind it: of few at once."""
    valves = sorted(own_id for own_id, kind in kinds.items() if is_valve(kind))
    sensors = sorted(kinds.keys() - valves)
    groups = (
        (VALVES, valves, VALVES_AT_ONCE),
        (SENSORS, sensors, SENSORS_AT_ONCE),
    )
    for namespace, ids, most in groups:
        for some in batched(ids, most, strict=False):
            yield Question(namespace, "all", some, "id", is_long=True)


def together(questions: Iterable[Question], key: str) -> Request:
    """Return the request that asks several questions, each signed with the key."""
    return Request(SET, MULTIPLE, {"multiple": [each.request.signed(key) for each in questions]})


def answers_in(payload: Json, questions: Iterable[Question]) -> dict[Question, Json]:
    """Return the answers to several questions, as far as they are not refused.

    Raises ReplyError if none is answered, not even by an error.
    """
    replies = {each.namespace: each for each in map(Reply.of, list_at(payload, "multiple"))}
    own = {each: replies[each.namespace] for each in questions if each.namespace in replies}
    if not own:
        raise ReplyError(t"several requests in one are not answered")
    done = ACKNOWLEDGED[GET]
    return {each: reply.payload for each, reply in own.items() if reply.method == done}
