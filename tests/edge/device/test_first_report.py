"""What a device reports for the first time may show that it is carrying out a command."""

from typing import Any, override

import pytest

from lan_edge import (
    Address,
    Attribute,
    Capability,
    JsonRpc,
    Profile,
    ThermostatCoolingSetpoint,
    ThermostatHeatingSetpoint,
    UnconfirmedError,
    command,
    handles,
)
from lan_edge.device.confirmation import Confirmation

from ..bench import Bench, BenchDevice, new_device, online, send
from ..peers import Wire


class Fading(Capability, id="test.fading"):
    """A glow that is reached slowly, by a lamp that has to be ready."""

    glow = Attribute(int, minimum=0, maximum=100)
    ready = Attribute(bool)

    @command(sets=("glow", "ready"))
    def fade(self, glow: int, ready: bool, rate: float) -> None:
        """Reach the `glow` within `rate` seconds."""


class Fader(Bench):
    """Has the capability."""

    id = "test_fader"
    profile = Profile(Fading)
    confirm_within = 0.4

    @override
    def on_message(self, message: JsonRpc.Message) -> None:
        if "ready" in message.data:
            self.emit(Fading.glow, message.data["glow"])
            self.emit(Fading.ready, message.data["ready"])

    @handles(Fading.fade)
    async def fade(self, glow: int, ready: bool, rate: float) -> None:
        await self.io.call("set", glow=glow, ready=ready, rate=rate)


class Lamp(BenchDevice):
    """Does nothing but what is seen in the last of the reads after a command."""

    def __init__(self, last: dict[str, Any]) -> None:
        super().__init__()
        self.state = {"glow": None, "ready": False}
        self.last = last
        self.idle = True

    @override
    async def _answer(self, wire: Wire, request: dict[str, Any]) -> None:
        since = self.requests[self.requests.index("set") :] if self.sets else []
        if since.count("get") == 3:
            self.state.update(self.last)
        await super()._answer(wire, request)


async def faded(last: dict[str, Any], rate: float) -> Lamp:
    """Have a lamp fade, and say so in its last answer."""
    async with Lamp(last) as peer, online(new_device(Fader, peer.address)) as device:
        await send(device, Fading.fade, glow=80, ready=True, rate=rate)
    return peer


async def test_the_first_glow_of_a_long_fade_shows_the_command() -> None:
    """It cannot have come further, so nothing is missing."""
    peer = await faded({"glow": 19, "ready": True}, 6000)
    assert peer.requests.count("get") >= 3


@pytest.mark.parametrize(
    ("last", "rate", "words"),
    [
        ({"glow": 19, "ready": True}, 0, "its glow is still 19, not 80"),
        ({"glow": 19}, 6000, "its ready is still off, not on"),
        ({"glow": 19}, 0, "its glow is still 19, not 80 and its ready is still off, not on"),
    ],
)
async def test_a_first_glow_is_not_enough(last: dict[str, Any], rate: float, words: str) -> None:
    with pytest.raises(UnconfirmedError) as failed:
        await faded(last, rate)
    assert str(failed.value) == words


async def test_nothing_is_missing_once_waiting_was_stopped() -> None:
    async with Lamp({}) as peer, online(new_device(Fader, peer.address)) as device:
        wait = Confirmation(device.state, "main", [[(Fading.ready, True)]], {})
        assert wait.words == "its ready is still off, not on"
        wait.close()
        assert wait.words == ""


@pytest.mark.parametrize(
    ("capability", "attribute", "wanted"),
    [
        (ThermostatHeatingSetpoint, ThermostatHeatingSetpoint.heating_setpoint, "heating"),
        (ThermostatCoolingSetpoint, ThermostatCoolingSetpoint.cooling_setpoint, "cooling"),
    ],
)
async def test_a_setpoint_is_called_what_users_call_it(
    capability: type[Capability], attribute: Attribute[float], wanted: str
) -> None:
    device = new_device(Fader, Address("127.0.0.1"))
    device.state.change_profile(Profile(capability))
    device.state.is_proven = True
    device.state.emit(attribute, 20.0)
    wait = Confirmation(device.state, "main", [[(attribute, 5.0)]], {})
    assert wait.words == f"its target temperature for {wanted} is still 20 °C, not 5 °C"
