"""What a Sonoff is asked: `POST /zeroconf/<what>`; an answer has the code of an error, or data."""

import time
from typing import Any, NamedTuple

from lan_edge import (
    CredentialsError,
    Http,
    Json,
    RefusedError,
    ReplyError,
    number,
    object_at,
)

from .sealing import data_of, sealed

UNKNOWN, BAD_REQUEST, NOT_ENCRYPTED, OTHER_DEVICE, NOT_SUPPORTED = -1, 400, 401, 404, 422
REASONS = {
    UNKNOWN: t"it does not know this request",
    BAD_REQUEST: t"it does not understand the request",
    NOT_ENCRYPTED: t"it takes encrypted requests only",
    NOT_SUPPORTED: t"it does not support that",
}


class SonoffReply(NamedTuple):
    """An answer: the code of an error, data, and the number of the state that it is from.

    The code is 0 for none, and -1 for a web page: newer firmware has one for what it does not know.
    """

    error: int
    data: Json = {}  # noqa: RUF012  # nobody changes it
    seq: int = 0

    def check(self, what: str, *, is_misread: bool) -> None:
        """Raise CredentialsError, RefusedError or ReplyError for an error.

        A bad request is one that it cannot decrypt if what it announces `is_misread` as well.
        """
        if self.error == NOT_ENCRYPTED or (self.error == BAD_REQUEST and is_misread):
            raise CredentialsError(t"the device has another key, or needs one")
        if self.error == OTHER_DEVICE:
            raise ReplyError(t"another device has the address")
        if self.error:
            reason = REASONS.get(self.error, t"error {self.error}")
            raise RefusedError(t"{what}: {reason}")


async def exchange(io: Http, device_id: str, key: str, what: str, data: Json) -> SonoffReply:
    """Return what a device answers; without a key, it is asked in plain text."""
    body: dict[str, Any] = {"deviceid": device_id, "data": data}
    if key:
        body |= {"sequence": str(time.time_ns() // 1_000_000), "selfApikey": "123"}
        body |= sealed(data, key)
    try:
        response = await io.post(f"/zeroconf/{what}", body)
    except RefusedError:
        return SonoffReply(UNKNOWN)
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if is_page and not response.text().startswith("{"):  # some call their JSON that
        return SonoffReply(UNKNOWN)
    reply = object_at(response.json())
    seq: Any = reply.get("seq")
    error = int(number(reply.get("error"), "error"))
    return SonoffReply(error, data_of(reply, key), seq if type(seq) is int else 0)
