"""The drivers that the page on callbacks prints, as they are printed."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
import re
from typing import Any

import aiohttp
from aiohttp import web
import pytest

from lan_edge import (
    Address,
    ContactSensor,
    Device,
    Driver,
    Listener,
    ListenerSettings,
    Record,
    Runtime,
)

from ..peers import until

PAGE = Path(__file__).parents[3] / "docs/transports/callbacks.md"
PRINTED = re.compile(r"<!-- file: (\S+) -->\n```python\n(.*?)```\n<!-- /file -->", re.DOTALL)
HOST = "127.0.0.41"


def printed() -> dict[str, type[Driver[Any]]]:
    """Return the page's drivers by the name of their file, made from the print."""
    drivers = dict[str, type[Driver[Any]]]()
    for path, code in PRINTED.findall(PAGE.read_text()):
        module: dict[str, Any] = {"__name__": Path(path).stem}
        exec(compile(code, path, "exec"), module)  # noqa: S102
        drivers[Path(path).stem] = list(module.values())[-1]
    return drivers


class Contact:
    """A contact sensor: it stores the URL it is given, and posts changes to it."""

    def __init__(self) -> None:
        self.contact = "closed"
        self.url = ""

    async def answer(self, request: web.BaseRequest) -> web.Response:
        if request.path == "/notify":
            self.url = (await request.read()).decode()
        return web.Response(text=self.contact)

    async def change(self, word: str, url: str) -> int:
        """Change, post that, and return the answer's status."""
        self.contact = word
        connector = aiohttp.TCPConnector(local_addr=(HOST, 0))
        async with (
            aiohttp.ClientSession(connector=connector) as session,
            session.post(url, data=f"contact {word}\n") as answer,
        ):
            return answer.status


@pytest.fixture
async def contact() -> AsyncGenerator[tuple[Contact, Address]]:
    made = Contact()
    runner = web.ServerRunner(web.Server(made.answer))
    await runner.setup()
    site = web.TCPSite(runner, HOST, 0)
    await site.start()
    yield made, Address(*runner.addresses[0][:2])
    await runner.cleanup()


@pytest.mark.parametrize("name", ["webhook_contact", "posting_contact"])
async def test_the_examples_driver_receives_each_change(
    name: str, contact: tuple[Contact, Address], monkeypatch: pytest.MonkeyPatch
) -> None:
    sensor, address = contact
    family = printed()[name]
    monkeypatch.setattr(family, "poll", None)
    runtime = Runtime(listener=Listener(ListenerSettings(port=0)))
    device = Device(family, Record(addresses=(address,)), runtime=runtime)
    device.start()
    await until(lambda: device.available)
    url = sensor.url or f"http://127.0.0.1:{runtime.listener.port}/"
    assert bool(sensor.url) is (name == "webhook_contact")
    for word in ("open", "closed", "open"):
        assert await sensor.change(word, url) == 200
        assert device.state.get(ContactSensor.contact) is (word == "open")
    assert await sensor.change("ajar", url) == 200
    assert device.state.get(ContactSensor.contact) is None  # what it says is neither
    await device.stop()
    assert not runtime.listener.port
    with pytest.raises(aiohttp.ClientConnectorError):
        await sensor.change("open", url)
    await asyncio.sleep(0)


async def test_without_a_listener_the_examples_driver_is_polled(
    contact: tuple[Contact, Address], monkeypatch: pytest.MonkeyPatch
) -> None:
    sensor, address = contact
    family = printed()["webhook_contact"]
    monkeypatch.setattr(family, "poll", 0.05)
    device = Device(family, Record(addresses=(address,)))
    device.start()
    await until(lambda: device.available)
    sensor.contact = "open"
    await until(lambda: device.state.get(ContactSensor.contact) is True)
    await device.stop()
