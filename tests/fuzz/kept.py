"""What was stored, typed or noted: records, memories, settings, traces and histories."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, override

import orjson

from lan_edge import Address, Range, Record, Stored, UnreachableError
from lan_edge.diagnostics.history import MAX_CHANGES, MAX_REASON, History
from lan_edge.diagnostics.privacy import Privacy
from lan_edge.diagnostics.redaction import REDACTED
from lan_edge.diagnostics.spellings import MIN_LENGTH
from lan_edge.diagnostics.trace import MAX_ENTRIES, MAX_ENTRY, Trace
from lan_edge.driver.memory import read_memory, stored_values
from lan_edge.driver.settings import read_settings
from lan_edge.drivers.venstar import VenstarSettings
from lan_edge.drivers.yeelight import YeelightSettings
from lan_edge.transports import WebSocket, WebSocketOptions
from lan_edge.transports.base import Link
from lan_edge.transports.websocket.handshake import websocket_url

from .target import target

RECORD = {
    "identity": {"unique_id": "a", "name": "Lamp", "mac": "a8bb50010203", "novel": "x"},
    "addresses": [["10.0.0.5", 80], ["2001:db8::1", 0]],
    "profile": {
        "main": {"capabilities": ["switch", "gone"], "name": "", "child": False, "category": ""},
        "outlet_1": {"capabilities": ["switch"], "name": "One", "child": True, "category": "light"},
    },
    "fields": {"count": 3, "kelvins": [2200, 6500], "location": "https://10.0.0.5/"},
    "added": True,
    "pin": "00ff",
}


def json_of(data: bytes) -> dict[str, Any]:
    """Return the JSON object that data is, or {}."""
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


@dataclass
class Memory:
    """What a driver remembers: some of it stored, some told by a matcher."""

    count: Annotated[int, Range(0, 9), Stored()] = 0
    kelvins: Annotated[tuple[int, ...], Stored()] = ()
    location: str = ""


class Known(Privacy):
    """What is private about a device."""

    @override
    def fields(self) -> tuple[str, ...]:
        """Return what a driver would declare."""
        return ("name", "config.name")


@target(
    "edge/device/record.py",
    "edge/driver/memory.py",
    "edge/capabilities/profile.py",
    seeds=(orjson.dumps(RECORD),),
)
def records(data: bytes) -> None:
    """A record that was stored is read as far as it makes sense, and can be stored again."""
    record = Record.from_dict(json_of(data))
    again = orjson.loads(orjson.dumps(record.as_dict()))
    assert Record.from_dict(again) == record
    assert all(isinstance(v, str) for v in again["identity"].values())
    assert all(isinstance(a.host, str) and isinstance(a.port, int) for a in record.addresses)
    for part in record.profile.components.values() if record.profile else ():
        assert isinstance(part.name, str)
        assert isinstance(part.child, bool)
    memory: Memory = read_memory(Memory, record.fields)
    assert 0 <= memory.count <= 9
    assert all(isinstance(kelvins, int) for kelvins in memory.kelvins)
    assert isinstance(memory.location, str)
    stored = orjson.loads(orjson.dumps(stored_values(memory, ("count", "kelvins"))))
    assert read_memory(Memory, {**record.fields, **stored}) == memory


@target(
    "edge/driver/settings.py",
    "edge/driver/fields.py",
    "edge/capabilities/schema.py",
    seeds=(b'{"fade": 0.5, "pin": "1234"}', b'{"fade": 31, "pin": 5}'),
)
def settings(data: bytes) -> None:
    """What the user may change is of its type and range, or at its default."""
    told = json_of(data)
    yeelight, _ = read_settings(YeelightSettings, told)
    assert 0 <= yeelight.fade <= 30
    venstar, _ = read_settings(VenstarSettings, told)
    assert isinstance(venstar.pin, str)


@target(
    "edge/diagnostics/trace.py",
    "edge/diagnostics/history.py",
    "edge/diagnostics/decoding.py",
    "edge/diagnostics/kinds.py",
    "edge/diagnostics/private_fields.py",
    "edge/diagnostics/redaction.py",
    "edge/diagnostics/spellings.py",
    "edge/network/text.py",
    seeds=(
        b"received\n\n{}\nlost: \xff",
        b'{"name": "secret", "config": {"name": [1, {}]}}\n<name>x</name>\nAA:BB:CC:DD:EE:FF ::1',
        rb"s\u00e9c%C3%A9\xc3\xa9 &#233;&amp; \\x41 c2VjcmV0 %2525 \ud83d\udd11",
    ),
)
def notes(data: bytes) -> None:
    """What is noted of a device is bounded, and can be told without its secrets."""
    trace, history, secret = Trace(Known()), History(), data.decode(errors="replace")[:200]
    trace.privacy.keep(secret)
    words: list[Any] = [*data.split(b"\n"), data.decode(errors="surrogateescape"), json_of(data)]
    for word in words[:1000]:
        trace.add("received", word if isinstance(word, bytes | str) else str(word))
        history.add("offline", Address("10.0.0.5"), word, is_connected=bool(word))
    entries = trace.entries()
    assert len(entries) <= MAX_ENTRIES
    assert all(len(e.text) <= MAX_ENTRY for e in entries)
    changes = history.changes()
    assert len(changes) <= MAX_CHANGES
    assert all(len(change.reason) <= MAX_REASON for change in changes)
    told = trace.privacy.publisher()({"said": [e.text for e in entries], "in": f"x{secret}y"})
    assert len(secret) < MIN_LENGTH or secret not in told["in"].replace(REDACTED, "")


@target(
    "edge/transports/websocket/websocket.py",
    "edge/transports/websocket/handshake.py",
    "edge/transports/messages/correlation.py",
    "edge/transports/messages/message_transport.py",
    seeds=(b'{"id": 1, "result": {}}', b'{"id": [1]}'),
)
def websocket_messages(data: bytes) -> None:
    """A message is told, and finds its request; what is none is counted."""
    asyncio.run(_websocket(data))


async def _websocket(data: bytes) -> None:
    with suppress(UnreachableError):
        path = data.decode(errors="replace")
        url = websocket_url(Address("10.0.0.5"), WebSocketOptions(), path)
        assert str(url.origin()) == "ws://10.0.0.5"
    told: list[Any] = []
    link = Link(told.append, told.append)
    for kind in ("json", "text", "binary"):
        options = WebSocketOptions(messages=kind, key=lambda message: message["id"])
        io = WebSocket(link, options)
        io._correlator.match_by(options.key, options.is_reply)  # as `open` does
        with io._correlator.expect_reply_to({"id": 1}, 60) as reply:
            io._take(data, False)
            io._take(data, True)
            assert not reply.done() or reply.result()["id"] == 1
        io._correlator.fail_all(TimeoutError())  # type: ignore[arg-type]
    assert len(link.oddities) <= 5
