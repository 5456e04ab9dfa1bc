"""Fetches the text of a description from a URL, once, when the user asks for it."""

import asyncio

from aiohttp import ClientError, ClientResponse, ClientResponseError
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from yarl import URL

from .texts import MAX_SAVED_TEXT

FETCH_TIMEOUT = 10.0
"""Seconds for all of it."""
MAX_REDIRECTS = 3
_SCHEMES = ("http", "https")


class FetchError(Exception):
    """There is no text at a URL; `key` says why, for the errors of a form."""

    def __init__(self, key: str, reason: str = "", *, is_answered: bool = True) -> None:
        """Take why, the words of what failed, and whether there is a server at all."""
        super().__init__(reason)
        self.key = key
        self.is_answered = is_answered


async def async_fetch(hass: HomeAssistant, address: str, most: int = MAX_SAVED_TEXT) -> str:
    """Return the text at a URL, of at most that many bytes; raise FetchError."""
    url = _url(address)
    try:
        async with (
            asyncio.timeout(FETCH_TIMEOUT),
            async_get_clientsession(hass).get(
                url, max_redirects=MAX_REDIRECTS, raise_for_status=True
            ) as response,
        ):
            return await _text(response, most)
    except TimeoutError:
        reason = f"no answer within {FETCH_TIMEOUT:.0f} s"
        raise FetchError("fetch_failed", reason, is_answered=False) from None
    except ClientResponseError as err:
        raise FetchError("fetch_failed", f"status {err.status}") from err
    except (ClientError, ValueError) as err:
        reason = str(err) or type(err).__name__
        raise FetchError("fetch_failed", reason, is_answered=False) from err


def _url(address: str) -> URL:
    try:
        url = URL(address.strip())
    except ValueError:
        raise FetchError("no_url") from None
    if url.scheme not in _SCHEMES or not url.host:
        raise FetchError("no_url")
    return url


async def _text(response: ClientResponse, most: int) -> str:
    """Return the body of a response, which is read only as far as a text may be long."""
    if response.content_type == "text/html":
        raise FetchError("web_page")
    data = bytearray()
    async for chunk in response.content.iter_chunked(MAX_SAVED_TEXT):
        data += chunk
        if len(data) > most:
            raise FetchError("too_long")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FetchError("no_text") from None
