"""Writes new descriptions to the folder of the user's described devices."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from homeassistant.core import HomeAssistant

from lan_edge import DescriptionDraft, compile_description

from ..driver_files.watch import async_reload
from ..runtime import async_load_domain_data

MAX_IDS = 100
"""How many ids are tried for a description."""


async def async_save_new(hass: HomeAssistant, draft: DescriptionDraft, id_: str) -> str:
    """Write a draft to a file of its own and use it; return its id, which may have a number.

    Raises DescriptionError if it is not complete, DriverError if the folder cannot be written.
    """
    data = await async_load_domain_data(hass)
    folder = Path(data.description_folder.path)
    for number in range(1, MAX_IDS):
        free = id_ if number == 1 else f"{id_}_{number}"
        if free in data.registry.drivers:
            continue
        draft.values["id"] = free
        if await hass.async_add_executor_job(_write, folder / f"{free}.yaml", draft):
            await async_reload(hass)
            return free
    raise FileExistsError(str(folder / f"{id_}.yaml"))


def _write(path: Path, draft: DescriptionDraft) -> bool:
    """Write a new file at once; return whether there was none. Raises DescriptionError."""
    compile_description(draft.described())
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, suffix=".new", delete=False) as file:
        file.write(draft.text())
        file.flush()
        os.fsync(file.fileno())
    whole = Path(file.name)
    try:
        whole.chmod(0o644)
        return _move_new(whole, path)
    finally:
        whole.unlink(missing_ok=True)


def _move_new(whole: Path, path: Path) -> bool:
    """Give a file its name, unless another one has it."""
    try:
        path.hardlink_to(whole)
    except FileExistsError:
        return False
    except OSError:  # this file system has no links
        if path.exists():
            return False
        whole.replace(path)
    return True
