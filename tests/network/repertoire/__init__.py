"""All that the devices of the local families can do: what each is told, and changes by itself."""

from .govee import GOVEE
from .meross import MEROSS
from .pieces import Piece, Told
from .sonoff import SONOFF
from .tuya import TUYA
from .xiaomi import XIAOMI

PIECES = [*TUYA, *SONOFF, *XIAOMI, *MEROSS, *GOVEE]

__all__ = ["PIECES", "Piece", "Told"]
