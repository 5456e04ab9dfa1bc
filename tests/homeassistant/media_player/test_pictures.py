"""Album covers: fetched from the device's own host, and served only if they are pictures."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
import gzip
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.media_player.pictures import MAX_SIZE
from lan_edge import AudioTrackData, AudioVolume, MediaPresets, Preset, Profile, Track
from tests.edge.peers import TcpPeer, Wire

from ..entries import BULB_ID
from ..stage import Actor, enter, stage

RADIO = "media_player.radio"
PNG = b"\x89PNG\r\n\x1a\n"
PLAYER = Profile(AudioVolume, AudioTrackData, MediaPresets)


class Pages(TcpPeer):
    """A web server with a page that a test sets; it notes the paths that are asked for."""

    def __init__(self, host: str) -> None:
        super().__init__(self._respond, host)
        self.asked: list[str] = []
        self.page: Callable[[str], tuple[str, bytes]] = lambda _: ("200 OK", PNG)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    async def _respond(self, wire: Wire) -> None:
        request = await wire.reader.readuntil(b"\r\n\r\n")
        path = request.split(b" ")[1].decode()
        self.asked.append(path)
        status, body = self.page(path)
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        await wire.send(head.encode() + body)
        wire.close()


@pytest.fixture
async def radio(hass: HomeAssistant, drivers: None, start_discovery: None) -> AsyncGenerator[Actor]:
    async with Actor(id=BULB_ID, name="Radio") as device:
        stage(PLAYER)
        await enter(hass, device)
        yield device


@pytest.fixture
async def own(radio: Actor) -> AsyncGenerator[Pages]:
    """Return the web server of the device."""
    async with Pages(radio.host) as pages:
        yield pages


def player(hass: HomeAssistant) -> Any:
    return hass.data["media_player"].get_entity(RADIO)


async def cover(hass: HomeAssistant, radio: Actor, url: str) -> tuple[bytes | None, str | None]:
    """Return the cover, and its media type, that Home Assistant serves of a track."""
    radio.show(AudioTrackData.audio_track_data, Track("So What", album_art_url=url))
    result: tuple[bytes | None, str | None] = await player(hass).async_get_media_image()
    return result


async def test_a_cover_at_the_device(hass: HomeAssistant, radio: Actor, own: Pages) -> None:
    """Its media type is that of its content, whatever the device says."""
    own.page = lambda _: ("200 OK\r\nContent-Type: text/html", PNG)
    assert await cover(hass, radio, f"{own.url}/cover") == (PNG, "image/png")
    assert own.asked == ["/cover"]


NO_PICTURES = {
    "HTML": ("200 OK\r\nContent-Type: image/png", b"<html><script>alert(1)</script>"),
    "SVG": ("200 OK\r\nContent-Type: image/svg+xml", b"<svg onload='alert(1)'>"),
    "nothing": ("200 OK\r\nContent-Type: image/png", b""),
    "an error": ("404 Not Found", PNG),
    "packed": ("200 OK\r\nContent-Encoding: gzip", gzip.compress(PNG + bytes(1000))),
    "too large": ("200 OK", PNG + bytes(MAX_SIZE)),
    "nowhere": ("302 Found", PNG),
    "no URL": ("302 Found\r\nLocation: http://[", PNG),
    "no host": ("302 Found\r\nLocation: //[]@", PNG),
    "a file": ("302 Found\r\nLocation: file:///etc/passwd", PNG),
    "a circle": ("302 Found\r\nLocation: /cover", PNG),
    "no HTTP": ("not HTTP", PNG),
}


@pytest.mark.parametrize(("status", "body"), NO_PICTURES.values(), ids=NO_PICTURES)
async def test_what_is_no_picture_is_not_served(
    hass: HomeAssistant, radio: Actor, own: Pages, status: str, body: bytes
) -> None:
    own.page = lambda _: (status, body)
    assert await cover(hass, radio, f"{own.url}/cover") == (None, None)
    assert len(own.asked) < 10


async def test_a_redirect_within_the_device(hass: HomeAssistant, radio: Actor, own: Pages) -> None:
    own.page = lambda path: (
        ("302 Found\r\nLocation: /other", b"") if path == "/cover" else ("200 OK", PNG)
    )
    assert await cover(hass, radio, f"{own.url}/cover") == (PNG, "image/png")
    assert own.asked == ["/cover", "/other"]


async def test_nothing_is_fetched_elsewhere(hass: HomeAssistant, radio: Actor, own: Pages) -> None:
    async with AsyncExitStack() as stack:
        elsewhere = await stack.enter_async_context(Pages("127.0.0.2"))
        own.page = lambda _: (f"302 Found\r\nLocation: {elsewhere.url}/secret", b"")
        assert await cover(hass, radio, f"{own.url}/cover") == (None, None)
        assert await cover(hass, radio, f"{elsewhere.url}/secret") == (None, None)
        preset = Preset("1", "Jazz", image_url=f"{elsewhere.url}/jazz.png")
        radio.show(MediaPresets.presets, (preset,))
        assert await player(hass).async_get_browse_image("preset", "1") == (None, None)
        assert elsewhere.asked == []


@pytest.mark.parametrize(
    ("url", "is_shown"),
    [
        ("http://pictures.example/cover.png", True),
        ("https://192.168.1.9/cover.png", True),
        ("http://127.0.0.2/cover.png", False),
        ("http://127.1/cover.png", False),
        ("http://2130706434/cover.png", False),
        ("http://localhost/cover.png", False),
        ("http://[::1]/cover.png", False),
        ("http://[::ffff:127.0.0.2]/cover.png", False),
        ("http://169.254.1.1/cover.png", False),
        ("http://0.0.0.0/cover.png", False),
        ("file:///etc/passwd", False),
    ],
)
async def test_a_driver_may_have_pictures_elsewhere(
    hass: HomeAssistant, drivers: None, start_discovery: None, url: str, is_shown: bool
) -> None:
    async with Actor(id=BULB_ID, name="Radio") as device:
        stage(PLAYER).foreign_media = True
        await enter(hass, device)
        device.show(AudioTrackData.audio_track_data, Track("So What", album_art_url=url))
        state = hass.states.get(RADIO)
        assert state is not None
        assert state.attributes["media_title"] == "So What"
        assert ("entity_picture" in state.attributes) is is_shown
