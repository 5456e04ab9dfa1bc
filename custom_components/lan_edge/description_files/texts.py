"""The texts of the user's descriptions: files that people edit, too, so nothing is overwritten."""

from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
import os
from pathlib import Path
from tempfile import NamedTemporaryFile
import threading

from homeassistant.core import HomeAssistant

from ..driver_files.watch import async_reload
from ..runtime import domain_data

MAX_SAVED_TEXT = 256 * 1024
"""The longest text, in bytes: the library reads no larger file."""


class TextChangedError(Exception):
    """A file is no longer as it was when its text was read."""


@dataclass(frozen=True, slots=True)
class SavedText:
    """The text of a file as it was at one time."""

    path: str
    text: str
    digest: str
    """The hash of its bytes; empty: there is no such file."""


def path_of(hass: HomeAssistant, id_: str) -> str:
    """Return the file of a new description."""
    return str(Path(domain_data(hass).description_folder.path) / f"{id_}.yaml")


async def async_read(hass: HomeAssistant, path: str) -> SavedText:
    """Return the text of a file, an empty one if there is no such file; raise OSError."""
    return await hass.async_add_executor_job(_read, path)


async def async_save(hass: HomeAssistant, saved: SavedText, text: str) -> SavedText:
    """Write a text into a file at once, and use it; return what was saved.

    Raises TextChangedError if the file is no longer as it was when it was `saved`, or OSError.
    """
    new = await hass.async_add_executor_job(_save, saved, text)
    await async_reload(hass)
    return new


async def async_delete(hass: HomeAssistant, saved: SavedText) -> None:
    """Delete a file, and stop using it; raise TextChangedError or OSError."""
    await hass.async_add_executor_job(_delete, saved)
    await async_reload(hass)


_WRITING = threading.Lock()
"""Held from the look at a file until it is written, so that two dialogs do not mix."""


def _read(path: str) -> SavedText:
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_SAVED_TEXT + 1)
    except FileNotFoundError:
        return SavedText(path, "", "")
    return SavedText(path, data[:MAX_SAVED_TEXT].decode(errors="replace"), _digest(data))


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def _check_unchanged(saved: SavedText) -> None:
    if _read(saved.path).digest != saved.digest:
        raise TextChangedError(saved.path)


def _save(saved: SavedText, text: str) -> SavedText:
    """Write the whole text beside the file, then put it in the place of the file."""
    path, data = Path(saved.path), text.encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with _WRITING:
        _check_unchanged(saved)
        # hidden, and without the ending of a description: it is not looked at
        with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            temporary = Path(file.name)
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                temporary.chmod(path.stat().st_mode if saved.digest else 0o644)
                _check_unchanged(saved)
                _put(temporary, path, is_new=not saved.digest)
            finally:
                with suppress(FileNotFoundError):
                    temporary.unlink()
    return SavedText(saved.path, text, _digest(data))


def _put(temporary: Path, path: Path, *, is_new: bool) -> None:
    """Give a finished file its name; raise TextChangedError if a new one exists meanwhile."""
    if not is_new:
        temporary.replace(path)
        return
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        raise TextChangedError(str(path)) from None
    except OSError:  # a file system without links
        temporary.replace(path)


def _delete(saved: SavedText) -> None:
    with _WRITING:
        _check_unchanged(saved)
        with suppress(FileNotFoundError):
            Path(saved.path).unlink()
