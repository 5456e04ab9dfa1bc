"""What the framework reads from a driver class when it is defined, before that is checked."""

import sys
from typing import Any

from .beside import ways_beside
from .fields import annotated_type
from .generic import argument_for, is_open
from .handlers import handlers_of
from .many import many_handlers_of
from .memory import stored_schemas


def describe(driver: type[Any], base: type[Any]) -> None:
    """Set what a class, a subclass of `base`, says by its brackets, annotations and methods."""
    driver.sub_drivers, driver.handlers_by_command = [], {}
    driver.transport = argument_for(driver, getattr(driver, "transport", base.__type_params__[0]))
    driver.many_handlers, driver.beside = dict(many_handlers_of(driver)), ways_beside(driver)
    driver.handlers = {**driver.many_handlers, **dict(handlers_of(driver))}
    driver.has_many = driver.has_many or bool(driver.many_handlers)
    driver.Settings = annotated_type(driver, "settings") or argument_for(driver, driver.Settings)
    driver.Memory = annotated_type(driver, "memory") or argument_for(driver, driver.Memory)
    driver.name = vars(driver).get("name") or _name(driver)


def stored_fields(driver: type[Any]) -> tuple[str, ...]:
    """Return the fields of a checked driver's memory that are stored."""
    is_known = driver.Memory is not None and not is_open(driver, driver.Memory)
    return tuple(stored_schemas(driver.Memory)) if is_known else ()


def _name(driver: type[Any]) -> str:
    """Return `REST switch` for a file that begins with "REST switch: GET and POST ..."."""
    docstring = getattr(sys.modules.get(driver.__module__), "__doc__", None) or ""
    head, colon, _ = docstring.partition(":")
    return head if colon and "\n" not in head else driver.__name__
