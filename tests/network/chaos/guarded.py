"""The devices that may have a login: a TLS bulb, and a thermostat; the bulb without either, too."""

from abc import ABC, abstractmethod
from typing import Any, override
from uuid import UUID

from tests.edge.certificates import Certificate, certificate
from tests.emulators.device import Announcer, State
from tests.emulators.http_messages import Request
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.json_calls import Call, CallError
from tests.emulators.listener import Listener
from tests.emulators.mdns import MdnsAnnouncer, Service
from tests.emulators.rewriting import Rewrite
from tests.emulators.venstar import VenstarEmulator

from .body import Body, Emulated
from .logins import Login
from .quirks import CLIMATE, HUMIDITY, OUTDOOR

WRONG_TOKEN = -32001


class Guarded(ABC):
    """A device that may require a login."""

    @abstractmethod
    def require(self, login: Login) -> None:
        """Require it from now on."""


class Bulb(Emulated[Call], JsonBulbEmulator):
    def __init__(self, number: int, host: str, port: int) -> None:
        Body.__init__(self, str(UUID(int=number + 1)))
        JsonBulbEmulator.__init__(self, host, port, id=self.unique_id, name=f"Bulb {number}")
        self.description_port = 80


class TlsBulb(Bulb, Guarded):
    """One that speaks TLS, with a certificate of its own, and wants a token."""

    token = ""

    @override
    def require(self, login: Login) -> None:
        self.token = login["token"]

    @property
    def certificate(self) -> Certificate:
        """What it shows."""
        return certificate(self.unique_id)

    @override
    def _new_listener(self, host: str, port: int) -> Listener:
        listener = super()._new_listener(host, port)
        listener.tls = self.certificate.server()
        return listener

    @override
    def _outcome(self, call: Call) -> tuple[State, State]:
        if call.method != "login":
            return super()._outcome(call)
        if call.params != {"token": self.token}:
            raise CallError(WRONG_TOKEN, "wrong token")
        return {}, {}

    @override
    def new_announcer(self) -> Announcer:
        txt, kind = {"id": self.identity}, "_tls-lamp._tcp.local."
        return MdnsAnnouncer(Service(kind, self.name, self.host, self.port, txt, self.id))


class Thermostat(Emulated[Request], VenstarEmulator, Guarded):
    """One that has, if any, a PIN and a login by Digest."""

    def __init__(self, number: int, host: str, port: int) -> None:
        Body.__init__(self, f"0023a7{number:06x}")
        VenstarEmulator.__init__(
            self, host, port, id=self.unique_id, name=f"Venstar {number}", celsius=True
        )

        self.list_sensors()

    def list_sensors(self, count: int = 2, **outdoor: Any) -> None:
        """Tell of so many sensors, and things of the one outdoors."""
        sensors = ({"name": "Thermostat", "hum": 41}, {"name": "Outdoor", "temp": 12.5, **outdoor})
        self._state["sensors"] = list(sensors[:count])

    def rewrite(self, answers: Rewrite) -> None:
        """Have answers be others."""
        self.faults.rewrite = answers

    @property
    @override
    def sides(self) -> dict[str, Any]:
        climate = dict.fromkeys(CLIMATE, ...)
        return {HUMIDITY: 41, OUTDOOR: 12.5, **climate}

    @override
    def be_normal(self) -> None:
        super().be_normal()
        self.list_sensors()

    @override
    def require(self, login: Login) -> None:
        if login:
            self.login, self.pin = (login["user"], login["password"]), login["pin"]

    @override
    def state_of(self, value: float) -> dict[str, Any]:
        return {"heattemp": value}

    @property
    @override
    def value(self) -> float:
        return float(self._state["heattemp"])
