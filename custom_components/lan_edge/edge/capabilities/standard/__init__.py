"""The standard capabilities, with SmartThings' names, ranges, enums and units, a file a subject.

Units are those of the SI. Where something differs from SmartThings, its docstring says so. A new
capability needs only its class, listed in the `__all__` of its file: this makes it public.
"""

from . import (
    air,
    audio,
    buttons,
    cleaning,
    climate,
    device,
    energy,
    fans,
    images,
    light,
    media,
    openings,
    safety,
    sensing,
    switching,
)
from .air import *
from .audio import *
from .buttons import *
from .cleaning import *
from .climate import *
from .device import *
from .energy import *
from .fans import *
from .images import *
from .light import *
from .media import *
from .openings import *
from .safety import *
from .sensing import *
from .switching import *

__all__: list[str] = []
__all__ += air.__all__
__all__ += audio.__all__
__all__ += buttons.__all__
__all__ += cleaning.__all__
__all__ += climate.__all__
__all__ += device.__all__
__all__ += energy.__all__
__all__ += fans.__all__
__all__ += images.__all__
__all__ += light.__all__
__all__ += media.__all__
__all__ += openings.__all__
__all__ += safety.__all__
__all__ += sensing.__all__
__all__ += switching.__all__
