"""A Venstar ColorTouch thermostat: its Local API by HTTP, found by SSDP.

Written from Venstar's documentation of the Local API and from recorded answers of real ones. As
they do, it takes setpoints in pairs only, keeps them apart in auto, changes nothing of the
program while its schedule runs, and answers a search with a USN that names no UUID.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from hashlib import md5
import json
import re
from typing import Any, override
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

from .command_line import parser, run
from .device import Announcer, EmulatedDevice, State
from .faults import seconds
from .http_messages import Answer, Request, requests
from .listener import Peer
from .ssdp import Advertisement, SsdpAnnouncer

TARGET = "venstar:thermostat:ecp"
JSON = {"Content-Type": "application/json"}
NONCE = "7f3c1d2b"
REALM = "thermostat"
AUTO = 3
SUCCESS = {"success": True}
SWAPPED = "T2000", "5.28"
"""The model and firmware that tell fan and fanstate the wrong way round."""


class VenstarEmulator(EmulatedDevice[Request]):
    """A thermostat; its state is what /query/info tells, and `sensors`.

    `login` is a user name and a password, `pin` its screen lock's: both optional.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        id: str = "0023a73ab272",  # noqa: A002 - its MAC address
        name: str = "Living Room",
        model: str = "COLORTOUCH",
        firmware: str = "5.28",
        celsius: bool = False,
        announce: bool = False,
    ) -> None:
        super().__init__(host, port, id, name, announce=announce)
        self.model = model
        self.firmware = firmware
        self.login: tuple[str, str] | None = None
        self.pin = ""
        self.told: dict[str, Any] = {}
        """Fields of /query/info that are told instead of the true ones; None: left out."""
        self._state = {**INFO, **(IN_CELSIUS if celsius else {}), "sensors": list(SENSORS)}

    @override
    def new_announcer(self) -> Announcer:
        return SsdpAnnouncer(VenstarAdvertisement(self.host, self.usn, TARGET, self.location))

    @property
    def location(self) -> str:
        """Its URL, as SSDP tells it."""
        scheme = "https" if self._listener.tls else "http"
        return f"{scheme}://{self.host}:{self.port}/"

    @property
    def usn(self) -> str:
        """What SSDP tells: MAC address, name and type."""
        mac = ":".join(re.findall("..", self.identity))
        return f"colortouch:ecp:{mac}:name:{quote(self.name)}:type:residential"

    @override
    def check(self, state: State) -> None:
        if unknown := set(state) - set(self._state):
            raise ValueError(f"not a thermostat's state: {unknown}")

    @override
    def read(self, peer: Peer) -> AsyncIterator[Request]:
        return requests(peer.reader)

    @override
    def received(self, message: Request) -> tuple[str, Any]:
        return f"{message.method} {message.path}", dict(parse_qsl(message.body.decode()))

    @override
    async def answer(self, peer: Peer, message: Request) -> None:
        await asyncio.sleep(seconds(self.faults.slow))
        if not peer.silent:
            answer = self._answer(message)
            self.deliver(peer, answer.encode(keep_alive=message.keep_alive, odd=self.faults.odd))

    def _answer(self, request: Request) -> Answer:
        if instead := self.faults.override:
            return Answer(instead.status, instead.body, instead.headers)
        if request.error:
            return Answer(request.error)
        if self.login and not proven(request, *self.login):
            wanted = f'Digest realm="{REALM}", qop="auth", nonce="{NONCE}"'
            return Answer(401, headers={"WWW-Authenticate": wanted})
        return self._let_in(request)

    def _let_in(self, request: Request) -> Answer:
        url = urlsplit(request.path)
        if self.faults.refuses(url.path):
            return as_json({"error": True, "reason": "Not now"})
        if request.method == "GET":
            told = self._queried(url.path)
            return Answer(404) if told is None else as_json(told)
        if self.pin and parse_qs(url.query).get("pin") != [self.pin]:
            return as_json({"error": True, "reason": "Invalid PIN"})
        return as_json(self._changed(url.path, dict(parse_qsl(request.body.decode()))))

    # what it tells

    def _queried(self, path: str) -> dict[str, Any] | None:
        match path:
            case "/":
                own = {"api_ver": 7, "type": "residential"}
                return {**own, "model": self.model, "firmware": self.firmware}
            case "/query/info":
                return self._info()
            case "/query/sensors":
                return {"sensors": self._state["sensors"]}
            case "/query/runtimes":
                return {"runtimes": [{"ts": 1429574400, "heat1": 10, "cool1": 0, "fc": 0}]}
            case "/query/alerts":
                return {"alerts": [{"name": "Air Filter", "active": False}]}
            case _:
                return None

    def _info(self) -> dict[str, Any]:
        state = {k: v for k, v in self._state.items() if k != "sensors"}
        if (self.model, self.firmware) == SWAPPED:
            state |= {"fan": state["fanstate"], "fanstate": state["fan"]}
        told = {"name": self.name, **state, **self.told}
        return {name: value for name, value in told.items() if value is not None}

    # what it is told

    def _changed(self, path: str, fields: dict[str, str]) -> dict[str, Any]:
        take = {"/control": self._control, "/settings": self._settings}.get(path)
        if take is None:
            return {"error": True, "reason": "Unknown path"}
        try:
            wanted = {name: float(value) for name, value in fields.items()}
        except ValueError:
            return {"error": True, "reason": "Invalid value"}
        if reason := take(wanted):
            return {"error": True, "reason": reason}
        return SUCCESS

    def _control(self, wanted: dict[str, float]) -> str:
        """Carry out what is asked for; return why not."""
        state = self._state
        if not wanted or wanted.keys() - {"mode", "fan", "heattemp", "cooltemp"}:
            return "Invalid arguments"
        pair = {"heattemp", "cooltemp"} & wanted.keys()
        if len(pair) == 1 or ("mode" in wanted and not pair):
            return "Both setpoints are required"
        for name in pair:
            if not state[f"{name}min"] <= wanted[name] <= state[f"{name}max"]:
                return f"Invalid {name}"
        auto = wanted.get("mode", state["mode"]) == AUTO
        if pair and auto and wanted["cooltemp"] - wanted["heattemp"] < state["setpointdelta"]:
            return "Setpoints too close"
        whole = {k: int(v) for k, v in wanted.items() if k in {"mode", "fan"}}
        if whole.get("mode", 0) not in range(AUTO + 1) or whole.get("fan", 0) not in {0, 1}:
            return "Invalid value"
        self._take({**wanted, **whole})
        return ""

    def _settings(self, wanted: dict[str, float]) -> str:
        known = {"tempunits", "away", "schedule", "hum_setpoint", "dehum_setpoint"}
        if not wanted or wanted.keys() - known:
            return "Invalid arguments"
        if self._state["schedule"] and wanted.keys() != {"schedule"}:
            return "Schedule is running"
        if self._state["away"] and wanted.get("schedule"):
            return "Thermostat is away"
        self._take({name: int(value) for name, value in wanted.items()})
        return ""

    def _take(self, state: State) -> None:
        if not (self.faults.lie or self.faults.ignore):
            self.apply(state)


@dataclass(frozen=True, slots=True)
class VenstarAdvertisement(Advertisement):
    """What a thermostat tells: its own USN, which is no UUID; it knows no `ssdp:all`."""

    @override
    def usn(self, target: str) -> str:
        return self.uuid

    @override
    def answers(self, datagram: bytes) -> list[bytes]:
        return [a for a in Advertisement.answers(self, datagram) if TARGET.encode() in datagram]


def proven(request: Request, user: str, password: str) -> bool:
    """Tell whether a request's Digest is right (RFC 2617, qop auth)."""
    told = request.headers.get("authorization", "")
    field = {k: q or v for k, q, v in re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,]+))', told)}
    if field.get("username") != user or field.get("nonce") != NONCE:
        return False
    own = digest(f"{user}:{REALM}:{password}")
    asked = digest(f"{request.method}:{field['uri']}")
    middle = f"{NONCE}:{field['nc']}:{field['cnonce']}:{field['qop']}"
    right = digest(f"{own}:{middle}:{asked}")
    return (field["uri"], field["response"]) == (request.path, right)


def digest(text: str) -> str:
    """Return the hash that Digest uses."""
    return md5(text.encode()).hexdigest()  # noqa: S324  # the protocol's


def as_json(told: Mapping[str, Any]) -> Answer:
    """Return an answer in JSON."""
    return Answer(
        body=json.dumps(told, ensure_ascii=False).encode(errors="surrogateescape"), headers=JSON
    )


INFO: Mapping[str, Any] = {
    "mode": 1,
    "state": 0,
    "activestage": 0,
    "fan": 0,
    "fanstate": 0,
    "tempunits": 0,
    "schedule": 0,
    "schedulepart": 255,
    "away": 0,
    "spacetemp": 71.0,
    "heattemp": 70.0,
    "cooltemp": 75.5,
    "cooltempmin": 65.0,
    "cooltempmax": 99.0,
    "heattempmin": 35.0,
    "heattempmax": 80.0,
    "setpointdelta": 2.0,
    "hum_setpoint": 36,
    "dehum_setpoint": 0,
    "availablemodes": 0,
}
IN_CELSIUS: Mapping[str, Any] = {
    "tempunits": 1,
    "spacetemp": 21.5,
    "heattemp": 21.0,
    "cooltemp": 24.5,
    "cooltempmin": 18.0,
    "cooltempmax": 37.0,
    "heattempmin": 2.0,
    "heattempmax": 27.0,
    "setpointdelta": 1.0,
}
SENSORS = ({"name": "Thermostat", "temp": 71.0, "hum": 41}, {"name": "Outdoor", "temp": 0.0})


def from_options(options: argparse.Namespace) -> VenstarEmulator:
    """Make the thermostat that the command line asks for."""
    return VenstarEmulator(
        options.host,
        options.port,
        id=options.id or "0023a73ab272",
        name=options.name,
        announce=options.announce,
    )


if __name__ == "__main__":
    words = parser(__doc__, port=8080, name="Living Room")
    given = words.parse_args()
    asyncio.run(run(from_options(given), given))
