"""Described devices: a text that says what a driver would, compiled into a driver."""

from .compiling import compile_description
from .description import Description
from .places import DescriptionError, Fault, Places
from .texts import description_of, description_text, description_values, read_description

__all__ = [
    "Description",
    "DescriptionError",
    "Fault",
    "Places",
    "compile_description",
    "description_of",
    "description_text",
    "description_values",
    "read_description",
]
