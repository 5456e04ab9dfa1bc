"""Meross devices: signed JSON by HTTP, encrypted by some; an answer to a search by UDP.

The protocol has not been published by its maker. Written from MerossIot's description of it, and
from meross_lan: what owners' devices answer (its traces), the encryption, and its issues.
"""

import argparse
import asyncio
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Mapping
from hashlib import md5
import json
import re
from typing import Any, override

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from .command_line import parser, run
from .device import Announcer, EmulatedDevice, State
from .faults import seconds
from .http_messages import Answer, Request, requests
from .listener import Peer
from .meross_models import DND, KEYS, MODELS, SUMMER, SYSTEM, Model
from .meross_search import Answering
from .meross_set import changed

ALL, ABILITY, MULTIPLE = SYSTEM[0], SYSTEM[1], "Appliance.Control.Multiple"
ENCRYPTS = "Appliance.Encrypt.ECDHE"
WRONG_KEY, REFUSED = 5001, 5000
KEY = "23ab5c7d9e1f0246813579bdf02468ac"


class MerossEmulator(EmulatedDevice[Request]):
    """A device; in its state is `on` of the first of its outlets, or of its light."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        id: str = "48e1e9a1b2c3",  # noqa: A002 - its MAC address
        model: str = "mss110",
        key: str = KEY,
        encrypts: bool = False,
        announce: bool = False,
        search_port: int = 9988,
        answer_port: int = 9989,
    ) -> None:
        super().__init__(host, port, id, f"Meross {model}", announce=announce)
        self.type = model
        self.model: Model = MODELS[model].copy()
        self.key = key
        """The device key of the account with which it was paired."""
        self.encrypts = encrypts
        """Whether it takes encrypted requests only, but the one for its abilities."""
        self.most_at_once = 5
        """How many requests it takes in one; 0: it does not know that."""
        self.longest = 4000
        """How long an answer can be; the rest of it is cut off."""
        self.loses_many = False
        """Answer several requests in one with none (meross_lan 526)."""
        self.turns_on = True
        """Whether a light turns on with what it is to show."""
        self.hides_indicator = False
        """Know nothing of the light that shows its state."""
        self.most_a_second = 1000
        """How many requests a second it bears; after more it is off the network for 30 s."""
        self.tired = 0
        """How often that was."""
        self._asked_at = list[float]()
        self.takes = 0.0
        self.rolls_to: int | None = None
        """Seconds that a door takes to open or to close."""
        self.search_port, self.answer_port = search_port, answer_port
        self.search_host = ""
        """Where it hears searches, if that is not its address: broadcasts need all addresses."""

    @property
    def uuid(self) -> str:
        """Its UUID, the end of which is its MAC address."""
        return f"20101999789969518032{self.identity}"

    @property
    def mac(self) -> str:
        """Its MAC address, as it says it."""
        return ":".join(re.findall("..", self.identity))

    # its state

    @property
    def switch(self) -> dict[str, Any]:
        """What of its state says whether it is on."""
        toggles = [each for each in self.listed("togglex") if "onoff" in each]
        return next(iter([*toggles, *self.listed("toggle"), *self.listed("light")]), {})

    def listed(self, key: str) -> list[dict[str, Any]]:
        """Return what a digest has of something, which may be one or several."""
        told = self.model.digest.get(key, self.model.control.get(key, []))
        return [told] if isinstance(told, dict) else told

    @property
    @override
    def state(self) -> State:
        return {"on": bool(self.switch.get("onoff"))}

    @override
    def apply(self, state: State) -> None:
        self.switch["onoff"] = int(state["on"])

    @override
    def check(self, state: State) -> None:
        if state.keys() != {"on"} or not self.switch:
            raise ValueError(f"not such a device's state: {state}")

    @property
    def abilities(self) -> dict[str, Any]:
        """The namespaces that it knows, with what it says of each."""
        model = self.model
        told = {**model.digest, **model.control}
        thermostat = {"mode": "Appliance.Control.Thermostat.Mode"}
        thermostat["modeB"] = f"{thermostat['mode']}B"
        thermostat["summerMode"] = SUMMER
        names = [*SYSTEM, *model.answers, *model.abilities, *(KEYS[k] for k in told if k in KEYS)]
        names += [thermostat[key] for key in told.get("thermostat", {})]
        many = {MULTIPLE: {"maxCmdNum": self.most_at_once}} if self.most_at_once else {}
        own: dict[str, Any] = {ENCRYPTS: {}} if self.encrypts else {}
        if self.hides_indicator:
            names.remove(SYSTEM[2])
        return {name: {} for name in names} | model.settings | many | own

    @property
    def all(self) -> dict[str, Any]:
        """What it is, and its state."""
        hardware = {"type": self.type, "subType": "eu", "version": "4.0.0", "chipType": "mt7686"}
        firmware = {"version": self.model.firmware, "innerIp": self.host, "userId": 123456}
        own = {"uuid": self.uuid, "macAddress": self.mac}
        system = {"hardware": hardware | own, "firmware": firmware, "online": {"status": 1}}
        old = {"control": self.model.control} if self.model.control else {}
        return {"system": system, **(old or {"digest": self.model.digest})}

    # on the wire

    @override
    def new_announcer(self) -> Announcer:
        told = {"uuid": self.uuid, "mac": self.mac, "ip": self.host, "port": self.port}
        own = {"deviceType": self.type, "subType": "eu", "devName": self.name, "channels": [0]}
        versions = {"devHardWare": "4.0.0", "devSoftWare": self.model.firmware}
        host = self.search_host or self.host
        return Answering(host, self.search_port, self.answer_port, told | own | versions)

    @override
    def read(self, peer: Peer) -> AsyncIterator[Request]:
        return requests(peer.reader)

    @override
    def received(self, message: Request) -> tuple[str, Any]:
        try:
            request = self.opened(message.body)[0]
            header, payload = request["header"], request["payload"]
            return f"{header['method']} {header['namespace']}", payload
        except ValueError, KeyError, TypeError:
            return message.path, message.body.decode(errors="replace")

    def opened(self, body: bytes) -> tuple[dict[str, Any], bool]:
        """Return a request, and whether it was encrypted; raise ValueError if it makes no sense."""
        if body.startswith(b"{"):
            return dict(json.loads(body)), False
        decryptor = self._cipher().decryptor()
        text = decryptor.update(b64decode(body)) + decryptor.finalize()
        return dict(json.loads(text.rstrip(b"\0"))), True

    def _cipher(self) -> Cipher[modes.CBC]:
        own = self.uuid[3:22] + self.key[1:9] + self.mac + self.key[10:28]
        key = md5(own.encode(), usedforsecurity=False).hexdigest().encode()
        return Cipher(algorithms.AES(key), modes.CBC(b"0" * 16))

    @override
    async def answer(self, peer: Peer, message: Request) -> None:
        await asyncio.sleep(seconds(self.faults.slow))
        if peer.silent or self._is_tired():
            return
        if instead := self.faults.override:
            answer: Answer | None = Answer(instead.status, instead.body, instead.headers)
        else:
            answer = self._answer(message)
        if answer is None:
            peer.reset()
        else:
            self.deliver(peer, answer.encode(keep_alive=message.keep_alive, odd=self.faults.odd))

    def _is_tired(self) -> bool:
        loop = asyncio.get_running_loop()
        if self.faults.silent:
            return True
        self._asked_at = [at for at in self._asked_at if at > loop.time() - 1] + [loop.time()]
        if len(self._asked_at) > self.most_a_second:
            self.tired, self.faults.silent = self.tired + 1, True
            loop.call_later(30, setattr, self.faults, "silent", False)
        return self.faults.silent

    def _answer(self, request: Request) -> Answer | None:
        """Return the answer to a request; None: the connection is reset."""
        if (request.method, request.path) != ("POST", "/config"):
            return Answer(404)
        try:
            asked, is_sealed = self.opened(request.body)
            told = self._told(asked)
        except ValueError, KeyError, TypeError:
            return None
        if self.encrypts and not is_sealed and asked["header"]["namespace"] != ABILITY:
            return None
        body = json.dumps(told).encode()[: self.longest]
        if is_sealed:
            encryptor = self._cipher().encryptor()
            filled = body + bytes(16 - len(body) % 16)
            body = b64encode(encryptor.update(filled) + encryptor.finalize())
        return Answer(body=body, headers={"Content-Type": "application/json"})

    def _told(self, asked: dict[str, Any]) -> dict[str, Any]:
        header = asked["header"]
        if header["sign"] != self.sign(header["messageId"], header["timestamp"]):
            return self._reply(
                header, "ERROR", {"error": {"code": WRONG_KEY, "detail": "sign error"}}
            )
        return self._done(header, asked["payload"])

    def sign(self, message_id: str, timestamp: int) -> str:
        """Return the signature of a message."""
        signed = f"{message_id}{self.key}{timestamp}"
        return md5(signed.encode(), usedforsecurity=False).hexdigest()

    def _reply(self, header: Mapping[str, Any], method: str, payload: Any) -> dict[str, Any]:
        message_id, timestamp = header["messageId"], header["timestamp"]
        own = {"from": f"/appliance/{self.uuid}/publish", "payloadVersion": 1}
        told = {"messageId": message_id, "timestamp": timestamp, "timestampMs": 354}
        signed = {"sign": self.sign(message_id, timestamp)}
        named = {"namespace": header["namespace"], "method": method}
        return {"header": {**told, **named, **own, **signed}, "payload": payload}

    def _done(self, header: dict[str, Any], payload: dict[str, Any]) -> dict[str, Any]:
        namespace, method = header["namespace"], header["method"]
        is_main = namespace in {ALL, ABILITY} or method == "SET"
        refuses = self.faults.refuses(namespace) or (self.faults.bare and not is_main)
        if namespace not in self.abilities or (refuses and namespace != ABILITY):
            return self._reply(header, "ERROR", {"error": {"code": REFUSED}})
        if namespace == MULTIPLE:
            each = [self._done(one["header"], one["payload"]) for one in payload["multiple"]]
            return self._reply(header, "SETACK", {"multiple": [] if self.loses_many else each})
        if method == "GET":
            return self._reply(header, "GETACK", self._answers(namespace, payload))
        told = {} if self.faults.lie else changed(self, namespace, payload)
        return self._reply(header, "SETACK", told)

    def _answers(self, namespace: str, payload: dict[str, Any]) -> dict[str, Any]:
        if namespace in {ALL, ABILITY}:
            return {"all": self.all} if namespace == ALL else {"ability": self.abilities}
        if namespace == SYSTEM[2]:
            return dict(self.model.answers.setdefault(namespace, json.loads(json.dumps(DND))))
        if namespace not in self.model.answers:
            key = next(key for key, name in KEYS.items() if name == namespace)
            return {key: self.listed(key)}
        told = self.model.answers[namespace]
        ((key, asked),) = payload.items()
        ids = [each["id"] for each in asked if "id" in each] if isinstance(asked, list) else []
        return {key: [each for each in told[key] if each["id"] in ids]} if ids else told


def from_options(options: argparse.Namespace) -> MerossEmulator:
    """Make the device that the command line asks for."""
    own_id = {"id": options.id} if options.id else {}
    return MerossEmulator(options.host, options.port, announce=options.announce, **own_id)


if __name__ == "__main__":
    given = parser(__doc__, port=80, name="").parse_args()
    asyncio.run(run(from_options(given), given))
