"""Discovery on a real network of one machine, and what needs no network."""

import asyncio
from pathlib import Path
import subprocess
import sys
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
import pytest
from zeroconf import DNSCache, DNSService, RecordUpdate, ServiceInfo, const  # type: ignore[attr-defined]  # as in the integration's listeners.py

from custom_components.lan_edge.discovery import listeners
from custom_components.lan_edge.runtime import async_load_domain_data

ROOT = Path(__file__).parents[3]
INSIDE = Path(__file__).with_name("on_loopback.py")


async def test_on_loopback() -> None:
    """Run the tests of on_loopback.py in a network of their own, all at once."""
    options = ["-q", "-rs", "-p", "no:cacheprovider", "-o", "python_files=on_loopback.py"]
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "tests.real.isolated", "--or-here"],
        *[sys.executable, "-m", "pytest", *options, str(INSIDE)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output = (await process.communicate())[0].decode()
    assert process.returncode == 0, output
    if "skipped" in output:
        pytest.skip(output.strip().splitlines()[-1])


async def test_an_invalid_service_name_is_skipped(hass: HomeAssistant) -> None:
    type_ = "_relay._tcp.local."
    info = ServiceInfo(type_, f"Relay.{type_}", 80, server="a.local.", addresses=[b"\n\0\0\5"])
    strange = (
        DNSService(f"{name}.{type_}", const._TYPE_SRV, const._CLASS_IN, 120, 0, 0, 80, "a.local.")
        for name in ("a\x01b", "x" * 80)
    )
    records = [*strange, info.dns_service(), info.dns_text(), *info.dns_addresses()]
    cache: Any = DNSCache()
    cache.async_add_records(records)
    shared: Any = SimpleNamespace(cache=cache)
    await async_load_domain_data(hass)
    listener = listeners.MdnsListener(hass)
    with patch.object(listeners, "route") as route:
        listener.async_update_records(shared, 0.0, [RecordUpdate(r, None) for r in records])
        listener.async_update_records_complete()
    assert [call.args[1].name for call in route.call_args_list] == ["Relay"]
