"""mDNS and SSDP of the emulators, and their command lines, in a network namespace."""

import json
import os
from pathlib import Path
import shutil
import subprocess
import sys
from typing import Any
import warnings

import pytest

pytestmark = pytest.mark.namespaces

SETUP = """
set -e
ip link set lo up
ip link set lo multicast on
ip route add 224.0.0.0/4 dev lo
for last in 1 11 12 13; do ip addr add 10.99.0.$last/24 dev lo; done
"""
UNSHARE = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-Urn"]


def in_namespace(command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*UNSHARE, "sh", "-c", SETUP + command],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def skip(reason: str) -> None:
    warnings.warn(f"NOT TESTED, announcing of emulators: {reason}", stacklevel=2)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def seen() -> Any:
    if shutil.which("unshare") is None:
        skip("no unshare here")
    trial = in_namespace("true")
    if trial.returncode:
        skip(f"no network namespace here: {trial.stderr.strip()}")
    probe = in_namespace(f"exec '{sys.executable}' -m tests.emulators.announcing_probe")
    assert probe.returncode == 0, probe.stderr
    return json.loads(probe.stdout)


def test_a_search_is_answered_from_the_bulbs_own_address(seen: Any) -> None:
    (answer,) = seen["bulb"]["own"]
    assert answer["first"] == "HTTP/1.1 200 OK"
    assert answer["from"] == seen["bulb"]["location_host"] == "10.99.0.12"
    assert answer["usn"] == "uuid:b-1::urn:lan-edge-org:device:JsonBulb:1"
    assert answer["st"] == "urn:lan-edge-org:device:JsonBulb:1"
    assert answer["x-port"] == "5577"
    assert answer["cache-control"] == "max-age=120"


def test_other_searches(seen: Any) -> None:
    assert len(seen["bulb"]["all"]) == len(seen["bulb"]["root"]) == 1
    assert seen["bulb"]["root"][0]["usn"] == "uuid:b-1::upnp:rootdevice"
    assert seen["bulb"]["foreign"] == []


def test_the_description_is_at_the_location(seen: Any) -> None:
    assert "<UDN>uuid:b-1</UDN>" in seen["bulb"]["description"]


def test_alive_at_start_move_and_restart_byebye_only_at_the_stop(seen: Any) -> None:
    kinds = [(n["from"], n["nts"]) for n in seen["bulb"]["notifies"]]
    assert kinds == [
        ("10.99.0.12", "ssdp:alive"),
        ("10.99.0.13", "ssdp:alive"),
        ("10.99.0.13", "ssdp:alive"),
        ("10.99.0.13", "ssdp:byebye"),
    ]
    assert [a["from"] for a in seen["bulb"]["moved"]] == ["10.99.0.13"]
    assert seen["bulb"]["exit"] == 0


def test_mdns_tells_id_and_model(seen: Any) -> None:
    assert seen["switch"]["first"] == {
        "found": True,
        "addresses": ["10.99.0.11"],
        "port": 8080,
        "txt": {"id": "relay-1", "model": "RS-1"},
    }
    assert seen["switch"]["changes"][0] == [
        "Demo relay._relay._tcp.local.",
        "Added",
    ]


def test_mdns_follows_a_move_without_goodbye(seen: Any) -> None:
    assert seen["switch"]["moved"]["addresses"][0] == "10.99.0.13"
    assert seen["switch"]["state"] == "off"
    assert "Removed" not in [kind for _, kind in seen["switch"]["changes"]]


def test_mdns_goodbye_at_the_stop(seen: Any) -> None:
    assert seen["switch"]["at_stop"][-1][1] == "Removed"
    assert seen["switch"]["exit"] == 0
