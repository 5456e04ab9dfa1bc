"""What the table of Tuya's kinds names: signs, and forms of values."""

from typing import Any

from lan_edge import (
    AlarmState,
    Attribute,
    Capability,
    Coding,
    DetectorState,
    DoorState,
    PointForm,
    ReplyError,
    ShadeState,
    Sign,
    ThermostatModeValue,
    VocabularyForm,
    command,
    number,
)

from .degrees import ROOM, Degrees
from .forms import LEVEL, Position, Shade, ShadeCommands, Speed, phase, phase_bytes
from .lights import KELVINS, Brightness, OfLight


class SoilMoisture(Capability, id="tuya.soilMoisture"):
    moisture = Attribute(int, minimum=0, maximum=100, unit="%", device_class="moisture")


class TargetHumidity(Capability, id="tuya.targetHumidity"):
    target_humidity = Attribute(int, minimum=0, maximum=100, unit="%")

    @command(sets="target_humidity")
    def set_target_humidity(self, humidity: int) -> None:
        """Dry or moisten the air to `humidity` %."""


FULL, MOST_SLOW = 100, 12
"""A higher speed is one only of what may swing, or turn the other way round, too."""
ALARMS = {"alarm": True, "normal": False, "1": True, "2": False, True: True, False: False}
SMOKES = {
    word: DetectorState.DETECTED if is_on else DetectorState.CLEAR for word, is_on in ALARMS.items()
}
PRESENT = ("pir", "presence", "move", "static", "peaceful")
SHADE_WORDS = (
    ("open", "close", "stop"),
    ("ZZ", "FZ", "STOP"),
    ("1", "2", "0"),
    ("01", "02", "00"),
    ("fopen", "fclose", ""),
    ("up", "down", "stop"),
    ("on", "off", "stop"),
)
"""What opens, closes and stops a cover, in the vocabularies of different makers."""
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
STEPS = VocabularyForm(shown=(1, 2, 3), vocabularies=[words[1:] for words in SPEED_WORDS])
STATES = (ShadeState.OPEN, ShadeState.CLOSED, ShadeState.PARTIALLY_OPEN)
SHADES = VocabularyForm(shown=STATES, vocabularies=SHADE_WORDS, skips=True)
SIRENS = (AlarmState.OFF, AlarmState.SIREN, AlarmState.STROBE, AlarmState.BOTH)
SIREN_WORDS = (
    ("normal", "alarm_sound", "alarm_light", "alarm_sound_light"),
    ("normal", "voice", "light", "light_voice"),
)
HEATS = {False: ThermostatModeValue.OFF, True: ThermostatModeValue.HEAT}


def is_light_mode(value: Any) -> bool:
    """Return whether a value is one of the modes of a light."""
    return isinstance(value, str) and value.startswith(("white", "colour", "scene", "music"))


def is_speed(value: Any) -> bool:
    """Return whether a value may be the speed of a fan: a number, or digits."""
    is_share = type(value) in {int, float} and 0 <= value <= FULL
    return is_share or (isinstance(value, str) and value.isdecimal())


def is_level(value: Any) -> bool:
    """Return whether a value is the number of a speed, as a word."""
    return isinstance(value, str) and value.startswith(LEVEL)


def is_phase(value: Any) -> bool:
    """Return whether a value has what a phase draws."""
    try:
        return bool(phase_bytes(value))
    except ReplyError:
        return False


def percent(value: Any) -> float:
    """Return a share that a device tells in % or in tenths of them; raise ReplyError."""
    share = number(value)
    return share if share <= FULL else share / 10


SIGNS: dict[str, Sign | set[str]] = {
    "ac_mode": {mode for words in MODE_WORDS for mode in words},
    "ac_speed": {speed for words in SPEED_WORDS for speed in words},
    "alarm": {each for each in ALARMS if isinstance(each, str)},
    "filled": lambda value: isinstance(value, str) and bool(value),
    "kettle_state": {"standby", "heating", "cooling", "warm", "heating_temp", "boiling_temp"},
    "lamp": lambda value: str(value).lower() in {"led", "incandescent", "halogen", "cfl"},
    "level": is_level,
    "light_mode": is_light_mode,
    # a radiator valve also has `auto`, but no speeds
    "own_mode": {mode for words in MODE_WORDS for mode in words[:-1]},
    "phase": is_phase,
    "presence": {*PRESENT, "none"},
    "purifier_mode": lambda value: str(value).lower() in {"auto", "manual", "sleep"},
    "shade_word": {each for words in SHADE_WORDS for each in words if each.isalpha()},
    "siren_word": {each for _, *words in SIREN_WORDS for each in words},
    "slow": lambda value: is_speed(value) and (isinstance(value, str) or value <= MOST_SLOW),
    "speed": is_speed,
    "turn": lambda value: is_speed(value) or is_level(value) or STEPS.has(value),
    "volume": {"low", "middle", "high", "mute"},
}
FORMS: dict[str, Coding | PointForm] = {
    "ac_mode": VocabularyForm(shown=MODES, vocabularies=MODE_WORDS),
    "ac_speed": VocabularyForm(shown=SPEEDS, vocabularies=SPEED_WORDS),
    "brightness": Brightness(),
    "cooled": Degrees(target="2", measured="3", is_cooled=True),
    "degrees_2": Degrees(target="2", measured="3", is_water=True),
    "degrees_4": Degrees(target="4", measured="5", most=ROOM),
    "degrees_16": Degrees(target="16", measured="24", most=ROOM),
    "door": Coding.words({True: DoorState.OPEN, False: DoorState.CLOSED}),
    "heats": PointForm(Coding.words(HEATS), lists=(*HEATS.values(),)),
    "hundredths": Coding.units(0.01),
    "leak": Coding.words(ALARMS),
    "light": OfLight(lists=KELVINS),
    "motion": Coding.words(
        {**dict.fromkeys(PRESENT, True), "none": False, True: True, False: False}
    ),
    "number": Coding(number),
    "percent": Coding(percent),
    "phase_current": phase(2, 5, 0.001),
    "phase_power": phase(5, 8, 1),
    "phase_voltage": phase(0, 2, 0.1),
    "position": Position(),
    "shade": Shade(words=SHADES),
    "shade_commands": ShadeCommands(words=SHADES),
    "siren": Coding.words({False: AlarmState.OFF, True: AlarmState.SIREN}),
    "siren_word": VocabularyForm(shown=SIRENS, vocabularies=SIREN_WORDS),
    "smoke": Coding.words(SMOKES),
    "speed_1": Speed(words=STEPS, switch="1"),
    "speed_60": Speed(words=STEPS, switch="60"),
    "tenths": Coding.units(0.1),
    "thousandths": Coding.units(0.001),
    "whole": Coding(lambda value: round(number(value))),
}
