"""The errors of actions: what a device calls its parts and sources is text in them."""

from copy import deepcopy
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.lan_edge.errors import InvalidActionError

from . import snapcast_server
from .entries import set_up
from .snapcast_server import SnapcastServer
from .states import call

HOSTILE = "x\n2026-11-29 ERROR (MainThread) [auth] forged\x1b[2J\u202e\u200b"


def test_each_placeholder_is_a_short_line() -> None:
    error = InvalidActionError("no_source", source=HOSTILE, known="y" * 5000)
    placeholders = error.translation_placeholders
    assert placeholders is not None
    assert placeholders["source"] == "x 2026-11-29 ERROR (MainThread) [auth] forged [2J"
    assert len(placeholders["known"]) == 200


async def test_the_sources_of_a_player(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    status: Any = deepcopy(snapcast_server.STATUS)
    names = [f"{HOSTILE}{n}" + "y" * 400 for n in range(8)]
    status["server"]["streams"] += [snapcast_server.stream(name) for name in names]
    monkeypatch.setattr(snapcast_server, "STATUS", status)
    async with SnapcastServer() as server:
        await set_up(hass, "snapcast", "music", server)
        player = hass.states.async_entity_ids("media_player")[0]
        with pytest.raises(ServiceValidationError) as caught:
            await call(hass, "media_player.select_source", player, source="Moon")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300
