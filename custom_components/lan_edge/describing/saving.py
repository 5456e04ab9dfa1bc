"""Saves new descriptions to the folder of the user's described devices."""

from homeassistant.core import HomeAssistant

from lan_edge import DescriptionDraft, compile_description

from ..description_files.texts import SavedText, TextChangedError, async_save, path_of
from ..runtime import async_load_domain_data

MAX_IDS = 100
"""How many ids are tried for a description."""


async def async_save_new(
    hass: HomeAssistant, draft: DescriptionDraft, id_: str
) -> tuple[str, SavedText]:
    """Write a draft to a file of its own and use it; return its id, which may have a number.

    Raises DescriptionError if it is not complete, OSError if the folder cannot be written.
    """
    data = await async_load_domain_data(hass)
    for number in range(1, MAX_IDS):
        free = id_ if number == 1 else f"{id_}_{number}"
        if free in data.registry.drivers:
            continue
        draft.values["id"] = free
        await hass.async_add_executor_job(lambda: compile_description(draft.described()))
        try:
            saved = await async_save(hass, SavedText(path_of(hass, free), "", ""), draft.text())
        except TextChangedError:  # there is such a file
            continue
        return free, saved
    raise FileExistsError(path_of(hass, id_))
