"""Drivers: the class that authors write, and what checks, registers and dispatches to it."""

from .batch_reader import BatchReader
from .beside import Beside
from .changing import Values, switched, turns_off
from .codings import Case, Coding
from .color import color_in, color_number, degrees, hue_and_saturation, red_green_blue
from .confirm import Confirm
from .context import DriverContext
from .driver import Driver
from .files.check import check_file
from .files.folder import DriverFolder, FileStatus
from .forms import Facts, PointForm, PointUnit, VocabularyForm
from .handlers import handles
from .identity import Identity
from .keeping import KeptMessages, memory_of, only_fields, plain, plain_fields
from .lazy import LazyDriver
from .loader import LoadFailure, load_drivers
from .many import handles_many
from .memory import Stored
from .message_values import (
    Json,
    id_at,
    int_at,
    list_at,
    number,
    object_at,
    objects_at,
    optional_object,
    pairs_in,
    scaled,
    text_at,
    value_at,
    value_in,
    word_of,
    words_in,
)
from .pairing import (
    Ask,
    ChoiceQuestion,
    Pairing,
    PressQuestion,
    Question,
    TextQuestion,
)
from .parts import Part, PartReading, PartsDriver
from .point_table import PointsPart, PointTable
from .points import Points, PointsDriver, points_families
from .properties import PropertiesPart, Property
from .registration import register
from .registry import Candidate, DriverFile, Origin, Registry
from .settings import (
    Label,
    Setting,
    asked_settings,
    missing_settings,
    read_settings,
    settings_of,
)
from .signs import Sign
from .summary import DriverSummary

__all__ = [
    "Ask",
    "BatchReader",
    "Beside",
    "Candidate",
    "Case",
    "ChoiceQuestion",
    "Coding",
    "Confirm",
    "Driver",
    "DriverContext",
    "DriverFile",
    "DriverFolder",
    "DriverSummary",
    "Facts",
    "FileStatus",
    "Identity",
    "Json",
    "KeptMessages",
    "Label",
    "LazyDriver",
    "LoadFailure",
    "Origin",
    "Pairing",
    "Part",
    "PartReading",
    "PartsDriver",
    "PointForm",
    "PointTable",
    "PointUnit",
    "Points",
    "PointsDriver",
    "PointsPart",
    "PressQuestion",
    "PropertiesPart",
    "Property",
    "Question",
    "Registry",
    "Setting",
    "Sign",
    "Stored",
    "TextQuestion",
    "Values",
    "VocabularyForm",
    "asked_settings",
    "check_file",
    "color_in",
    "color_number",
    "degrees",
    "handles",
    "handles_many",
    "hue_and_saturation",
    "id_at",
    "int_at",
    "list_at",
    "load_drivers",
    "memory_of",
    "missing_settings",
    "number",
    "object_at",
    "objects_at",
    "only_fields",
    "optional_object",
    "pairs_in",
    "plain",
    "plain_fields",
    "points_families",
    "read_settings",
    "red_green_blue",
    "register",
    "scaled",
    "settings_of",
    "switched",
    "text_at",
    "turns_off",
    "value_at",
    "value_in",
    "word_of",
    "words_in",
]
