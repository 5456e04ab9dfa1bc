"""Many messages at once from a device that calls: everything else goes on meanwhile."""

import json
from typing import Any, override

import pytest

from lan_edge import Address, Device, Identity, Listener, ListenerSettings, Record, Runtime
from tests.docs.pages import ROOT, run
from tests.emulators.dialing_relay import DialingRelay

from ...peers import LOOPBACK, until
from ...rounds import measured_rounds, work

EXAMPLE = "docs/examples/dialing_relay.py"
DRIVER = run(EXAMPLE, (ROOT / EXAMPLE).read_text()).DialingRelay
MESSAGES = 5000


class Talkative(DialingRelay):
    """Sends many messages in one go."""

    def flood(self, numbers: range) -> bytes:
        """Return what it sends on its connection."""
        texts = [json.dumps({"n": number}).encode() for number in numbers]
        if self._lines:
            return b"".join(text + b"\n" for text in texts)
        return b"".join(bytes((0x81, 0x80 | len(text), 0, 0, 0, 0)) + text for text in texts)

    async def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        if self._lines:
            await self._send(data.decode().removesuffix("\n"))
        else:
            self._send.__self__._writer.transport.write(data)


@pytest.mark.parametrize("seconds", [0, 0.0001])
@pytest.mark.parametrize("lines", [False, True], ids=["websocket", "lines"])
async def test_a_flood_of_messages(lines: bool, seconds: float) -> None:
    heard = list[int]()

    class Hearing(DRIVER):  # type: ignore[misc,valid-type]
        @override
        def on_message(self, message: dict[str, Any]) -> None:
            if "n" in message:
                heard.append(message["n"])
                work(seconds)

    runtime = Runtime(listener=Listener(ListenerSettings(host="", port=0)))
    await runtime.listener.welcome({"dialing-relay": lambda *_: None})
    url = f"http://{LOOPBACK}:{runtime.listener.port}/dialing-relay/RELAY1"
    record = Record(Identity("RELAY1"), (Address(LOOPBACK),))
    device = Device(Hearing, record, runtime=runtime)
    device.start()
    async with Talkative(url, lines=lines) as relay:
        await until(lambda: device.available, 60)
        data = relay.flood(range(MESSAGES))
        with measured_rounds() as rounds:
            await relay.write(data)
            await until(lambda: len(heard) == MESSAGES, 60)
        assert heard == list(range(MESSAGES))
        assert device.available
        rounds.check()
        await device.stop()
    await runtime.close()
