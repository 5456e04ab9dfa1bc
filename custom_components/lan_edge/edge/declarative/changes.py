"""A description that is changed: what its devices lose, and its text under another id."""

from collections.abc import Iterator
import json
import re

from ..driver.driver import AnyDriver
from .compiling.described import DescribedDriver
from .compiling.points import DescribedPoints
from .description import Description
from .places import DescriptionError
from .texts import description_text, description_values, read_description

__all__ = ["described_by", "members_lost", "with_another_id"]

_ID_LINE = re.compile(r"^id:[^\n]*", re.MULTILINE)
_NAME_LINE = re.compile(r"^name:[^\n]*", re.MULTILINE)


def described_by(driver: AnyDriver) -> Description | None:
    """Return the description that a driver was compiled from; None for one that is code."""
    if issubclass(driver, DescribedDriver) or issubclass(driver, DescribedPoints):
        return driver.plan.description
    return None


def members_lost(old: Description, new: Description) -> tuple[str, ...]:
    """Return what devices have by the old description, and no longer by the new one.

    Each is a component with an attribute or command: `main.switch.on`, `outlet_1.own.current`.
    Entities are known by these names: they are lost with a name, even if only that was changed.
    """
    left = set(_members(new))
    return tuple(each for each in _members(old) if each not in left)


def _members(description: Description) -> Iterator[str]:
    for name, component in description.components.items():
        for each in component.capabilities:
            members = (*each.attributes, *each.fixed, *each.commands)
            yield from (f"{name}.{each.id}.{m}" for m in dict.fromkeys(members))
        yield from (f"{name}.own.{each}" for each in component.own)


def with_another_id(text: str, id_: str, name: str) -> str:
    """Return the text of a description with another id and name; its comments stay.

    Raises DescriptionError if the text is no description, or would be none with these.
    """
    values = description_values(text)
    read_description(text)
    wanted = {**values, "id": id_, "name": name}
    changed = _ID_LINE.sub(lambda _: f"id: {id_}", text, count=1)
    line = f"name: {json.dumps(name, ensure_ascii=False)}"  # which is YAML, too
    changed = _NAME_LINE.sub(lambda _: line, changed, count=1)
    try:
        is_right = description_values(changed) == wanted
    except DescriptionError:
        is_right = False
    changed = changed if is_right else description_text(wanted)
    read_description(changed)
    return changed
