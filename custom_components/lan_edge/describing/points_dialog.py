"""The steps in which owners say what the points of a device mean, with the present values."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlow,
)
from homeassistant.core import HomeAssistant, callback

from lan_edge import (
    PointMeaning,
    Points,
    PointsDriver,
    description_text,
    description_values,
    meaning_of_point,
    new_points,
    with_point,
)

from ..const import CONF_DRIVER
from ..description_files.checking import async_check_text, faults_list
from ..description_files.listed import users_of
from ..description_files.texts import (
    SavedText,
    TextChangedError,
    async_delete,
    async_read,
    async_save,
    path_of,
)
from ..reporting.blank import async_filled
from ..reporting.language import async_patterns
from ..reporting.markdown import as_code, as_plain_text, placeholders
from ..runtime import domain_data
from .choice_lines import NoChoicesError
from .points_form import CONF_POINT, meaning_in, meaning_schema, points_schema, said_of

REPORT_TIMEOUT, REPORT_CHECKS = 5.0, 50
"""Seconds that a device has to report its points again, and checks whether it did."""


@dataclass(frozen=True, slots=True)
class _Text:
    """The description of a device's points, as it is saved; empty if there is none."""

    saved: SavedText
    values: Mapping[str, Any]


class PointsDialog:
    """Changes what the points of an entry's device mean, one after another.

    What is said is a description of the kind that others can use, too, in the folder of those.
    """

    def __init__(self, flow: OptionsFlow) -> None:
        """Carry out the steps of a flow."""
        self._flow = flow
        self._points: Points = {}
        """What was reported last; while its driver changes, a device reports nothing."""
        self._meanings: Mapping[str, str] = {}
        self._point = ""

    async def begin(self) -> ConfigFlowResult:
        """Offer the points, and the settings."""
        return self._flow.async_show_menu(
            step_id="describe_family", menu_options=["describe_points", "settings"]
        )

    async def pick(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Show all points, and ask for one."""
        self._look()
        if user_input is not None:
            self._point = user_input[CONF_POINT]
            return await self.enter(None)
        ignored = {str(each): None for each in (await self._text()).values.get("ignored", ())}
        points = {**self._points, **ignored}
        meanings = {n: meaning for n, meaning in self._meanings.items() if n not in ignored}
        users = users_of(self._flow.hass, self._flow.config_entry.data[CONF_DRIVER])
        return self._flow.async_show_form(
            step_id="describe_points",
            data_schema=points_schema(points, meanings),
            description_placeholders=placeholders(devices=", ".join(users)),
        )

    async def enter(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask what a point means, and use that."""
        self._look()
        errors: dict[str, str] = {}
        reason = ""
        if user_input is not None:
            try:
                reason = await self._save(meaning_in(user_input))
            except NoChoicesError as err:
                errors, reason = {"choices": "choices"}, as_plain_text(str(err))
            except TextChangedError:
                errors["base"] = "changed_meanwhile"
            except OSError as err:
                errors, reason = {"base": "not_written"}, as_plain_text(str(err))
            else:
                if not reason:
                    return await self.pick(None)
                errors["base"] = "faults"
        said = user_input
        if said is None:
            said = said_of(meaning_of_point((await self._text()).values, self._point))
        schema = meaning_schema()
        value, meaning = self._points.get(self._point), self._meanings.get(self._point)
        texts = {
            "value": as_code(str(value)) if value is not None else "",
            "meaning": as_code(meaning) if meaning else "",
        }
        texts = await async_filled(self._flow.hass, texts, unknown=texts)
        return self._flow.async_show_form(
            step_id="describe_point",
            data_schema=self._flow.add_suggested_values_to_schema(schema, said),
            errors=errors,
            description_placeholders={
                "point": as_code(self._point),
                "reason": reason,
                **texts,
            },
        )

    def _look(self) -> None:
        """Take what the device reports now, if it does."""
        driver = points_driver(self._flow.config_entry)
        if driver is not None and driver.points:
            self._points, self._meanings = dict(driver.points), dict(driver.meanings)

    async def _text(self) -> _Text:
        hass, id_ = self._flow.hass, self._flow.config_entry.data[CONF_DRIVER]
        if not domain_data(hass).registry.summaries[id_].family_id:
            device = self._flow.config_entry.runtime_data.device
            identity = device.identity
            values = new_points(
                id_, identity.model, device.driver.name, identity.manufacturer, identity.unique_id
            )
            saved = await async_read(hass, path_of(hass, values["id"]))
        else:
            file = domain_data(hass).registry.origin(id_).file
            saved, values = await async_read(hass, file.path if file is not None else ""), {}
        if saved.text:
            values = await hass.async_add_executor_job(description_values, saved.text)
        return _Text(saved, values)

    async def _save(self, meaning: PointMeaning) -> str:
        """Use what a point means; return what is wrong. Raises TextChangedError or OSError."""
        hass, entry = self._flow.hass, self._flow.config_entry
        now = await self._text()
        values = with_point(now.values, self._point, meaning, self._meanings)
        if not values["components"] and not values.get("ignored"):
            await self._use_family(values["talks"], now.saved)
            return ""
        text = await hass.async_add_executor_job(description_text, values)
        checked = await async_check_text(hass, text)
        if checked.description is None:
            return faults_list(checked.faults, await async_patterns(hass), text)
        await async_save(hass, now.saved, text)
        await _async_use_driver(hass, entry, values["id"])
        return ""

    async def _use_family(self, family: str, saved: SavedText) -> None:
        """Have the device without a description again, and delete that if no other has it."""
        hass, entry = self._flow.hass, self._flow.config_entry
        former = entry.data[CONF_DRIVER]
        await _async_use_driver(hass, entry, family)
        if former != family and not users_of(hass, former):
            await async_delete(hass, saved)


async def _async_use_driver(hass: HomeAssistant, entry: ConfigEntry[Any], id_: str) -> None:
    """Have the device of an entry driven by another driver of its family."""
    if entry.data[CONF_DRIVER] != id_:
        hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_DRIVER: id_})
        await hass.config_entries.async_reload(entry.entry_id)
        await _async_reported(entry)


async def _async_reported(entry: ConfigEntry[Any]) -> None:
    """Wait until the device has told its points to its new driver, or is not there now."""
    for _ in range(REPORT_CHECKS):
        if (driver := points_driver(entry)) is not None and driver.points:
            break
        await asyncio.sleep(REPORT_TIMEOUT / REPORT_CHECKS)


@callback
def points_driver(entry: ConfigEntry[Any]) -> PointsDriver[Any] | None:
    """Return the driver of an entry's device, if that consists of points and is set up."""
    if entry.state is not ConfigEntryState.LOADED:
        return None
    driver = entry.runtime_data.device.driver
    return driver if isinstance(driver, PointsDriver) else None
