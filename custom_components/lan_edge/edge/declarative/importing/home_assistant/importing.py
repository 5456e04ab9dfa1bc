"""Home Assistant's YAML as drafts: a device for all that is at one address."""

from dataclasses import replace
from typing import Any

from ....sentences import said
from ...places import DescriptionError
from ...text import YamlRules, parsed
from ..curl import CurlRequest
from ..device_draft import DeviceDraft
from ..draft import Imported
from ..drafts import DeviceDrafts
from ..notes import Notes
from ..request import PlainRequest
from ..urls import Url
from ..variables import SECRET_MARK, marked, without_marks
from .configuration import ENTITY_KINDS, entries_of
from .entities import add_binary_sensor, add_sensor, add_switch, reading_of
from .fields import ConfigFields
from .resource import command_request, is_value_set, resource_request, with_value

_RULES = YamlRules(
    tags={"!secret": lambda name: marked(f"{SECRET_MARK}{name}"), "!env_var": marked}
)
_SOURCES = {"rest", "command_line"}
_NUMBER_VARIABLES = {
    *("level", "brightness", "volume", "temperature", "speed", "position", "percent", "number"),
    *("power", "current", "setpoint", "dim", "dimmer", "duration", "seconds", "target"),
}
"""Variables that are numbers, by their names."""
_WORD_VARIABLES = {"state", "status", "on", "enabled", "mode", "command", "cmd"}
"""Variables that may be words of JSON, such as true, by their names."""


def import_home_assistant(text: str) -> Imported:
    """Return a draft for each device in a part of Home Assistant's configuration.

    Raises DescriptionError if there is none, or the text is not YAML.
    """
    notes = Notes()
    values, _, faults = parsed(without_marks(text), _RULES)
    if values is None and faults:
        raise DescriptionError(*faults)
    for fault in faults:
        notes.not_understood(fault.place, fault.reason)
    importer = _Importer(notes)
    for kind, place, entry in entries_of(values, notes):
        importer.add(kind, ConfigFields(entry, place, notes))
    return importer.drafts.imported(
        t"it has no rest, rest_command or command_line", t"paste a part with one of these"
    )


class _Importer:
    """Adds entries to the drafts of their devices."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self.drafts = DeviceDrafts(notes)

    def add(self, kind: str, fields: ConfigFields) -> None:
        """Add an entry; note why not if it is not understood."""
        try:
            self._add(kind, fields)
        except ValueError as err:
            self._notes.not_understood(fields.place, str(err))

    def _add(self, kind: str, fields: ConfigFields) -> None:
        platform = fields.text("platform") if kind in ENTITY_KINDS else kind
        whole = {"rest_command": self._command, "shell_command": self._by_shell, "rest": self._rest}
        if kind in whole:
            whole[kind](fields)
        elif kind == "command_line":
            for each in ENTITY_KINDS:
                if each in fields:
                    inner = ConfigFields(fields.take(each), f"{fields.place}.{each}", self._notes)
                    self._by_command(each, inner)
            fields.note_rest()
        elif platform not in _SOURCES:
            raise ValueError(said(t"has the platform {platform!r:.40}, not rest or command_line"))
        elif platform == "rest":
            self._platform(kind, fields)
        elif kind == "switch" and "switches" in fields:
            switches = ConfigFields(
                fields.take("switches"), f"{fields.place}.switches", self._notes
            )
            for name in list(switches.names()):
                inner = ConfigFields(switches.take(name), f"{switches.place}.{name}", self._notes)
                self._by_command(kind, inner, name)
            fields.note_rest()
        else:
            self._by_command(kind, fields)

    # rest

    def _rest(self, fields: ConfigFields) -> None:
        request, (draft, url) = self._resource(fields)
        several = {each: fields.entries(each) for each in (*ENTITY_KINDS, "button")}
        source = ""
        for platform, entries in several.items():
            for place, entry in entries:
                inner = ConfigFields(entry, place, self._notes)
                if platform == "switch":
                    sent = replace(request, method=inner.text("method", "POST"))
                    add_switch(draft, sent, url, inner)
                elif platform == "button":
                    self._notes.not_understood(place, t"is not a button that rest has")
                else:
                    source = source or draft.request(request, url, fields.place)
                    _add_value(draft, platform, source, inner)
        if not any(several.values()):
            draft.request(request, url, fields.place)
        fields.note_rest()

    def _platform(self, kind: str, fields: ConfigFields) -> None:
        if kind == "switch" and "method" not in fields:
            fields.add("method", "POST")
        request, (draft, url) = self._resource(fields)
        if kind == "switch":
            add_switch(draft, request, url, fields)
        else:
            source = draft.request(request, url, fields.place, fields.peek("name"))
            _add_value(draft, kind, source, fields)

    def _resource(self, fields: ConfigFields) -> tuple[PlainRequest, tuple[DeviceDraft, Url]]:
        request = resource_request(fields)
        return request, self._device(request, fields)

    def _device(self, request: PlainRequest, fields: ConfigFields) -> tuple[DeviceDraft, Url]:
        if (device := self.drafts.device(request.url, fields.place)) is None:
            raise ValueError(said(t"has no address of a device"))
        return device

    # rest_command

    def _command(self, fields: ConfigFields) -> None:
        names = dict[str, bool]()
        for name in ("url", "payload"):
            fields.change(name, lambda text: with_value(text, names))
        fields.change_all("headers", lambda text: with_value(text, names))
        request = resource_request(fields, "url")
        draft, url = self._device(request, fields)
        name = fields.place.partition(".")[2] or "command"
        if not is_value_set(request):
            draft.command(request, url, fields.place, name)
        elif (sending := draft.sending(request, url, fields.place)) is not None:
            is_number = not _NUMBER_VARIABLES.isdisjoint(names) or (
                any(names.values()) and _WORD_VARIABLES.isdisjoint(names)
            )
            kind = "number" if is_number else "text"
            draft.own(name, {kind: True, "set": sending}, fields.place, is_read=False)
        fields.note_rest()

    # command lines

    def _by_shell(self, fields: ConfigFields) -> None:
        found = command_request(fields, "command")
        draft, url = self._device(found.request, fields)
        name = fields.place.partition(".")[2]
        draft.command(found.request, url, fields.place, name)

    def _by_command(self, kind: str, fields: ConfigFields, key: str = "") -> None:
        timeout, poll = fields.seconds("command_timeout"), fields.seconds("scan_interval")

        def request(name: str) -> CurlRequest:
            found = command_request(fields, name)
            plain = replace(found.request, timeout=timeout or found.request.timeout, poll=poll)
            return replace(found, request=plain)

        if kind == "switch":
            self._switch_by_command(fields, request, key)
            return
        found = request("command")
        draft, url = self._device(found.request, fields)
        path = found.only_path()
        source = draft.request(found.request, url, fields.place, fields.peek("name"))
        _add_value(draft, kind, source, fields, path)

    def _switch_by_command(self, fields: ConfigFields, request: Any, key: str) -> None:
        name = fields.text("name") or fields.text("friendly_name") or key or "switch"
        on, off = request("command_on"), request("command_off")
        draft, _ = self._device(on.request, fields)
        values = _sent(self.drafts, draft, {"on": on, "off": off}, fields.place)
        if "command_state" in fields:
            values = {**self._state_by_command(draft, request, fields), **values}
        draft.switch(name, values, fields.place)
        fields.note_rest()

    def _state_by_command(
        self, draft: DeviceDraft, request: Any, fields: ConfigFields
    ) -> dict[str, Any]:
        """Return how the state of a switch is read; nothing, which is noted, if it is not."""
        place = f"{fields.place}.command_state"
        reading = reading_of(fields, "value_template")
        try:
            state = request("command_state")
            path = state.only_path()
            other, url = self._device(state.request, fields)
        except ValueError as err:
            self._notes.not_understood(place, str(err))
            return {}
        if other is not draft:
            self._notes.not_understood(place, t"is at another device")
            return {}
        source = draft.request(state.request, url, fields.place) if reading is not None else ""
        return {"switch": {"from": source, **reading.fields(path)}} if source and reading else {}


def _sent(
    drafts: DeviceDrafts, draft: DeviceDraft, commands: dict[str, CurlRequest], place: str
) -> dict[str, Any]:
    """Return what is sent for commands, all to one device; raise ValueError."""
    made: dict[str, Any] = {}
    for name, each in commands.items():
        device = drafts.device(each.request.url, place)
        if device is None or device[0] is not draft:
            raise ValueError(said(t"sends to several devices"))
        made[name] = draft.sending(replace(each.request, poll=None), device[1], place)
        if made[name] is None:
            raise ValueError(said(t"has a command {name} that cannot be sent"))
    return made


def _add_value(
    draft: DeviceDraft, kind: str, source: str, fields: ConfigFields, before: str = ""
) -> None:
    if not source:
        return
    add = add_sensor if kind == "sensor" else add_binary_sensor
    add(draft, source, fields, before)
