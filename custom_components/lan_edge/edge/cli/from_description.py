"""The driver that does what a description says, as far as that can be written as code."""

from pathlib import Path

from ..declarative import DescriptionError, read_description
from ..declarative.places import Path as Field
from .exits import CallError
from .writing import UnwritableError, written


def written_driver(path: Path) -> str:
    """Return the text of a driver file; raise CallError for what cannot be written."""
    try:
        description = read_description(path.read_text(encoding="utf-8"))
        return written(description)
    except DescriptionError as err:
        raise CallError(f"{path} is no valid description: lan-edge check says why") from err
    except UnwritableError as err:
        place = f"{path}:{description.places.line(err.path)}: {_shown(err.path)}"
        raise CallError(f"{place} cannot be written as a driver yet: {err.reason}") from err
    except OSError as err:
        raise CallError(f"{path} cannot be read: {err.strerror}") from None


def _shown(path: Field) -> str:
    return ".".join(map(str, path))
