"""By which of Home Assistant's own actions each command is reached: by hand, action by action."""

from dataclasses import dataclass
from typing import Any

from lan_edge import Command

from .shown import Given

type Step = tuple[Command[...], dict[str, Any]]


@dataclass(frozen=True)
class Player:
    """Stands for the entity of a player, by its home."""

    home: str


@dataclass(frozen=True)
class Asked:
    """What is asked of an entity, and what the device must get."""

    action: str
    home: str
    part: str
    data: dict[str, Any]
    gets: tuple[Step, ...]
    given: Given = ()
    on: str = ""
    """The home that gets it, where it is another."""


def by(
    platform: str, part: str, *rows: tuple[str, str, dict[str, Any], Step | list[Step], Given]
) -> list[Asked]:
    """Return what the actions of a platform do: action, home, data, what is got, given."""
    return [
        Asked(
            f"{platform}.{action}",
            home,
            part,
            data,
            tuple(gets) if isinstance(gets, list) else (gets,),
            given,
        )
        for action, home, data, gets, given in rows
    ]
