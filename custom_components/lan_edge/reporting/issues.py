"""Repair issues: problems that only the user can solve."""

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import PurePath
import re
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from lan_edge import (
    Address,
    CertificateError,
    FileStatus,
    IdentityError,
    Listener,
    LoadFailure,
    one_id,
    said_in,
)

from ..const import CONF_UNEXPECTED, DOMAIN
from .folders import path_in
from .language import Patterns, own_patterns
from .markdown import as_code, as_name, as_plain_text, placeholders

CERTIFICATE_CHANGED = "certificate_changed"
DISPUTE = "dispute"
"""A device that cannot report its id is claimed to be somewhere else, or to be another one."""
DESCRIPTION_FAILED = "description_failed"
"""A described device of the user's cannot be used."""
DESCRIPTION_OUTDATED = "description_outdated"
"""The same, but an earlier version of it is still in use."""
DRIVER_FAILED = "driver_failed"
"""A file of bundled drivers could not be loaded."""
DRIVER_FILE_FAILED = "driver_file_failed"
"""A driver file of the user's cannot be used."""
DRIVER_FILE_OUTDATED = "driver_file_outdated"
"""The same, but an earlier version of it is still in use."""
DRIVER_FILE_SLOW = "driver_file_slow"
"""The same, but only because it takes long to load."""
IMPOSTOR = "impostor"
"""Another device answers at the address of a device."""
LIMIT = "limit"
"""A device has more components, or more new ones, than are shown."""
LOGIN = "login"
"""A device requires a login, which its driver does not support."""
LOGIN_IN_OPTIONS = "login_in_options"
"""A device requires a login, which its options may contain."""
PORT_TAKEN = "port_taken"
"""Another program uses the listener's port."""
MAX_PROBLEMS = 10
"""Mistakes in a driver file that are displayed."""
MAX_ID_LENGTH = 64
"""Characters of another device's id that are displayed."""
type Claim = Address | str
"""What is claimed of a device: its address, or its id."""
WRITING = "https://github.com/lan-edge/lan-edge/blob/main/docs/writing-a-driver.md"
DESCRIBING = "https://github.com/lan-edge/lan-edge/blob/main/docs/described-devices.md"
LEARN_MORE = "https://github.com/lan-edge/lan-edge#troubleshooting"


@callback
def async_update_port_issue(hass: HomeAssistant, listener: Listener) -> None:
    """Create the issue of a taken port, or delete it once the listener has its port."""
    if not listener.is_port_taken:
        ir.async_delete_issue(hass, DOMAIN, PORT_TAKEN)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        PORT_TAKEN,
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=PORT_TAKEN,
        translation_placeholders={
            "port": str(listener.settings.port),
            "used": str(listener.port),
        },
    )


@callback
def async_create_driver_issue(hass: HomeAssistant, failure: LoadFailure) -> None:
    """Report a file whose drivers could not be loaded, and why."""
    file = PurePath(failure.file).name
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{DRIVER_FAILED}_{file}",
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key=DRIVER_FAILED,
        translation_placeholders={
            "file": as_plain_text(file),
            "reason": markdown_of(failure, own_patterns(hass)),
        },
    )


@callback
def async_update_driver_file_issues(hass: HomeAssistant, files: Iterable[FileStatus]) -> None:
    """Report the user's files that cannot be used; delete the issues of all others."""
    failed = (each for each in files if each.failure is not None)
    issues = {f"{DRIVER_FILE_FAILED}_{PurePath(each.path).name}": each for each in failed}
    for domain, issue_id in tuple(ir.async_get(hass).issues):
        is_ours = domain == DOMAIN and issue_id.startswith(f"{DRIVER_FILE_FAILED}_")
        if is_ours and issue_id not in issues:
            ir.async_delete_issue(hass, DOMAIN, issue_id)
    for issue_id, status in issues.items():
        _async_create_driver_file_issue(hass, issue_id, status)


@callback
def _async_create_driver_file_issue(hass: HomeAssistant, issue_id: str, status: FileStatus) -> None:
    if (failure := status.failure) is None:
        return
    is_mild = status.is_loading or status.file is not None
    is_described = is_description(status.path)
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        learn_more_url=DESCRIBING if is_described else WRITING,
        severity=ir.IssueSeverity.WARNING if is_mild else ir.IssueSeverity.ERROR,
        translation_key=_key_of(status),
        translation_placeholders={
            # a whole path would be cut in the list of repairs
            "file": as_plain_text(PurePath(status.path).name),
            "folder": as_name(path_in(hass.config.config_dir, str(PurePath(status.path).parent))),
            "problem": markdown_of(failure, own_patterns(hass)),
        },
    )


def _key_of(status: FileStatus) -> str:
    if is_description(status.path):
        return DESCRIPTION_OUTDATED if status.file else DESCRIPTION_FAILED
    if status.is_loading:
        return DRIVER_FILE_SLOW
    return DRIVER_FILE_OUTDATED if status.file else DRIVER_FILE_FAILED


def is_description(path: str) -> bool:
    """Return whether a file of the user's is a description, not a driver file."""
    return path.endswith((".yaml", ".yml"))


def markdown_of(failure: LoadFailure, patterns: Patterns) -> str:
    """Return all that is wrong in a driver file as a list in Markdown."""
    each = (failure, *failure.others[: MAX_PROBLEMS - 1])
    return "\n".join(f"- {_markdown_of_one(one, patterns)}" for one in each)


def _markdown_of_one(failure: LoadFailure, patterns: Patterns) -> str:
    """Return one mistake; its words may be code, which is copied into the file."""
    file, place = as_name(PurePath(failure.file).name), f":{failure.line}" if failure.line else ""
    remedy = f": {as_code(said_in(failure.remedy, patterns))}" if failure.remedy else ""
    return f"{file}{place}: {as_code(said_in(failure.reason, patterns))}{remedy}"


@callback
def async_create_certificate_issue(
    hass: HomeAssistant, entry: ConfigEntry[Any], error: CertificateError
) -> None:
    """Report that a device's certificate is no longer the pinned one, where, and since when."""
    texts = {
        "address": str(error.address),
        "pinned": _readable(error.pinned),
        "found": _readable(error.found),
        "since": _presented_since(hass, entry, error.found),
    }
    _async_create_device_issue(hass, entry, CERTIFICATE_CHANGED, texts, {"found": error.found})


def _presented_since(hass: HomeAssistant, entry: ConfigEntry[Any], presented: str) -> str:
    """Return when a device first presented a certificate; kept in its entry until it is online."""
    known = entry.data.get(CONF_UNEXPECTED, {})
    if known.get("found") != presented:
        known = {"found": presented, "since": dt_util.now().strftime("%Y-%m-%d %H:%M")}
        hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_UNEXPECTED: known})
    since: str = known["since"]
    return since


@callback
def forget_certificate(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Forget the unexpected certificate of a device that is connected now."""
    if CONF_UNEXPECTED in entry.data:
        data = {key: value for key, value in entry.data.items() if key != CONF_UNEXPECTED}
        hass.config_entries.async_update_entry(entry, data=data)


@callback
def async_create_impostor_issue(
    hass: HomeAssistant, entry: ConfigEntry[Any], error: IdentityError
) -> None:
    """Report that another device answers at a device's address."""
    entry_of = partial(hass.config_entries.async_entry_for_domain_unique_id, DOMAIN)
    other = entry_of(one_id(error.found)) or entry_of(error.found)
    texts = {
        "address": str(error.address),
        "found": other.title if other else _displayed_id(error.found),
    }
    _async_create_device_issue(hass, entry, IMPOSTOR, texts, texts)


@callback
def async_create_dispute_issue(
    hass: HomeAssistant, entry: ConfigEntry[Any], known: str, claim: Claim
) -> None:
    """Report that two devices claim to be a device that cannot report its id."""
    texts = {"known": _displayed_id(known), "claimed": _displayed_id(str(claim))}
    if isinstance(claim, Address):
        data = {"host": claim.host, "port": str(claim.port)}
    else:
        data = {"unique_id": claim}
    _async_create_device_issue(hass, entry, DISPUTE, texts, {**texts, **data})


@callback
def async_delete_dispute_issue(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Delete the issue of a claim that turned out to be false."""
    ir.async_delete_issue(hass, DOMAIN, f"{DISPUTE}_{entry.entry_id}")


def claim_of(data: Mapping[str, str]) -> Claim:
    """Return the claim that an issue was created for."""
    return data.get("unique_id") or Address(data["host"], int(data["port"]))


@callback
def async_create_login_issue(
    hass: HomeAssistant, entry: ConfigEntry[Any], *, in_options: bool
) -> None:
    """Report that a device requires a login, and that no dialog can ask for it."""
    key = LOGIN_IN_OPTIONS if in_options else LOGIN
    _async_create_device_issue(hass, entry, key, is_fixable=in_options)


@callback
def async_update_limit_issue(
    hass: HomeAssistant, entry: ConfigEntry[Any], *, is_limited: bool, most: int, new: int
) -> None:
    """Create or delete the issue that not all components of a device are shown.

    `most` is the limit for their number, `new` that for new ones within an hour.
    """
    if is_limited:
        texts = {"most": str(most), "new": str(new)}
        _async_create_device_issue(hass, entry, LIMIT, texts, is_fixable=False)
    else:
        ir.async_delete_issue(hass, DOMAIN, f"{LIMIT}_{entry.entry_id}")


@callback
def issue_data(hass: HomeAssistant, data: Mapping[str, str]) -> Mapping[str, Any] | None:
    """Return the present data of a device's issue that had `data`; None if it is settled."""
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"{data['issue']}_{data['entry_id']}")
    return issue.data if issue else None


@callback
def async_delete_device_issues(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Delete all issues of an entry's device."""
    async_delete_place_issues(hass, entry)
    async_delete_login_issues(hass, entry)


@callback
def async_delete_place_issues(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Delete the issues about where an entry's device is, and who answers there."""
    for key in (CERTIFICATE_CHANGED, DISPUTE, IMPOSTOR):
        ir.async_delete_issue(hass, DOMAIN, f"{key}_{entry.entry_id}")


@callback
def async_delete_login_issues(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Delete the issues about the login of an entry's device."""
    for key in (LOGIN, LOGIN_IN_OPTIONS):
        ir.async_delete_issue(hass, DOMAIN, f"{key}_{entry.entry_id}")


@callback
def _async_create_device_issue(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    key: str,
    texts: dict[str, str] | None = None,
    data: dict[str, str] | None = None,
    *,
    is_fixable: bool = True,
) -> None:
    """Create an issue of a device; `data` is passed to the repair flow, with issue and entry."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{key}_{entry.entry_id}",
        is_fixable=is_fixable,
        learn_more_url=None if is_fixable else LEARN_MORE,
        severity=ir.IssueSeverity.ERROR,
        translation_key=key,
        translation_placeholders=placeholders(name=entry.title, **(texts or {})),
        data={"issue": key, "entry_id": entry.entry_id, **(data or {})},
    )


def _readable(fingerprint: str) -> str:
    """Return a fingerprint as people compare them: AB:CD:..."""
    return ":".join(fingerprint[i : i + 2] for i in range(0, len(fingerprint), 2)).upper()


def _displayed_id(text: str) -> str:
    """Return an id from the network with only the characters that ids consist of."""
    return re.sub(r"[^\w .:-]", " ", text)[:MAX_ID_LENGTH].strip()
