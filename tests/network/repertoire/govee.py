"""A lamp of Govee."""

from ..models import govee
from .pieces import Piece, lit

GOVEE = [
    Piece(
        govee(),
        lit(
            {"onOff": 0},
            {"onOff": 1, "brightness": 20},
            {"colorTemInKelvin": 6000},
            {"color": {"r": 0, "g": 0, "b": 255}, "colorTemInKelvin": 0},
        ),
        {"onOff": 1, "brightness": 80, "color": {"r": 0, "g": 255, "b": 0}},
        {"main-switch": {"state": "on", "hs_color": [120, 100], "brightness": 204}},
    )
]
