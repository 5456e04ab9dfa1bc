"""Refusals: the error for an answer with an error status, with the device's own words."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import suppress
from html import unescape
import math
import re
from typing import Any, cast

import aiohttp

from ...errors import CredentialsError, DeviceError, RefusedError, ReplyError
from ...network.parsing import parse_json
from ...sentences import Said, said
from ..pacing import Pacing
from .messages import Response
from .retry_after import begin_pause

MAX_REFUSAL = 4096
"""Bytes of an answer in which the words are looked for."""
MAX_DEPTH = 4
"""How deeply they may be nested in JSON."""
MIN_WORDS = 4
"""Characters; fewer say less than the status."""
REFUSAL_TIMEOUT = 1.0
"""Seconds for the body of a refusal where no answer with a body is expected."""
_NAMES = ("message", "msg", "error_description", "description", "detail", "reason", "error")
"""The fields of JSON that have them, the most telling first."""
_JSON = {"{", "["}
_HEAD_END = re.compile(r"(?i)</head\s*>")
_MARKUP = re.compile(r"(?i)<(script|style|title)\b[^<]*</\1\s*>|<!--[^<]*?-->|<[^<>]*>")


def refusal(response: Response, *, is_login_refused: bool, pause: float = 0) -> DeviceError:
    """Return the error for an answer with an error status; `pause`: for which the device asks."""
    body = b"" if response.secret else response.body
    if is_login_refused:
        return login_refused(response.what, body)
    message = refused_words(response.what, response.status, body, pause)
    return RefusedError(message, status=response.status, body=shown_body(response))


def refused_words(what: str, status: int, body: bytes, pause: float) -> Said:
    """Return the message for a refusal, with the `pause` for which the device asks, if it does."""
    reason, seconds = words_or_status(status, body), math.ceil(pause)
    if pause:
        return said(t"{what}: {reason}; it takes no more requests for {seconds} s")
    return said(t"{what}: {reason}")


async def fail_paused(
    pacing: Pacing, what: str, response: aiohttp.ClientResponse, *, is_paced: bool
) -> None:
    """Raise RefusedError for an answer that asks for a pause, which begins."""
    status = response.status
    if begin_pause(pacing, what, status, response.headers, is_paced=is_paced):
        words = refused_words(what, status, await read_refusal(response), pacing.pause)
        raise RefusedError(words, status=status)


def login_refused(what: str, body: bytes) -> CredentialsError:
    """Return the error for a refused login, with the device's words, if there are any."""
    words = words_in(body)
    return CredentialsError(t"{what} was refused: {words}" if words else t"{what} was refused")


def words_or_status(status: int, body: bytes) -> Said:
    """Return the sentence in the body of a refusal, else the status with what is in it."""
    words = words_in(body)
    if " " in words and words[0] not in _JSON:
        return said(words)
    shown = said(t"status {status}")
    return said(t"{shown}: {words}") if words else shown


async def read_refusal(response: aiohttp.ClientResponse) -> bytes:
    """Return the beginning of the body of a refusal, as far as it is there soon."""
    body = bytearray()
    with suppress(TimeoutError, aiohttp.ClientError, OSError):
        async with asyncio.timeout(REFUSAL_TIMEOUT):
            while len(body) < MAX_REFUSAL and (chunk := await response.content.readany()):
                body += chunk
    return bytes(body)


def shown_body(response: Response) -> str:
    """Return the beginning of a body as text; of a secret one, nothing."""
    return "" if response.secret else response.body[:MAX_REFUSAL].decode(errors="replace").strip()


def words_in(body: bytes) -> str:
    """Return what people can read in the body of a refusal; empty if that is nothing."""
    text = body[:MAX_REFUSAL].decode(errors="replace").strip()
    if text[:1] in _JSON:
        text = _words_in_json(text)
    elif text.startswith("<"):
        text = unescape(_MARKUP.sub(" ", _HEAD_END.split(text)[-1])).strip()
    return text if len(text) >= MIN_WORDS and "\ufffd" not in text else ""


def _words_in_json(text: str) -> str:
    """Return the most telling text in JSON, else all of it."""
    with suppress(ReplyError):
        return next(_texts_in(parse_json(text, "the body"), MAX_DEPTH), text)
    return text


def _texts_in(value: object, depth: int) -> Iterator[str]:
    """Yield the texts in a value that are words to people, the most telling first."""
    if isinstance(value, str) and len(value) >= MIN_WORDS:
        yield value
    elif isinstance(value, Mapping) and depth:
        fields = {str(k).lower(): v for k, v in cast("Mapping[str, Any]", value).items()}
        for name in (*_NAMES, f"{_NAMES[-1]}s"):
            yield from _texts_in(fields.get(name), depth - 1)
    elif isinstance(value, list) and depth:
        for each in value[:1]:
            yield from _texts_in(each, depth - 1)
