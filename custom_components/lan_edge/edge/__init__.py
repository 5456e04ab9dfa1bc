"""LAN Edge: a framework for drivers of devices on the local network.

Everything that a driver or a hub (the program that runs devices) needs is imported from here:
`from lan_edge import Driver`. A name is public if its module or package lists it in `__all__`; no
name is listed twice.
"""

from typing import TYPE_CHECKING, Any

from . import (
    api,
    callbacks,
    connection,
    declarative,
    device,
    diagnostics,
    discovery,
    driver,
    errors,
    finder,
    network,
    sentences,
    timing,
    transports,
)
from .api import *
from .callbacks import *
from .capabilities import (
    declaration,
    definition,
    intents,
    kinds,
    profile,
    schema,
    spelling,
    vocabulary,
)
from .capabilities.declaration import *
from .capabilities.definition import *
from .capabilities.intents import *
from .capabilities.kinds import *
from .capabilities.profile import *
from .capabilities.schema import *
from .capabilities.spelling import *
from .capabilities.standard import (
    air as _air,
    audio as _audio,
    buttons as _buttons,
    cleaning as _cleaning,
    climate as _climate,
    device as _device,
    energy as _energy,
    fans as _fans,
    images as _images,
    light as _light,
    media as _media,
    openings as _openings,
    safety as _safety,
    sensing as _sensing,
    switching as _switching,
)
from .capabilities.standard.air import *
from .capabilities.standard.audio import *
from .capabilities.standard.buttons import *
from .capabilities.standard.cleaning import *
from .capabilities.standard.climate import *
from .capabilities.standard.device import *
from .capabilities.standard.energy import *
from .capabilities.standard.fans import *
from .capabilities.standard.images import *
from .capabilities.standard.light import *
from .capabilities.standard.media import *
from .capabilities.standard.openings import *
from .capabilities.standard.safety import *
from .capabilities.standard.sensing import *
from .capabilities.standard.switching import *
from .capabilities.vocabulary import *
from .connection import *
from .declarative import *
from .device import *
from .diagnostics import *
from .discovery import *
from .driver import *
from .errors import *
from .finder import *
from .network import *
from .sentences import *
from .timing import *
from .transports import *

__all__: list[str] = []
__all__ += api.__all__
__all__ += callbacks.__all__
__all__ += connection.__all__
__all__ += declarative.__all__
__all__ += device.__all__
__all__ += diagnostics.__all__
__all__ += discovery.__all__
__all__ += driver.__all__
__all__ += errors.__all__
__all__ += finder.__all__
__all__ += network.__all__
__all__ += sentences.__all__
__all__ += timing.__all__
__all__ += transports.__all__
__all__ += declaration.__all__
__all__ += definition.__all__
__all__ += intents.__all__
__all__ += kinds.__all__
__all__ += profile.__all__
__all__ += schema.__all__
__all__ += spelling.__all__
__all__ += vocabulary.__all__
__all__ += _air.__all__
__all__ += _audio.__all__
__all__ += _buttons.__all__
__all__ += _cleaning.__all__
__all__ += _climate.__all__
__all__ += _device.__all__
__all__ += _energy.__all__
__all__ += _fans.__all__
__all__ += _images.__all__
__all__ += _light.__all__
__all__ += _media.__all__
__all__ += _openings.__all__
__all__ += _safety.__all__
__all__ += _sensing.__all__
__all__ += _switching.__all__

if not TYPE_CHECKING:  # so that type checkers still report unknown names

    def __getattr__(name: str) -> Any:
        """Return what a deprecated name stands for, with a warning."""
        return api.deprecated_name(name)
