"""Copies of devices, as a forger has them: all that can be seen of one without its secrets."""

from typing import Any, override

from tests.edge.certificates import Certificate, certificate
from tests.emulators.device import State
from tests.emulators.http_messages import Answer, Request
from tests.emulators.json_calls import Call
from tests.emulators.venstar import NONCE, REALM

from .bodies import body_of
from .body import Body
from .families import Family
from .guarded import Thermostat, TlsBulb

FORGED = certificate("forger")
CHALLENGES = (
    f'Digest realm="{REALM}", qop="auth", nonce="{NONCE}"',
    f'Digest realm="{REALM}", nonce="{NONCE}"',
    f'Digest realm="forger", qop="auth", algorithm=MD5, nonce="{NONCE}"',
    f'Basic realm="{REALM}"',
)
"""What a forger asks for a login by, one after another: as the device does, and more weakly."""


class ForgedTlsBulb(TlsBulb):
    """A copy with another certificate: that of the device cannot be had."""

    @property
    @override
    def certificate(self) -> Certificate:
        return FORGED

    @override
    def _outcome(self, call: Call) -> tuple[State, State]:
        return ({}, {}) if call.method == "login" else super()._outcome(call)


class ForgedThermostat(Thermostat):
    """A copy that lets everybody in, or asks for the login in all ways there are."""

    asked = 0

    @override
    def _answer(self, request: Request) -> Answer:
        self.asked += 1
        if self.asked % 3 == 0 or "authorization" in request.headers:
            return super()._answer(request)
        wanted = CHALLENGES[self.asked % len(CHALLENGES)]
        return Answer(401, headers={"WWW-Authenticate": wanted})


MIMICS: dict[str, type[ForgedTlsBulb | ForgedThermostat]] = {
    "tls_lamp": ForgedTlsBulb,
    "venstar": ForgedThermostat,
}
"""Of those that have a login."""


def mimic_of(family: Family, number: int, host: str) -> Any:
    """Return a copy of the n-th device at another address."""
    if family.login:
        return MIMICS[family.driver](number, host, family.port)
    return body_of(family, number, host)


def was_told(mimic: Body) -> bool:
    """Return whether a copy was commanded, or anything was said to one that has to be refused."""
    return bool(mimic.executed) or (isinstance(mimic, ForgedTlsBulb) and bool(mimic.log))
