"""What users see of drivers: which there are, from which files, and which devices use them."""

from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from lan_edge import Driver, DriverFolder, DriverSummary, FileStatus, LoadFailure

from ..const import CONF_DRIVER
from ..reporting.folders import path_in
from ..reporting.issues import is_description, markdown_of
from ..reporting.language import Patterns
from ..reporting.markdown import as_name, as_plain_markdown
from ..runtime import domain_data
from ..service_entry import device_entries


@callback
def overview(hass: HomeAssistant) -> dict[str, Any]:
    """Return the driver files in use with their drivers, and those that failed, as JSON data."""
    statuses = domain_data(hass).files
    return {
        "loaded": [_loaded(hass, each) for each in statuses if each.file is not None],
        "failed": [failed for each in statuses for failed in _failed(hass, each)],
    }


def _loaded(hass: HomeAssistant, status: FileStatus) -> dict[str, Any]:
    file, registry = status.file, domain_data(hass).registry
    ids = sorted(file.ids) if file else []
    return {
        "file": path_in(hass.config.config_dir, status.path),
        "since": since(status),
        "drivers": ids,
        "instead_of_bundled": [i for i in ids if file and registry.origin(i).overridden],
        "devices": sum(entry.data[CONF_DRIVER] in ids for entry in device_entries(hass)),
    }


def _failed(hass: HomeAssistant, status: FileStatus) -> Iterator[dict[str, Any]]:
    if (failure := status.failure) is not None:
        for each in (failure, *failure.others):
            yield {
                "file": path_in(hass.config.config_dir, each.file),
                "line": each.line,
                "reason": each.reason,
                "remedy": each.remedy,
                "earlier_version_in_use": status.file is not None,
            }


def since(status: FileStatus) -> str:
    """Return when the version of a file that is in use was loaded."""
    loaded = dt_util.utc_from_timestamp(status.file.since if status.file else 0)
    return dt_util.as_local(loaded).isoformat(timespec="seconds")


@callback
def source_of(hass: HomeAssistant, driver_id: str) -> dict[str, Any]:
    """Return the file of a driver, if it is in one, and what that means, as JSON data."""
    registry = domain_data(hass).registry
    if driver_id not in registry.drivers:
        return {
            "file": "",
            "instead_of_bundled": False,
            "extended_by": [],
            "problem": _texts(_problems(hass, driver_id)),
        }
    origin = registry.origin(driver_id)
    return {
        "file": path_in(hass.config.config_dir, origin.file.path) if origin.file else "",
        "instead_of_bundled": origin.overridden is not None,
        "extended_by": [path_in(hass.config.config_dir, f.path) for f in origin.extended_by],
        "problem": _texts(_problems(hass, driver_id)),
    }


def _problems(hass: HomeAssistant, driver_id: str) -> list[FileStatus]:
    """Return the files that concern a driver and were last saved in a way that cannot be used."""
    statuses = domain_data(hass).files
    return [
        each
        for each in statuses
        if each.failure is not None
        and (driver_id in each.claims or (each.file is not None and driver_id in each.file.ids))
    ]


def _texts(statuses: list[FileStatus]) -> str:
    return "; ".join(str(each.failure) for each in statuses)


@callback
def lists(hass: HomeAssistant, patterns: Patterns) -> dict[str, str]:
    """Return all drivers as lists in Markdown, the placeholders of a dialog in one language."""
    data = domain_data(hass)
    used = [each for each in data.files if each.file]
    failures = [failure for folder in data.folders for failure in _failures(folder)]
    drivers = sorted(data.registry.summaries.values(), key=lambda driver: driver.name.lower())
    origins = {driver.id: data.registry.origin(driver.id) for driver in drivers}
    return {
        "folder": as_name(data.driver_folder.path),
        "devices_folder": as_name(data.description_folder.path),
        "files": _list(_row_of_file(hass, e) for e in used if not is_description(e.path)),
        "described": _list(_row_of_file(hass, e) for e in used if is_description(e.path)),
        "failed": "\n".join(markdown_of(each, patterns) for each in failures),
        "missing": _list(_rows_without_driver(hass)),
        "replaced": _list(
            _row_of_driver(hass, origin.overridden)
            for origin in origins.values()
            if origin.file and origin.overridden
        ),
        "bundled": _list(
            _row_of_driver(hass, each) for each in drivers if origins[each.id].file is None
        ),
    }


def _failures(folder: DriverFolder) -> list[LoadFailure]:
    """Return what is wrong with files, and what still runs of those that were given up."""
    return list(dict.fromkeys([*folder.failures, *folder.stuck]))


@callback
def stuck(hass: HomeAssistant) -> list[dict[str, Any]]:
    """Return what still runs of files that were given up, as JSON data."""
    return [
        {"file": path_in(hass.config.config_dir, each.file), "line": each.line}
        for folder in domain_data(hass).folders
        for each in folder.stuck
    ]


def _row_of_file(hass: HomeAssistant, status: FileStatus) -> str:
    registry = domain_data(hass).registry
    ids = sorted(status.file.ids) if status.file else []
    rows = ", ".join(_row_of_driver(hass, registry.driver(id_)) for id_ in ids)
    name = as_name(PurePath(status.path).name)
    return f"{name}, {since(status)[:16].replace('T', ' ')}: {rows}"


def _row_of_driver(hass: HomeAssistant, driver: DriverSummary | type[Driver[Any]]) -> str:
    return f"{as_plain_markdown(driver.name)}{_users(hass, driver.id)}"


def _rows_without_driver(hass: HomeAssistant) -> Iterator[str]:
    """Yield the drivers that devices have but that are not there, by their ids."""
    used = {entry.data[CONF_DRIVER] for entry in device_entries(hass)}
    for driver_id in sorted(used - domain_data(hass).registry.drivers.keys()):
        yield f"{as_plain_markdown(driver_id)}{_users(hass, driver_id)}"


def _users(hass: HomeAssistant, driver_id: str) -> str:
    titles = [e.title for e in device_entries(hass) if e.data[CONF_DRIVER] == driver_id]
    return f" ({as_plain_markdown(', '.join(titles))})" if titles else ""


def _list(rows: Iterable[str]) -> str:
    return "\n".join(f"- {row}" for row in rows)
