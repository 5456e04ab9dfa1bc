"""Images and cameras."""

import asyncio
from collections.abc import AsyncGenerator
import json
from typing import Any

from homeassistant.components.camera import (
    Camera,
    CameraEntityFeature,
    async_get_image,
    async_get_stream_source,
)
from homeassistant.components.image import async_get_image as async_get_still
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.lan_edge import camera as camera_module
from custom_components.lan_edge.diagnostics import async_get_config_entry_diagnostics
from lan_edge import Component, ImageCapture, Profile, VideoStream
from lan_edge.diagnostics.trace import MAX_ENTRIES, MAX_ENTRY, Trace

from .entries import BULB_ID, device_of
from .stage import Actor, enter, stage
from .states import call, state
from .waiting import eventually

JPEG, PNG = b"\xff\xd8\xff\xe0jpeg", b"\x89PNG\r\n\x1a\n"
GIF, WEBP = b"GIF89a", b"RIFF....WEBPVP8"
IMAGE, CAMERA = "image.door", "camera.door"
URL = "rtsp://127.0.0.1/live"


@pytest.fixture
async def door(hass: HomeAssistant, drivers: None, start_discovery: None) -> AsyncGenerator[Actor]:
    async with Actor(id=BULB_ID, name="Door") as device:
        yield device


def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera_module, "IMAGE_TIMEOUT", 0.05)


# stills


@pytest.mark.parametrize(
    ("still", "kind"),
    [
        (JPEG, "image/jpeg"),
        (PNG, "image/png"),
        (GIF, "image/gif"),
        (WEBP, "image/webp"),
    ],
)
async def test_a_still(hass: HomeAssistant, door: Actor, still: bytes, kind: str) -> None:
    stage(Profile(ImageCapture))
    await enter(hass, door)
    assert state(hass, IMAGE) == "unknown"
    with pytest.raises(HomeAssistantError):
        await async_get_still(hass, IMAGE)
    door.show(ImageCapture.image, still)
    got = await async_get_still(hass, IMAGE)
    assert (got.content, got.content_type) == (still, kind)


NO_PICTURES = [
    b"?",
    b"<html><script>",
    b"<svg onload=''>",
    b'<?xml version="1.0"?><svg>',
    b"RIFF....WAVE",
]


@pytest.mark.parametrize("content", NO_PICTURES)
async def test_what_is_no_picture_is_not_served(
    hass: HomeAssistant, door: Actor, content: bytes
) -> None:
    cam = Component((VideoStream, ImageCapture), "Cam")
    stage(Profile(ImageCapture, cam=cam), ImageCapture.take)
    await enter(hass, door)
    door.show(ImageCapture.image, content)
    door.show(ImageCapture.image, content, "cam")
    with pytest.raises(HomeAssistantError):
        await async_get_still(hass, IMAGE)
    with pytest.raises(HomeAssistantError):
        await async_get_image(hass, "camera.door_cam")


async def test_each_still_counts(hass: HomeAssistant, door: Actor) -> None:
    stage(Profile(ImageCapture), ImageCapture.take)
    await enter(hass, door)
    seen = set()
    for _ in range(3):
        door.show(ImageCapture.image, JPEG)
        seen.add(state(hass, IMAGE))
        await asyncio.sleep(0.002)
    assert len(seen) == 3
    await call(hass, "button.press", "button.door_take_image")
    assert door.said == [("imageCapture.take", {}, "main")]


async def test_a_still_that_is_read_first_shows(hass: HomeAssistant, door: Actor) -> None:
    stage(Profile(ImageCapture), reading=lambda d: d.emit(ImageCapture.image, PNG))
    await enter(hass, door)
    assert state(hass, IMAGE) not in {"unknown", "unavailable"}
    assert (await async_get_still(hass, IMAGE)).content == PNG


async def test_no_take_no_button(hass: HomeAssistant, door: Actor) -> None:
    stage(Profile(ImageCapture))
    await enter(hass, door)
    assert not hass.states.async_entity_ids("button")


# video


def told_to_take(door: Actor) -> bool:
    return any(r.params["what"] == "imageCapture.take" for r in door.log if r.command == "do")


async def test_one_camera_of_both(hass: HomeAssistant, door: Actor) -> None:
    stage(Profile(VideoStream, ImageCapture), ImageCapture.take)
    await enter(hass, door)
    assert hass.states.async_entity_ids(("camera", "image", "button", "sensor")) == [CAMERA]
    now = hass.states.get(CAMERA)
    assert now is not None
    assert now.attributes["supported_features"] == CameraEntityFeature.STREAM
    assert await async_get_stream_source(hass, CAMERA) is None
    door.show(VideoStream.stream, URL)
    assert await async_get_stream_source(hass, CAMERA) == URL


NO_VIDEOS = [
    "file:///etc/passwd",
    "concat:/etc/passwd",
    "/etc/passwd",
    "",
    "rtsp://192.168.1.9/live",
    "rtsp://127.0.0.1@192.168.1.9/live",
    "http://localhost:8123/",
    "rtsp://[",
]


@pytest.mark.parametrize("url", NO_VIDEOS)
async def test_a_stream_is_at_the_device(hass: HomeAssistant, door: Actor, url: str) -> None:
    stage(Profile(VideoStream))
    await enter(hass, door)
    door.show(VideoStream.stream, url)
    assert await async_get_stream_source(hass, CAMERA) is None


async def test_a_driver_may_have_streams_elsewhere(hass: HomeAssistant, door: Actor) -> None:
    stage(Profile(VideoStream)).foreign_media = True
    await enter(hass, door)
    door.show(VideoStream.stream, "rtsp://192.168.1.9/live")
    assert await async_get_stream_source(hass, CAMERA) == "rtsp://192.168.1.9/live"
    door.show(VideoStream.stream, "rtsp://127.0.0.2/live")
    assert await async_get_stream_source(hass, CAMERA) is None


async def test_a_device_is_told_to_send(hass: HomeAssistant, door: Actor) -> None:
    stage(Profile(VideoStream), VideoStream.start_stream)
    await enter(hass, door)
    asking = asyncio.ensure_future(async_get_stream_source(hass, CAMERA))
    await eventually(lambda: any(r.command == "do" for r in door.log))
    door.show(VideoStream.stream, URL)
    assert await asking == URL
    assert door.said == [("videoStream.startStream", {}, "main")]


async def test_a_url_that_never_comes(
    hass: HomeAssistant, door: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_patience(monkeypatch)
    stage(Profile(VideoStream), VideoStream.start_stream)
    await enter(hass, door)
    assert await async_get_stream_source(hass, CAMERA) is None


async def taken(hass: HomeAssistant, door: Actor, still: bytes) -> bytes:
    asking = asyncio.ensure_future(async_get_image(hass, CAMERA))
    await eventually(lambda: told_to_take(door))
    door.show(ImageCapture.image, still)
    return (await asking).content


async def test_a_new_still_is_taken(
    hass: HomeAssistant, door: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera_module, "MAX_AGE", 0)
    stage(Profile(VideoStream, ImageCapture), ImageCapture.take)
    await enter(hass, door)
    for still in (JPEG, PNG, PNG):  # also where it looks the same
        door.log.clear()
        assert await taken(hass, door, still) == still
    assert (await taken(hass, door, GIF)) == GIF
    camera = hass.data["camera"].get_entity(CAMERA)
    assert isinstance(camera, Camera)
    assert camera.content_type == "image/gif"


async def test_viewers_share_a_still(hass: HomeAssistant, door: Actor) -> None:
    stage(Profile(VideoStream, ImageCapture), ImageCapture.take)
    await enter(hass, door)
    asking = [asyncio.ensure_future(async_get_image(hass, CAMERA)) for _ in range(5)]
    await eventually(lambda: told_to_take(door))
    door.show(ImageCapture.image, JPEG)
    assert {i.content for i in await asyncio.gather(*asking)} == {JPEG}
    assert door.said == [("imageCapture.take", {}, "main")]


async def test_the_last_still_where_none_comes(
    hass: HomeAssistant, door: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_patience(monkeypatch)
    monkeypatch.setattr(camera_module, "MAX_AGE", 0)
    stage(Profile(VideoStream, ImageCapture), ImageCapture.take)
    await enter(hass, door)
    with pytest.raises(HomeAssistantError):
        await async_get_image(hass, CAMERA)
    door.show(ImageCapture.image, JPEG)
    assert (await async_get_image(hass, CAMERA)).content == JPEG
    await door.down()
    await eventually(lambda: state(hass, CAMERA) == "unavailable")
    camera: Any = hass.data["camera"].get_entity(CAMERA)
    assert await camera.async_camera_image() == JPEG


async def test_a_camera_without_stills_takes_them_of_the_video(
    hass: HomeAssistant, door: Actor
) -> None:
    stage(Profile(VideoStream))
    await enter(hass, door)
    camera: Any = hass.data["camera"].get_entity(CAMERA)
    assert camera.use_stream_for_stills


# images are big


async def test_images_do_not_bloat_diagnostics(hass: HomeAssistant, door: Actor) -> None:
    stage(Profile(ImageCapture))
    entry = await enter(hass, door)
    for number in range(5):
        door.show(ImageCapture.image, JPEG + bytes([number]) * 1_000_000)
    device = device_of(entry)
    emitted = [e.text for e in device.trace.entries() if e.kind == "emit"]
    assert len(emitted) == 5
    assert all("1000008 bytes" in text and len(text) < 100 for text in emitted)
    told = await async_get_config_entry_diagnostics(hass, entry)
    assert len(json.dumps(told)) < 50_000


def test_a_trace_keeps_little_of_much() -> None:
    trace = Trace()
    for _ in range(MAX_ENTRIES):
        trace.add("received", b"x" * 1_000_000)
        trace.add("sent", "z" * 1_000_000)
    kept = trace._fields
    assert {len(e.text) for e in trace.entries()} <= {MAX_ENTRY, *range(100)}
    assert not [each for each in kept if len(repr(each)) > MAX_ENTRY + len("b''.")]
