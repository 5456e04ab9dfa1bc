"""What the table of Tuya's kinds names: signs, and forms of values."""

from typing import Any

from lan_edge import (
    Attribute,
    Capability,
    ConvertedForm,
    DetectorState,
    KnownForm,
    PointForm,
    ReplyError,
    Sign,
    ThermostatModeValue,
    VocabularyForm,
    WordsForm,
    command,
    number,
    scaled,
)

from .degrees import ROOM, Degrees, Targets, Temperatures
from .forms import SHADES, Phase, Position, Shade, ShadeCommands, Speed, SpeedRange
from .lights import KELVINS, OLD_FULL, Lamp, Light, OfLight


class TargetHumidity(Capability, id="tuya.targetHumidity"):
    target_humidity = Attribute(int, minimum=0, maximum=100, unit="%")

    @command(sets="target_humidity")
    def set_target_humidity(self, humidity: int) -> None:
        """Dry or moisten the air to `humidity` %."""


def is_light_mode(value: Any) -> bool:
    """Return whether a value is one of the modes of a light."""
    return isinstance(value, str) and value.startswith(("white", "colour", "scene", "music"))


def is_speed(value: Any) -> bool:
    """Return whether a value may be the speed of a fan: a number, or digits."""
    is_share = type(value) in {int, float} and 0 <= value <= FULL
    return is_share or (isinstance(value, str) and value.isdecimal())


def is_phase(value: Any) -> bool:
    """Return whether a value has what a phase draws."""
    try:
        return bool(Phase.bytes_in(value))
    except ReplyError:
        return False


def percent(value: Any) -> float:
    """Return a share that a device tells in % or in tenths of them; raise ReplyError."""
    share = number(value)
    return share if share <= FULL else share / 10


def whole(value: Any) -> int:
    """Return a value as a whole number; raise ReplyError."""
    return round(number(value))


FULL, MOST_SLOW = 100, 12
"""A higher speed is one only of what may swing, or turn the other way round, too."""
ALARMS = {"alarm": True, "normal": False, "1": True, "2": False, True: True, False: False}
SMOKES = {
    word: DetectorState.DETECTED if is_on else DetectorState.CLEAR for word, is_on in ALARMS.items()
}
PRESENT = ("pir", "presence", "move", "static", "peaceful")
MODES = ("cool", "heat", "dry", "fan", "auto")
"""As they are shown; below, in the vocabularies of different makers."""
MODE_WORDS = (
    ("cold", "hot", "wet", "wind", "auto"),
    ("cold", "heat", "wet", "fan", "auto"),
    ("cool", "heat", "dry", "fan", "auto"),
    ("Cool", "Heat", "Dry", "Fan", "Auto"),
    ("COOL", "HEAT", "DRY", "FAN", "AUTO"),
)
SPEEDS = ("auto", "low", "medium", "high")
SPEED_WORDS = (
    ("auto", "low", "mid", "high"),
    ("auto", "low", "middle", "high"),
    ("auto", "low", "medium", "high"),
    ("Auto", "Low", "Mid", "High"),
    ("AUTO", "LOW", "MID", "HIGH"),
)
HEATS = {False: ThermostatModeValue.OFF, True: ThermostatModeValue.HEAT}
SIGNS: dict[str, Sign | set[str]] = {
    "ac_mode": {mode for words in MODE_WORDS for mode in words},
    "ac_speed": {speed for words in SPEED_WORDS for speed in words},
    "alarm": {each for each in ALARMS if isinstance(each, str)},
    "filled": lambda value: isinstance(value, str) and bool(value),
    "lamp": lambda value: str(value).lower() in {"led", "incandescent", "halogen", "cfl"},
    "light_mode": is_light_mode,
    # a radiator valve also has `auto`, but no speeds
    "own_mode": {mode for words in MODE_WORDS for mode in words[:-1]},
    "phase": is_phase,
    "presence": {*PRESENT, "none"},
    "purifier_mode": lambda value: str(value).lower() in {"auto", "manual", "sleep"},
    "shade_word": {each for words in SHADES for each in words if each.isalpha()},
    "slow": lambda value: is_speed(value) and (isinstance(value, str) or value <= MOST_SLOW),
    "speed": is_speed,
}
LAMPS = {
    "20": Lamp("20", "22", "21", "23", "24"),
    "1": Lamp("1", "3", "2", "4", "5", OLD_FULL),
    **{f"dim_{n}": Lamp(*gang) for n, gang in enumerate((("1", "2"), ("7", "8"), ("15", "16")), 1)},
}
PAIRS = (
    Temperatures("16", "24", ROOM),
    Temperatures("4", "5", ROOM),
    Temperatures("2", "3", is_water=True),
)
COOLED = Temperatures("2", "3", is_cooled=True)
FORMS: dict[str, PointForm] = {
    "ac_mode": VocabularyForm(MODES, MODE_WORDS),
    "ac_modes": KnownForm(MODES),
    "ac_speed": VocabularyForm(SPEEDS, SPEED_WORDS),
    "ac_speeds": KnownForm(SPEEDS),
    "cooled": Degrees(COOLED),
    "cooled_to": Degrees(COOLED, is_target=True),
    "cooling_range": KnownForm((16.0, 32.0)),
    "heats": WordsForm(HEATS),
    "hundredths": ConvertedForm(scaled(0.01)),
    "kelvins": KnownForm(KELVINS),
    "leak": WordsForm(ALARMS),
    "motion": WordsForm({**dict.fromkeys(PRESENT, True), "none": False, True: True, False: False}),
    "number": ConvertedForm(number),
    "off_or_heat": KnownForm((*HEATS.values(),)),
    "percent": ConvertedForm(percent),
    "phase_current": Phase(2, 5, 0.001),
    "phase_power": Phase(5, 8, 1),
    "phase_voltage": Phase(0, 2, 0.1),
    "position": Position(),
    "shade": Shade(),
    "shade_commands": ShadeCommands(),
    "smoke": WordsForm(SMOKES),
    "speed_1": Speed("1"),
    "speed_60": Speed("60"),
    "speeds": SpeedRange(),
    "tenths": ConvertedForm(scaled(0.1)),
    "thousandths": ConvertedForm(scaled(0.001)),
    "whole": ConvertedForm(whole),
    **{f"degrees_{pair.measured}": Degrees(pair) for pair in PAIRS},
    **{f"target_{pair.target}": Degrees(pair, is_target=True) for pair in PAIRS},
    **{f"targets_{pair.target}": Targets(pair) for pair in PAIRS},
    **{f"level_{n}": OfLight(lamp, Light.level) for n, lamp in LAMPS.items()},
    **{f"white_{n}": OfLight(lamp, Light.kelvins) for n, lamp in LAMPS.items()},
    **{f"hue_{n}": OfLight(lamp, Light.hue) for n, lamp in LAMPS.items()},
    **{f"saturation_{n}": OfLight(lamp, Light.saturation) for n, lamp in LAMPS.items()},
}
