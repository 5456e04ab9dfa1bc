"""Digest challenges other than the known one, which are not answered."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, override

import pytest

from lan_edge import (
    Address,
    CredentialsError,
    Device,
    Driver,
    Http,
    HttpOptions,
    Identity,
    Login,
    Profile,
    Record,
)
from lan_edge.connection.addresses import LOGIN_PATIENCE
from lan_edge.driver.pairing import Pairing
from tests.emulators.http_messages import Answer, requests

from ...device.test_credentials import sighted_for
from ...peers import TcpPeer, Wire, closed_port, until

STRONG = 'Digest realm="home", nonce="n1", algorithm=SHA-256, qop="auth"'
WEAK = 'Digest realm="home", nonce="n1", algorithm=MD5, qop="auth"'
WITHOUT_QOP = 'Digest realm="home", nonce="n1", algorithm=SHA-256'
OTHER_REALM = 'Digest realm="work", nonce="n1", algorithm=SHA-256, qop="auth"'


class Lock(Driver[Http]):
    """Logs in by Digest, and cannot tell who it is."""

    id = "test_lock"
    profile = Profile()

    @override
    def transport_options(self) -> HttpOptions:
        if not (password := self.secrets.get("password")):
            return HttpOptions()
        return HttpOptions(login=Login("ad\\min", password, digest=True))

    @override
    async def pair(self, ask: Any) -> None:
        self.set_secret("password", "s3cret")

    @override
    async def refresh(self) -> None:
        await self.io.get("/state")


@dataclass
class Door:
    """A web server that asks for a login; any answer will do."""

    challenge: str = STRONG
    answers: list[str] = field(default_factory=list[str])
    """The Authorization headers that came."""
    address: Address = field(init=False)

    async def serve(self, wire: Wire) -> None:
        async for request in requests(wire.reader):
            if answer := request.headers.get("authorization"):
                self.answers.append(answer)
                await wire.send(Answer(body=b"{}").encode())
            else:
                headers = {"WWW-Authenticate": self.challenge}
                await wire.send(Answer(401, headers=headers).encode())


@asynccontextmanager
async def door(challenge: str = STRONG, host: str = "127.0.0.1") -> AsyncGenerator[Door]:
    made = Door(challenge)
    async with TcpPeer(made.serve, host) as peer:
        made.address = peer.address
        yield made


def lock(*addresses: Address, challenge: str = "") -> Device:
    record = Record(Identity("lock-1"), addresses, challenge=challenge)
    return Device(Lock, record, secrets={"password": "s3cret"})


async def test_the_first_challenge_is_stored() -> None:
    async with door() as there:
        device = lock(there.address)
        stored = list[str]()
        device.observer.on_record = lambda: stored.append(device.record.as_dict()["challenge"])
        device.start()
        await until(lambda: device.available)
        await device.stop()
        assert there.answers
    assert stored[-1] == "SHA-256 auth home"
    assert Record.from_dict(device.record.as_dict()).challenge == "SHA-256 auth home"


@pytest.mark.parametrize(
    ("challenge", "reason"),
    [
        (OTHER_REALM, "the login is for 'home', not 'work'"),
        (WEAK, r"\(MD5, qop auth\) is weaker than before \(SHA-256"),
        (WITHOUT_QOP, r"\(SHA-256, qop -\) is weaker than before \(SHA-256, qop auth\)"),
        # a realm and a nonce that are meant to be taken for more than they are
        ('Digest realm="home\\", nonce=\\"n", nonce="n1", algorithm=MD5', "the login is for"),
        (
            'Digest realm="home", nonce="n\\", algorithm=SHA-256, qop=auth, nc=01", qop="auth"',
            "MD5",
        ),
        (
            'Digest realm="home", nonce="n", algorithm=MD5, opaque="o\\\\", qop="auth"',
            "MD5",
        ),
        (
            'Digest realm="home", nonce="n", algorithm=SHA-256, opaque="o\\", qop=auth, nc=01"',
            "qop -",
        ),
    ],
)
async def test_another_challenge_is_not_answered(challenge: str, reason: str) -> None:
    """Not even at its own address, as somebody else may have that."""
    async with door(challenge) as there:
        device = lock(there.address, challenge="SHA-256 auth home")
        with pytest.raises(CredentialsError, match=reason):
            await device.check(there.address)
        device.start()
        await until(lambda: isinstance(device.connection.reason, CredentialsError))
        await device.stop()
        assert not there.answers
    assert device.record.challenge == "SHA-256 auth home"


async def test_a_stronger_challenge_is_answered_but_not_expected_from_then_on() -> None:
    """Who asked may not have been the device: it must not be shut out by that."""
    async with door() as there:
        device = lock(there.address, challenge="MD5 auth home")
        await device.check(there.address)
        assert device.record.challenge == "MD5 auth home"
        there.challenge = WEAK
        await device.check(there.address)
        assert len(there.answers) == 2


@pytest.mark.parametrize("known", ["", "SHA-256 auth home"])
async def test_elsewhere_only_a_known_challenge_is_answered(known: str) -> None:
    async with door(host="127.0.0.2") as elsewhere:
        device = lock(closed_port(), challenge=known)
        device.start()
        await sighted_for(device, 2 * LOGIN_PATIENCE, elsewhere.address)
        assert bool(elsewhere.answers) is device.available is bool(known)
        await device.stop()


def was_refused(device: Device) -> bool:
    return isinstance(device.connection.reason, CredentialsError)


async def test_the_user_is_asked_for_a_login_only_of_the_device_itself() -> None:
    async with door() as here, door(host="127.0.0.2") as elsewhere:
        asked = list[str]()
        for address, known in (
            (elsewhere.address, closed_port()),
            (here.address, here.address),
        ):
            device = Device(Lock, Record(Identity("lock-1"), (known,)))
            device.observer.on_credentials = partial(asked.append, address.host)
            device.start()
            device.connection.sighted(address)
            await until(partial(was_refused, device))
            await device.stop()
        assert set(asked) == {here.address.host}


async def test_a_pairing_begins_anew() -> None:
    async with door(OTHER_REALM) as there:
        device = lock(there.address, challenge="SHA-256 auth home")
        pairing = Pairing(lambda ask: device.pair(there.address, ask))
        assert await pairing.question() is None
        await pairing.close()
        await device.check(there.address)
        assert device.record.challenge == "SHA-256 auth work"
        running = lock(there.address, challenge="SHA-256 auth home")
        running.adopt_pairing(device)
        assert running.record.challenge == "SHA-256 auth work"


@pytest.mark.parametrize("stored", ["?", "MD5", "MD5 auth"])
async def test_a_damaged_record_is_no_reason_to_answer(stored: str) -> None:
    async with door() as there:
        with pytest.raises(CredentialsError):
            await lock(there.address, challenge=stored).check(there.address)
        assert not there.answers
