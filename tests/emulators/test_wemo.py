"""What other clients than ours demand of the WeMo emulator."""

from xml.etree import ElementTree as ET

import aiohttp
import pytest

from .wemo import KINDS, WemoEmulator

DEVICE = "{urn:Belkin:device-1-0}"
SERVICE = "{urn:Belkin:service-1-0}"


@pytest.mark.parametrize("kind", KINDS)
async def test_each_service_is_described_where_setup_says(kind: str) -> None:
    """As pywemo reads it, which Home Assistant uses: without these, it is no WeMo to it."""
    expected = {"basicevent": {"GetBinaryState", "SetBinaryState"}}
    if kind == "insight":
        expected["insight"] = {"GetInsightParams"}
    if kind in {"lightswitch", "dimmer", "dimmer_v2"}:
        expected["rules"] = {"FetchRules", "StoreRules"}
    described = {}
    async with WemoEmulator(kind=kind) as device, aiohttp.ClientSession() as session:
        base = f"http://{device.host}:{device.port}"
        async with session.get(f"{base}/setup.xml") as answer:
            setup = ET.fromstring(await answer.text())  # noqa: S314  # the emulator's own
        for service in setup.iter(f"{DEVICE}service"):
            async with session.get(base + str(service.findtext(f"{DEVICE}SCPDURL"))) as answer:
                assert answer.status == 200
                root = ET.fromstring(await answer.text())  # noqa: S314  # the emulator's own
            name = str(service.findtext(f"{DEVICE}serviceType")).split(":")[-2]
            actions = root.iter(f"{SERVICE}action")
            described[name] = {str(each.findtext(f"{SERVICE}name")) for each in actions}
    assert described == expected
