"""A text of the user's is written as a whole, and never over what something else has written."""

from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.description_files.texts import (
    SavedText,
    TextChangedError,
    async_delete,
    async_read,
    async_save,
    path_of,
)
from custom_components.lan_edge.runtime import async_load_domain_data

from ..driver_folder import DESCRIBED, DriverFiles


async def test_a_new_file_is_used_at_once(hass: HomeAssistant, driver_files: DriverFiles) -> None:
    data = await async_load_domain_data(hass)
    path = path_of(hass, "own_valve")
    saved = await async_save(hass, SavedText(path, "", ""), DESCRIBED)
    assert "own_valve" in data.registry.drivers
    assert saved == await async_read(hass, path)
    assert [each.name for each in driver_files.devices.iterdir()] == ["own_valve.yaml"]


async def test_nothing_is_written_over_a_file_that_has_changed(
    hass: HomeAssistant, driver_files: DriverFiles
) -> None:
    await async_load_domain_data(hass)
    file = driver_files.describe("valve.yaml", DESCRIBED)
    saved = await async_read(hass, str(file))
    edited = DESCRIBED.replace("3600", "60")
    driver_files.describe("valve.yaml", edited)
    with pytest.raises(TextChangedError):
        await async_save(hass, saved, "mine")
    with pytest.raises(TextChangedError):
        await async_delete(hass, saved)
    assert file.read_text() == edited
    assert [each.name for each in driver_files.devices.iterdir()] == ["valve.yaml"]


@pytest.mark.parametrize("text", ["", DESCRIBED])
async def test_a_new_text_takes_no_name_that_a_file_has(
    hass: HomeAssistant, driver_files: DriverFiles, text: str
) -> None:
    await async_load_domain_data(hass)
    file = driver_files.describe("valve.yaml", text)
    with pytest.raises(TextChangedError):
        await async_save(hass, SavedText(str(file), "", ""), "mine")
    assert file.read_text() == text


async def test_a_file_that_is_gone_is_not_written_again(
    hass: HomeAssistant, driver_files: DriverFiles
) -> None:
    await async_load_domain_data(hass)
    file = driver_files.describe("valve.yaml", DESCRIBED)
    saved = await async_read(hass, str(file))
    file.unlink()
    with pytest.raises(TextChangedError):
        await async_save(hass, saved, "mine")
    assert not file.exists()


async def test_who_may_read_a_file_stays(hass: HomeAssistant, driver_files: DriverFiles) -> None:
    await async_load_domain_data(hass)
    file = driver_files.describe("valve.yaml", DESCRIBED)
    file.chmod(0o600)
    await async_save(hass, await async_read(hass, str(file)), DESCRIBED.replace("3600", "60"))
    assert file.stat().st_mode & 0o777 == 0o600


async def test_a_deleted_file_is_no_longer_used(
    hass: HomeAssistant, driver_files: DriverFiles
) -> None:
    data = await async_load_domain_data(hass)
    saved = await async_save(hass, SavedText(path_of(hass, "own_valve"), "", ""), DESCRIBED)
    await async_delete(hass, saved)
    assert "own_valve" not in data.registry.drivers
