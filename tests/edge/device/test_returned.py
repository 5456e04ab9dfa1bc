"""What a driver's methods return by mistake: an error that names the method, logged once."""

import logging
from typing import Any, ClassVar, override
from unittest.mock import patch

import pytest

from lan_edge import (
    Address,
    CallbackRequest,
    Device,
    DriverError,
    Identity,
    JsonRpcOptions,
    Mdns,
    Options,
    Sighting,
)
from lan_edge.driver.dispatcher import Dispatcher

from ..bench import Bench, BenchDevice, new_device, online


class Forgetful(Bench):
    """Has forgotten a `return`."""

    @override
    async def identify(self) -> Any:
        await super().identify()


class Number(Bench):
    """Returns a number of JSON as it is."""

    @override
    async def identify(self) -> Any:
        return 4711


class NoOptions(Bench):
    """Returns no options."""

    @override
    def transport_options(self) -> Any:
        JsonRpcOptions()


class OtherOptions(Bench):
    """Returns options of another kind."""

    @override
    def transport_options(self) -> Options:
        return Options()


class FailingOptions(Bench):
    """Fails for its options."""

    @override
    def transport_options(self) -> Any:
        raise KeyError("port")


@pytest.mark.parametrize(
    ("driver", "said"),
    [
        (
            Forgetful,
            r"Forgetful\.identify \(test_returned\.py:\d+\) returned None, not text: a `re",
        ),
        (Number, r"Number\.identify \(test_returned\.py:\d+\) returned 4711, not text: return str"),
        (NoOptions, r"NoOptions\.transport_options \(test_returned\.py:\d+\) returned None, not J"),
        (OtherOptions, r"OtherOptions\.transport_options \(.*\) returned .*Options\(.*, not JsonR"),
        (FailingOptions, r"FailingOptions\.transport_options failed: KeyError\('port'\)"),
    ],
)
async def test_it_is_named_and_logged_once(
    driver: type[Bench], said: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with BenchDevice() as peer:
        device: Device = new_device(driver, peer.address)
        for _ in range(2):
            with pytest.raises(DriverError, match=said):
                await device.check(peer.address)
        await device.stop()
    [logged] = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert "(test_bench)" in logged.getMessage()


class SilentPing(Bench):
    """Has forgotten the `return` of its `ping`."""

    @override
    async def ping(self) -> Any:
        await super().ping()


async def test_a_ping_that_returns_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async with BenchDevice() as peer, online(new_device(SilentPing, peer.address)) as device:
        for _ in range(2):
            with pytest.raises(DriverError, match=r"SilentPing\.ping .* returned None, not text"):
                await device._session.liveness.ping()
    assert caplog.text.count("returned None") == 1


class Calling(Bench):
    """Answers a callback with what is no text."""

    answer: ClassVar[Any] = None

    @override
    def on_callback(self, request: CallbackRequest) -> Any:
        return self.answer


@pytest.mark.parametrize(
    ("answer", "sent", "logs"),
    [(None, None, 0), ("yes", "yes", 0), (b"yes", None, 1), (1, None, 1)],
)
async def test_the_answer_to_a_callback(
    answer: object,
    sent: str | None,
    logs: int,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Calling, "answer", answer)
    request = CallbackRequest("POST")
    async with BenchDevice() as peer, online(new_device(Calling, peer.address)) as device:
        for _ in range(2):
            assert device._session._on_callback(request) == sent
    assert caplog.text.count("Calling.on_callback") == logs


def test_a_sub_driver_that_forgets_to_return(caplog: pytest.LogCaptureFixture) -> None:
    class Sub(Bench):
        @override
        @classmethod
        def can_handle(cls, identity: Identity) -> Any:
            _ = identity.model == "2"

    dispatcher = Dispatcher(Bench)
    with patch.object(Bench, "sub_drivers", [Sub]):
        for _ in range(2):
            assert dispatcher.choose(Identity(model="2")) is Bench
    assert caplog.text.count("returned None, not True or False: a `return` is missing in it") == 1


def test_a_function_of_a_matcher_that_forgets_to_return(caplog: pytest.LogCaptureFixture) -> None:
    def key(sighting: Sighting) -> Any:
        _ = sighting.name

    matcher = Mdns("_x._tcp.local.", unique_id=key)
    sighting = Sighting("mdns", "_x._tcp.local.", Address("192.168.1.2", 80), "x", {})
    for _ in range(2):
        assert matcher.match(sighting) is None
    assert caplog.text.count(" returned a NoneType, not text; a `return` may be missing") == 1
