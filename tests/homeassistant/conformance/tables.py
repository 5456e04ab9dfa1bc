"""All that an owner sees, and all that can be asked for."""

from collections.abc import Mapping
from typing import Any

import lan_edge as edge
from lan_edge import Attribute

from . import (
    asked_climate,
    asked_house,
    asked_players,
    asked_simple,
    shown_climate,
    shown_guards,
    shown_house,
    shown_players,
)
from .asked import Asked
from .shown import Shown, rich
from .shown_simple import simple

ELSEWHERE: Mapping[Attribute[Any], str] = {
    edge.ImageCapture.image: "an image: its bytes are no state; test_images.py",
    edge.VideoStream.stream: "a camera's source, for its video only; test_images.py",
}
"""What an entity shows, but not in its state."""

SHOWN: tuple[Shown, ...] = (
    *simple(),
    *rich(shown_players.ROWS),
    *rich(shown_climate.ROWS),
    *rich(shown_house.ROWS),
    *rich(shown_guards.ROWS),
)

ASKED: tuple[Asked, ...] = (
    *asked_simple.ASKED,
    *asked_players.ASKED,
    *asked_climate.ASKED,
    *asked_house.ASKED,
)
