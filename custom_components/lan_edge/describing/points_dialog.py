"""The steps in which owners say what the points of a device mean, with the present values."""

import asyncio
from collections.abc import Collection, Mapping
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
    PointKind,
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
from ..reporting.language import async_patterns, async_words
from ..reporting.markdown import as_code, as_plain_markdown, as_plain_text
from ..runtime import domain_data
from .choice_lines import NoChoicesError
from .point_words import async_point_words
from .points_form import (
    CONF_POINT,
    lacks_choices,
    meaning_in,
    meaning_schema,
    points_schema,
    said_of,
)
from .shown import value_text
from .thing_form import CONF_CHOICES

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
        self._is_described = False
        """Whether what is said of the point was written by hand, and no form can say it."""

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
        values = (await self._text()).values
        ignored = {str(each): None for each in values.get("ignored", ())}
        return self._flow.async_show_form(
            step_id="describe_points",
            data_schema=points_schema({**ignored, **self._points}, await self._words(ignored)),
            description_placeholders={"shared": await self._shared()},
        )

    async def enter(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask what a point means, and use that."""
        self._look()
        errors: dict[str, str] = {}
        reason = ""
        if user_input is not None and lacks_choices(user_input):
            errors = {CONF_CHOICES: "required"}
        elif user_input is not None:
            try:
                reason = await self._save(meaning_in(user_input))
            except NoChoicesError as err:
                errors, reason = {CONF_CHOICES: "choices"}, as_plain_text(str(err))
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
            known = meaning_of_point((await self._text()).values, self._point)
            self._is_described = known.kind is PointKind.DESCRIBED
            said = said_of(known)
        schema = meaning_schema(is_described=self._is_described)
        value, words = self._points.get(self._point), await self._words()
        texts = {
            "value": as_code(value_text(value)) if value is not None else "",
            "meaning": as_plain_markdown(words.get(self._point, "")),
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

    async def _words(self, ignored: Collection[str] = ()) -> dict[str, str]:
        """Return words for what points are taken for, by their numbers."""
        if points_driver(self._flow.config_entry) is None:
            return {}
        meanings = {n: meant for n, meant in self._meanings.items() if n not in ignored}
        device = self._flow.config_entry.runtime_data.device
        return await async_point_words(self._flow.hass, device, meanings)

    async def _shared(self) -> str:
        """Return which other devices have the same description of points; empty if none has."""
        hass, entry = self._flow.hass, self._flow.config_entry
        id_ = entry.data[CONF_DRIVER]
        others = [*users_of(hass, id_)]
        others.remove(entry.title)
        if not others or not domain_data(hass).registry.summaries[id_].family_id:
            return ""
        pattern = (await async_words(hass, "values"))["same_points"]
        return pattern.replace("{devices}", as_plain_markdown(", ".join(others)))

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
        if values == now.values and values["id"] == entry.data[CONF_DRIVER]:
            return ""
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
