"""A certificate is offered for acceptance only where the device was; TLS proves it elsewhere."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import override

import pytest

from lan_edge import (
    Address,
    CertificateError,
    Device,
    Identity,
    IdentityError,
    JsonRpcOptions,
    Record,
    Tls,
)
from lan_edge.connection.addresses import LOGIN_PATIENCE
from lan_edge.network.tls import Trust, excludes_strangers
from tests.clock import now

from ..bench import Bench, BenchDevice, online
from ..certificates import Certificate, certificate
from ..peers import closed_port, until

OWN, OTHER = certificate("own"), certificate("other")
SECRET = {"token": "s3cret-4711"}


class Pinned(Bench):
    """Logs in by a token, behind TLS with a pinned certificate."""

    id = "test_pinned"
    options = JsonRpcOptions(timeout=0.5, tls=Tls())

    @override
    async def connected(self) -> None:
        await self.io.call("set", token=self.secrets["token"])


@asynccontextmanager
async def sealed(shown: Certificate, host: str = "127.0.0.1") -> AsyncGenerator[BenchDevice]:
    """Serve a device that shows a certificate."""
    peer = BenchDevice(host)
    peer.tls = shown.server()
    async with peer:
        yield peer


def pinned(*addresses: Address) -> Device:
    """Return a device that was proven at the first of the addresses, with its own certificate."""
    record = Record(Identity("bench-1"), addresses, pin=OWN.fingerprint)
    return Device(Pinned, record, secrets=SECRET)


async def test_the_certificate_of_a_forger_elsewhere_is_not_offered() -> None:
    async with sealed(OTHER, "127.0.0.2") as forger:
        device = pinned(closed_port())
        offered = list[CertificateError]()
        device.observer.on_certificate = offered.append
        device.start()
        device.connection.sighted(forger.address)
        await until(lambda: isinstance(device.connection.reason, IdentityError))
        assert str(device.connection.reason) == (
            f"{forger.address} is a device with another certificate, not bench-1"
        )
        for _ in range(100):
            device.connection.sighted(forger.address)
            await asyncio.sleep(1)
        assert not offered
        assert not forger.requests
        assert device.record.pin == OWN.fingerprint
        # the next address is tried all the same
        async with sealed(OWN, "127.0.0.3") as moved:
            device.connection.sighted(forger.address, moved.address)
            await until(lambda: device.available)
            assert device.connection.address == moved.address
            await device.stop()


async def test_another_certificate_at_its_own_address_is_offered_with_the_address() -> None:
    async with sealed(OTHER) as there:
        device = pinned(there.address)
        offered = list[CertificateError]()
        device.observer.on_certificate = offered.append
        device.start()
        await until(lambda: offered)
        (error,) = offered
        assert (error.pinned, error.found) == (OWN.fingerprint, OTHER.fingerprint)
        assert error.address == there.address
        assert not there.requests
        await device.stop()


async def test_a_pinned_device_that_moved_is_back_at_once() -> None:
    """Its certificate proves who it is before anything is sent, so nothing has to be waited for."""
    async with sealed(OWN, "127.0.0.3") as moved:
        device = pinned(closed_port())
        device.start()
        began = now()
        device.connection.sighted(moved.address)
        await until(lambda: device.available)
        assert now() - began < 1
        assert moved.accepted == 1  # and it is not asked without a login first
        assert moved.sets == [SECRET]
        await device.stop()


async def test_without_a_pin_a_certificate_proves_nothing() -> None:
    async with sealed(OTHER, "127.0.0.2") as forger:
        device = pinned(closed_port())
        device.record.pin = ""
        device.start()
        for _ in range(int(LOGIN_PATIENCE) - 5):
            device.connection.sighted(forger.address)
            await asyncio.sleep(1)
        assert not forger.requests
        assert not device.record.pin
        await device.stop()
    async with sealed(OWN) as home:
        device = pinned(home.address)
        device.record.pin = ""
        async with online(device):
            assert device.record.pin == OWN.fingerprint


@pytest.mark.parametrize(
    ("tls", "pin", "excluded"),
    [
        (None, "", False),
        (None, "ab", False),
        (Tls(), "", False),
        (Tls(), "ab", True),
        (Tls(trust=Trust.INSECURE), "ab", False),
        (Tls(trust=Trust.VERIFY), "", False),  # anybody gets a certificate for an own address
        (Tls(trust=Trust.VERIFY, server_name="lamp-1.vendor.example"), "", True),
        (Tls(trust=Trust.VERIFY, check_name=False), "", False),  # anybody has such a certificate
        (Tls(trust=Trust.VERIFY, check_name=False, server_name="lamp-1"), "", False),
        (Tls(trust=Trust.VERIFY, ca="a vendor's"), "", True),
        (Tls(trust=Trust.VERIFY, check_name=False, ca="a vendor's"), "", True),
    ],
)
def test_whom_tls_excludes(tls: Tls | None, pin: str, *, excluded: bool) -> None:
    assert excludes_strangers(tls, pin) is excluded


async def test_where_its_owner_says_that_it_is_it_must_prove_to_be() -> None:
    """Both who had its id were shown; the certificate of the wrong one is not offered."""
    async with sealed(OTHER, "127.0.0.2") as forger, sealed(OWN, "127.0.0.3") as moved:
        device = pinned(closed_port())
        offered = list[CertificateError]()
        device.observer.on_certificate = offered.append
        device.start()
        device.connection.follow(forger.address)
        await until(lambda: isinstance(device.connection.reason, IdentityError))
        assert not offered
        assert not forger.requests
        device.connection.follow(moved.address)
        await until(lambda: device.available)
        assert device.record.addresses[0] == moved.address
        await device.stop()


async def test_whoever_shows_another_certificate_is_not_even_asked_who_it_is() -> None:
    async with sealed(OTHER) as stranger:
        with pytest.raises(CertificateError):
            await pinned().identify(stranger.address)
        assert not stranger.requests
    async with sealed(OWN) as own:
        assert await pinned().identify(own.address)
        assert own.requests
