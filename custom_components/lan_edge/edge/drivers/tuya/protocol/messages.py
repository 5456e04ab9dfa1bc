"""How a Tuya device of each version is asked and told, and what answers it."""

from dataclasses import dataclass, field
import time
from typing import Any

from lan_edge import Json, list_at, optional_object, text_at

from . import codec as wire
from .codec import TuyaMessage

CONTROLS, QUERIES = (wire.CONTROL, wire.NEW_CONTROL), (wire.QUERY, wire.NEW_QUERY)
"""Some devices answer them by nothing but a report of points."""
ANY_POINT = [str(n) for part in (range(1, 71), range(101, 141)) for n in part]
AT_ONCE = 20  # points in one request, which may have 255 bytes
LIST = "subdev_online_stat_query"


@dataclass(frozen=True, slots=True)
class Requests:
    """The requests to a device, or to a unit behind it by its id."""

    version: str
    device_id: str

    def beat(self) -> TuyaMessage:
        """Return what keeps the connection open."""
        return TuyaMessage(wire.HEARTBEAT, self._own())

    def query(self, unit: str = "") -> TuyaMessage:
        """Return what has a unit report all of its points."""
        behind = {"cid": unit} if unit else {}
        if self.version >= wire.WITH_SESSION:
            return TuyaMessage(wire.NEW_QUERY, behind)
        stamp = {"uid": self.device_id, "t": str(int(time.time()))}
        return TuyaMessage(wire.QUERY, self._own() | stamp | behind)

    def control(self, points: Json, unit: str = "") -> TuyaMessage:
        """Return what sets points; a device reports those that are None."""
        now, behind = int(time.time()), {"cid": unit} if unit else {}
        if self.version >= wire.WITH_SESSION:
            of_unit = {**behind, "ctype": 0} if unit else {}
            data = {"protocol": 5, "t": now, "data": {**of_unit, "dps": points}}
            return TuyaMessage(wire.NEW_CONTROL, data | behind)
        command = wire.NEW_CONTROL if None in points.values() else wire.CONTROL
        whom = behind or {"devId": self.device_id, "uid": self.device_id}
        return TuyaMessage(command, {**whom, "t": now if unit else str(now), "dps": points})

    def measure(self) -> TuyaMessage:
        """Return what has a plug measure its power again, and what belongs to it."""
        return TuyaMessage(wire.UPDATE, {"dpId": [18, 19, 20]})

    def list_units(self) -> TuyaMessage:
        """Return what has a gateway list the devices behind it."""
        return TuyaMessage(wire.EXTENDED, {"reqType": LIST, "data": {"cids": []}})

    def _own(self) -> Json:
        return {"gwId": self.device_id, "devId": self.device_id}


@dataclass(frozen=True, slots=True)
class Answers:
    """What may answer a request; a device may report what has changed instead.

    Most devices repeat its number: then nothing that is older answers it, such as a late report of
    what was done before. Others have 0, always or sometimes, or, in 3.5 all of them, a number of
    their own.
    """

    version: str
    asked: TuyaMessage
    numbered: dict[int, bool]
    """Whether the device repeats the number of each command; False: not always."""
    passed: list[TuyaMessage] = field(default_factory=list[TuyaMessage])
    """What would answer it, but is older."""

    def has(self, heard: TuyaMessage) -> bool:
        """Return whether a message answers the request."""
        command = self.asked.command
        is_repeated = heard.command == command and heard.number == self.asked.number
        if is_repeated and self.version < wire.WITH_GCM:
            self.numbered.setdefault(command, True)
        is_report = heard.command == wire.STATUS and command in CONTROLS + QUERIES
        if heard.command != command and not is_report:
            return False
        is_usual = self.numbered.get(command, is_report and command in QUERIES)
        is_older = heard.number < self.asked.number or heard.command != command
        if is_usual and is_older and (is_report or not heard.number):
            self.passed.append(heard)
        return not (is_usual and is_older)


def points_in(message: TuyaMessage) -> Json:
    """Return the points that a message has; {}: none."""
    told = optional_object(message.data)
    return optional_object(optional_object(told, "data") or told, "dps")


def unit_in(message: TuyaMessage) -> str:
    """Return the id of the unit that a message is about; empty: the device itself."""
    told = optional_object(message.data)
    return text_at(optional_object(told, "data"), "cid") or text_at(told, "cid")


def units_in(message: TuyaMessage) -> tuple[set[str], set[str]]:
    """Return which units a gateway reaches, and which it does not, of those that it lists."""
    told = optional_object(message.data)
    lists = optional_object(told, "data") or told
    online, offline = (texts_at(lists, name) for name in ("online", "offline"))
    return online, offline


def texts_at(message: Json, key: str) -> set[str]:
    """Return the texts in a list of a message; none if it has no such list."""
    items = list_at(message, key) if isinstance(message.get(key), list) else []
    return {each for each in items if isinstance(each, str)}


def typed_as(known: Any, value: Any) -> Any:
    """Return a value with the type that its point has, as far as it means the same."""
    if isinstance(known, str) and type(value) in {int, float}:
        return str(value)
    return round(value) if type(known) is int and isinstance(value, float) else value
