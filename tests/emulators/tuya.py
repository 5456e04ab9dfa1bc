"""Tuya devices: frames on TCP 6668 in versions 3.1 to 3.5, data points, beacons, one client.

Written from what is published, not from the driver: tinytuya's documentation and the reports of its
users. These are as users report them:
- an answer to the negotiation in 3.4 with another key has the error 1 and four bytes
  (https://github.com/jasonacox/tinytuya/issues/542);
- behind the version in the header of a push in 3.3 are counters, not zeros
  (https://github.com/codetheweb/tuyapi/issues/424);
- a device that is asked the usual way for its points may answer "json obj data unvalid", and then
  reports only the points whose numbers are named (https://github.com/jasonacox/tinytuya/issues/4);
- a device that hears nothing for 30 s closes the connection; one that is asked too often is gone.
tinytuya, which we did not write, talks to it in `tests/drivers/test_tuya_tinytuya.py`.
"""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import md5
import hmac
import json
import os
import socket
from typing import Any, override
import zlib

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.padding import PKCS7

from .device import Announcer, EmulatedDevice, State
from .listener import Peer
from .overload import Overload

KEY = "0123456789abcdef"
ID = "bf0123456789abcdefghij"
BEACON_KEY = md5(b"yGAdlopoPVldABfn", usedforsecurity=False).digest()
UNVALID = b"json obj data unvalid"
OLD, NEW = b"\x00\x00\x55\xaa", b"\x00\x00\x66\x99"
COMMANDS = {
    3: "start",
    5: "finish",
    7: "control",
    9: "heartbeat",
    10: "query",
    13: "control",
    16: "query",
    18: "update",
    64: "subdevices",
}
RARELY_HEADED = {3, 4, 5, 9, 10, 16, 18, 64}
BEACON_INTERVAL = 5.0


def ecb(key: bytes, data: bytes, *, pad: bool = True) -> bytes:
    if pad:
        padder = PKCS7(128).padder()
        data = padder.update(data) + padder.finalize()
    cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305  # as devices do
    return cipher.update(data) + cipher.finalize()


def ecb_opened(key: bytes, data: bytes) -> bytes:
    cipher = Cipher(algorithms.AES(key), modes.ECB()).decryptor()  # noqa: S305  # as above
    unpadder = PKCS7(128).unpadder()
    padded = cipher.update(data) + cipher.finalize()
    return unpadder.update(padded) + unpadder.finalize()


def signature_of_31(key: bytes, text: bytes) -> bytes:
    signed = b"data=" + text + b"||lpv=3.1||" + key
    return md5(signed, usedforsecurity=False).hexdigest()[8:24].encode()


@dataclass(frozen=True, slots=True)
class Request:
    """A message as it was framed; it is opened when its turn comes, with the key of then."""

    frame: bytes

    @property
    def command(self) -> int:
        at = 10 if self.frame.startswith(NEW) else 8
        return int.from_bytes(self.frame[at : at + 4])

    @property
    def number(self) -> int:
        at = 6 if self.frame.startswith(NEW) else 4
        return int.from_bytes(self.frame[at : at + 4])


class Session:
    """One connection: its keys, and the number of its messages."""

    def __init__(self, key: bytes) -> None:
        self.key = self.real = key
        self.nonce = os.urandom(8).hex().encode()
        self.theirs = b""
        self.number = 0


class TuyaEmulator(EmulatedDevice[Request]):
    """A device with these points, and those of the devices behind it by their `cid`."""

    def __init__(
        self,
        points: dict[str, Any] | None = None,
        *,
        version: str = "3.3",
        host: str = "127.0.0.1",
        port: int = 0,
        id: str = ID,  # noqa: A002 - the protocol's word
        key: str = KEY,
        announce: bool = False,
        beacon_port: int = 6667,
        to: str = "127.255.255.255",
        behind: dict[str, dict[str, Any]] | None = None,
        most_clients: int = 1,
    ) -> None:
        super().__init__(host, port, id, "Tuya", announce=announce)
        self.version = version
        self.key = key
        self.points: dict[str, Any] = {"1": False, "9": 0} if points is None else dict(points)
        self.behind = {cid: dict(own) for cid, own in (behind or {}).items()}
        self.offline = set[str]()
        """The devices behind it that it does not reach."""
        self.by_number = False
        """Whether it has to be asked for each point by its number."""
        self.only_first = False
        """Whether it reports only the first of several points that it is asked for by number."""
        self.how_listed = "answer"
        """How it lists its points: by an answer, by a report, or, if it has to be asked for them by
        number, by nothing but an empty answer."""
        self.closes_when_measuring = False
        """Whether it closes the connection when it is told to measure."""
        self.resets = 0
        """How many negotiations it ends by a reset."""
        self.is_acknowledging = True
        """Whether it answers a command besides reporting what has changed."""
        self.repeats_numbers = True
        """Whether its answers have the number of the request; otherwise they have 0."""
        self.refuses = b""
        """What it says instead of carrying out a command."""
        self.reports_id = True
        self.most_clients = most_clients
        self.overload = Overload()
        self.patience = 30.0
        """Seconds after which it closes a connection on which it hears nothing."""
        self.beacon_port, self.beacon_to = beacon_port, to
        self.sessions: dict[Peer, Session] = {}
        self._pushes = 0

    # the state, in the contract's words

    @property
    @override
    def state(self) -> State:
        switch = next((n for n in ("20", "1") if type(self.points.get(n)) is bool), "")
        return {"on": self.points.get(switch), **self.points}

    @override
    def check(self, state: State) -> None:
        if unknown := state.keys() - {"on", *self.points}:
            raise ValueError(unknown)

    @override
    def apply(self, state: State) -> None:
        switch = next((n for n in ("20", "1") if type(self.points.get(n)) is bool), "")
        self.report({switch if n == "on" else n: value for n, value in state.items()})

    def report(self, points: dict[str, Any], cid: str = "") -> None:
        """Take over points, and push them to every client."""
        (self.behind[cid] if cid else self.points).update(points)
        for peer in self.peers:
            self.push(peer, points, cid)

    def push(self, peer: Peer, points: dict[str, Any], cid: str = "") -> None:
        """Report points without being asked."""
        session = self.sessions.get(peer)
        if session is None or (self.version >= "3.4" and session.key == session.real):
            return
        self._pushes += 1
        peer.send(self.sealed(session, 8, self.told(points, cid), number=0))

    def told(self, points: dict[str, Any], cid: str = "") -> bytes:
        """Return points as it reports them."""
        own: dict[str, Any] = {"dps": points} | ({"cid": cid} if cid else {})
        if self.version >= "3.4":
            return json.dumps({"protocol": 4, "t": 1700000000, "data": own}).encode()
        if self.reports_id:
            own = {"devId": self.identity, **own}
        return json.dumps(own, separators=(",", ":")).encode()

    def listed(self) -> bytes:
        """Return which devices behind it it reaches, and which it does not."""
        online = [c for c in self.behind if c not in self.offline]
        lists = {"online": online, "offline": sorted(self.offline)}
        return json.dumps({"reqType": "subdev_online_stat_report", "data": lists}).encode()

    def tell_units(self) -> None:
        """Tell every client which devices behind it it reaches now."""
        for peer, session in self.sessions.items():
            peer.send(self.sealed(session, 64, self.listed(), number=0))

    # frames

    @override
    async def read(self, peer: Peer) -> AsyncIterator[Request]:
        if sum(not each.has_left for each in self.peers) > self.most_clients:
            peer.reset()
            return
        self.sessions[peer] = Session(self.key.encode())
        try:
            while True:
                try:
                    async with asyncio.timeout(self.patience):
                        request = await self._next(peer)
                except TimeoutError:
                    peer.reset()
                    return
                if self.overload.is_away():
                    peer.reset()
                else:
                    yield request
        finally:
            self.sessions.pop(peer, None)

    async def _next(self, peer: Peer) -> Request:
        head = await peer.reader.readexactly(18 if self.version == "3.5" else 16)
        size = int.from_bytes(head[-4:]) + (4 if head.startswith(NEW) else 0)
        return Request(head + await peer.reader.readexactly(size))

    @override
    def received(self, message: Request) -> tuple[str, Any]:
        return COMMANDS.get(message.command, str(message.command)), message.number

    def sealed(
        self, session: Session, command: int, content: bytes, *, number: int, error: int = 0
    ) -> bytes:
        """Return a frame."""
        status = error.to_bytes(4)
        version = self.version.encode()
        number *= self.repeats_numbers
        header = version + bytes(7) + self._pushes.to_bytes(2) + b"\0\0\1" if command == 8 else b""
        if self.version == "3.5":
            session.number += 1
            head = bytes(2) + session.number.to_bytes(4) + command.to_bytes(4)
            plain = status + (version + bytes(12) if header else b"") + content
            iv = os.urandom(12)
            head += (12 + len(plain) + 16).to_bytes(4)
            return NEW + head + iv + AESGCM(session.key).encrypt(iv, plain, head) + b"\0\0\x99\x66"
        if self.version == "3.4":
            plain = (version + bytes(12) if header else b"") + content
            body = status + (ecb(session.key, plain) if plain else b"")
        elif self.version == "3.1":
            body = status + content
            if command == 8:
                text = base64.b64encode(ecb(session.key, content))
                body = status + version + signature_of_31(session.key, text) + text
        else:
            body = status + header + (ecb(session.key, content) if content else b"")
        tail = 36 if self.version == "3.4" else 8
        frame = OLD + number.to_bytes(4) + command.to_bytes(4)
        frame += (len(body) + tail).to_bytes(4) + body
        check = zlib.crc32(frame).to_bytes(4)
        if self.version == "3.4":
            check = hmac.digest(session.key, frame, "sha256")
        return frame + check + b"\x00\x00\xaa\x55"

    def opened(self, session: Session, request: Request) -> bytes | None:
        """Return what a client has sent; None if it was encrypted with another key."""
        frame = request.frame
        try:
            if self.version == "3.5":
                iv, body = frame[18:30], frame[30:-4]
                content = AESGCM(session.key).decrypt(iv, body, frame[4:18])
            elif self.version == "3.4":
                if frame[-36:-4] != hmac.digest(session.key, frame[:-36], "sha256"):
                    return None
                content = ecb_opened(session.key, frame[16:-36])
            else:
                assert frame[-8:-4] == zlib.crc32(frame[:-8]).to_bytes(4)
                content = frame[16:-8]
                if self.version != "3.1":
                    is_headed = content.startswith(self.version.encode())
                    assert is_headed is (request.command not in RARELY_HEADED)
                    return ecb_opened(session.key, content[15 if is_headed else 0 :])
                if request.command == 7:
                    assert content[3:19] == signature_of_31(session.key, content[19:])
                    return ecb_opened(session.key, base64.b64decode(content[19:]))
                return content
        except Exception:  # noqa: BLE001  # whatever another key makes of it
            return None
        is_headed = content.startswith(self.version.encode())
        return content[15:] if is_headed else content

    # answers

    def respond(
        self, peer: Peer, session: Session, request: Request, content: bytes, *, error: int = 0
    ) -> None:
        """Answer a request; `faults.rewrite` changes the content, before it is encrypted."""
        rewrite, self.faults.rewrite = self.faults.rewrite, None
        try:
            changed = rewrite(self.received(request)[0], content) if rewrite else content
            if changed is not None:
                number = request.number
                frame = self.sealed(session, request.command, changed, number=number, error=error)
                self.deliver(peer, frame)
        finally:
            self.faults.rewrite = rewrite

    @override
    async def answer(self, peer: Peer, message: Request) -> None:
        session = self.sessions.get(peer)
        if session is None or self.faults.silent:
            return
        command, number = message.command, message.number
        content = self.opened(session, message)
        if content is None:
            self._refuse_key(peer, session, message)
        elif command == 3 and self.resets:
            self.resets -= 1
            peer.reset()
        elif command == 3:
            session.theirs = content
            proof = hmac.digest(session.real, content, "sha256")
            self.deliver(peer, self.sealed(session, 4, session.nonce + proof, number=number))
        elif command == 5:
            assert content == hmac.digest(session.real, session.nonce, "sha256")
            self._begin(session)
        elif command == 9:
            self.deliver(peer, self.sealed(session, 9, b"", number=number))
        else:
            self._carry_out(peer, session, message, json.loads(content or b"{}"))

    def _begin(self, session: Session) -> None:
        mixed = bytes(a ^ b for a, b in zip(session.theirs, session.nonce, strict=True))
        if self.version == "3.5":
            session.key = AESGCM(session.real).encrypt(session.theirs[:12], mixed, None)[:16]
        else:
            session.key = ecb(session.real, mixed, pad=False)

    def _refuse_key(self, peer: Peer, session: Session, message: Request) -> None:
        """Answer what was encrypted with another key: with an error, or, in 3.5, by going."""
        if self.version == "3.5":
            peer.reset()
        elif self.version == "3.4":
            body = (1).to_bytes(4) + os.urandom(4)
            frame = OLD + message.frame[4:12] + (len(body) + 36).to_bytes(4) + body
            frame += hmac.digest(session.key, frame, "sha256") + b"\x00\x00\xaa\x55"
            self.deliver(peer, frame)
        else:  # in plain text: rospogrigio/localtuya#1232
            frame = OLD + message.frame[4:12] + (29).to_bytes(4)
            frame += (1).to_bytes(4) + b"data format error"
            self.deliver(peer, frame + zlib.crc32(frame).to_bytes(4) + b"\x00\x00\xaa\x55")

    def _carry_out(self, peer: Peer, session: Session, message: Request, asked: Any) -> None:
        data = asked.get("data") or {}
        cid = asked.get("cid") or data.get("cid") or ""
        points: dict[str, Any] = data.get("dps") or asked.get("dps") or {}
        own = self.behind.get(cid, {}) if cid else self.points
        match message.command:
            case 64 if self.behind:
                self.respond(peer, session, message, self.listed())
            case 10 | 16 if self.how_listed == "nothing":
                self.respond(peer, session, message, b"")
            case 10 | 16 if own and self.how_listed == "report":
                self.push(peer, own, cid)
            case 10 | 16 if own and (cid or not self.by_number):
                self.respond(peer, session, message, self.told(own, cid))
            case 10 | 16 | 64:
                self.respond(peer, session, message, UNVALID, error=1)
            case 18 if self.closes_when_measuring:
                peer.reset()
            case 18:
                self.push(peer, {n: own[n] for n in map(str, asked["dpId"]) if n in own}, cid)
            case _ if self.refuses:
                self.respond(peer, session, message, self.refuses, error=1)
            case _:
                self._set(peer, session, message, points, cid)

    def _set(
        self, peer: Peer, session: Session, message: Request, points: dict[str, Any], cid: str
    ) -> None:
        """Set points, or report those that are null."""
        own = self.behind.get(cid, {}) if cid else self.points
        asked = {n: own[n] for n, value in points.items() if value is None and n in own}
        news = {n: value for n, value in points.items() if value is not None and n in own}
        if self.only_first:
            asked = dict([*asked.items()][:1])
        if asked:
            self.respond(peer, session, message, self.told(asked, cid))
            return
        if self.is_acknowledging:
            self.respond(peer, session, message, b"", error=0 if news else 1)
        if news and not self.faults.lie:
            self.report(news, cid)

    # beacons

    def beacon(self) -> bytes:
        """Return what it says to everybody, as its version does."""
        told = {
            "ip": self.host,
            "gwId": self.identity,
            "active": 2,
            "ablilty": 0,
            "encrypt": True,
            "productKey": "keydeadbeef12345",
            "version": self.version,
        }
        content = json.dumps(told, separators=(",", ":")).encode()
        if self.version == "3.5":
            plain = bytes(4) + content
            head = bytes(6) + (19).to_bytes(4) + (12 + len(plain) + 16).to_bytes(4)
            iv = os.urandom(12)
            return NEW + head + iv + AESGCM(BEACON_KEY).encrypt(iv, plain, head) + b"\0\0\x99\x66"
        body = bytes(4) + (content if self.version == "3.1" else ecb(BEACON_KEY, content))
        frame = (
            OLD + bytes(4) + bytes(4)
            if self.version == "3.1"
            else OLD + bytes(4) + (19).to_bytes(4)
        )
        frame += (len(body) + 8).to_bytes(4) + body
        return frame + zlib.crc32(frame).to_bytes(4) + b"\x00\x00\xaa\x55"

    @override
    def new_announcer(self) -> Announcer:
        return _Beacons(self)


class _Beacons(Announcer):
    """Says where the device is, every few seconds."""

    def __init__(self, device: TuyaEmulator) -> None:
        self._device = device
        self._task: asyncio.Task[None] | None = None

    @override
    async def announce(self) -> None:
        self._task = asyncio.create_task(self._say_often())

    async def _say_often(self) -> None:
        device = self._device
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            sock.bind((device.host, 0))
            while True:
                if not device.faults.silent:
                    with suppress(OSError):  # it has no network just now
                        sock.sendto(device.beacon(), (device.beacon_to, device.beacon_port))
                await asyncio.sleep(BEACON_INTERVAL)

    @override
    async def goodbye(self) -> None:
        await self.vanish()

    @override
    async def vanish(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
