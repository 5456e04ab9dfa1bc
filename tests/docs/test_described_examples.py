"""The described relay that calls: it has no driver of the same name to be compared with."""

from collections.abc import AsyncGenerator

import pytest

from lan_edge import Device, Identity, Listener, ListenerSettings, Record, Runtime, Switch
from tests.drivers.described import described
from tests.drivers.house import until
from tests.emulators.dialing_relay import DialingRelay

from . import devices
from .test_examples import address

pytestmark = pytest.mark.usefixtures("nothing_left_running")


@pytest.fixture
async def runtime() -> AsyncGenerator[Runtime]:
    made = Runtime(listener=Listener(ListenerSettings(host=devices.HOST, port=0)))
    yield made
    await made.close()


async def test_the_relay_calls_and_is_told_where(runtime: Runtime) -> None:
    await runtime.listener.welcome({"dialing-relay": lambda *_: None})
    url = f"http://{devices.HOST}:{runtime.listener.port}/dialing-relay/RELAY1"
    record = Record(Identity("RELAY1"), (address(devices.Amplifier()),))
    async with DialingRelay(url, host=devices.HOST) as relay:
        device = Device(described("dialing_relay"), record, runtime=runtime)
        device.start()
        try:
            await until(lambda: device.available, lambda: device.connection.reason)
            await device.commands.execute(Switch.on, {})
            assert relay.state == {"on": True}
            await relay.change(on=False)
            await until(lambda: device.state.get(Switch.switch) is False)
            assert relay.kept.startswith("http://")
            assert relay.kept not in str([entry.text for entry in device.trace.entries()])
        finally:
            await device.stop()
