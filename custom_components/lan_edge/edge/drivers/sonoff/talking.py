"""What a Sonoff is asked, and what it announces by itself."""

import time

from lan_edge import (
    CredentialsError,
    Json,
    PowerMeter,
    RefusedError,
    ReplyError,
    Sighting,
    TemperatureMeasurement,
    number,
    object_at,
)

from .sealing import data_of, sealed, unsealed
from .state import SonoffState

DATA = "{txt[data1]}{txt[data2]}{txt[data3]}{txt[data4]}"
BAD_REQUEST, NOT_ENCRYPTED, OTHER_DEVICE, NOT_SUPPORTED = 400, 401, 404, 422
REASONS = {
    -1: "it does not know this request",
    BAD_REQUEST: "it does not understand the request",
    NOT_ENCRYPTED: "it takes encrypted requests only",
    NOT_SUPPORTED: "it does not support that",
}


class SonoffTalk(SonoffState):
    """The requests, plain and encrypted, and the announcements."""

    @property
    def device_id(self) -> str:
        return self.identity.unique_id or self.memory.device_id

    async def request(
        self, what: str, data: Json | None = None, *, key: str = ""
    ) -> tuple[int, Json]:
        """Return the code of an error, 0 for none, and what it answers; -1 for a web page."""
        body: Json = {"deviceid": self.device_id, "data": data or {}}
        if key := key or self.secrets.get("key", ""):
            body |= {"sequence": str(time.time_ns() // 1_000_000), "selfApikey": "123"}
            body |= sealed(data or {}, key)
        try:
            response = await self.io.post(f"/zeroconf/{what}", body)
        except RefusedError:  # newer firmware has a page for what it does not know
            return -1, {}
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and not response.text().startswith("{"):  # some call their JSON that
            return -1, {}
        reply = object_at(response.json())
        self.memory.seq = seq if type(seq := reply.get("seq")) is int else 0
        return int(number(reply.get("error"), "error")), data_of(reply, key)

    async def ask(self, what: str, data: Json | None = None) -> Json:
        """Return what it answers; raise RefusedError, or CredentialsError for a wrong key."""
        error, answer = await self.request(what, data)
        if error == NOT_ENCRYPTED or (error == BAD_REQUEST and self.memory.is_misread):
            raise CredentialsError("the device has another key now, or needs one")
        if error == OTHER_DEVICE:
            raise ReplyError("another device has the address")
        if error:
            reason = REASONS.get(error, f"error {error}")
            raise RefusedError(f"{what}: {reason}")
        return answer

    async def refresh(self) -> None:
        try:
            self.hear(await self.ask(*self.question))
        except RefusedError:
            return  # it has answered; its state is in what it announces

    @property
    def question(self) -> tuple[str, Json]:
        """The request that changes nothing, and makes it announce what it measures."""
        if self.is_diy:
            return "info", {}
        if self.memory.kind == "multifun_switch":
            return "statistics", {}
        if self.memory.led and (self.has(PowerMeter) or self.has(TemperatureMeasurement)):
            return "sledonline", {"sledOnline": self.memory.led}
        return "signal_strength", {}

    def on_sighting(self, sighting: Sighting) -> None:
        memory, seq = self.memory, sighting.text("{txt[seq]}")
        if not (data := sighting.text(DATA)) or (seq.isdecimal() and int(seq) < memory.seq):
            return
        if self.is_diy and sighting.text("{txt[encrypt]}").lower() != "true":
            self.hear(object_at(sighting.json(DATA)))
            return
        was_misread, iv = memory.is_misread, sighting.text("{txt[iv]}")
        try:
            params = unsealed(data, iv, self.secrets["key"])
        except ReplyError, CredentialsError:
            memory.is_misread, memory.data, memory.iv = True, data, iv
            if not was_misread:
                self.refresh_soon()  # if it refuses the key as well, that is wrong
            raise ReplyError("it announces what the device key does not decrypt") from None
        memory.is_misread = False
        self.hear(params)
