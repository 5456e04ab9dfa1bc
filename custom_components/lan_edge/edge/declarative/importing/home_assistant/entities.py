"""Sensors, binary sensors and switches of Home Assistant's YAML, as values of a draft."""

from dataclasses import replace
import re
from typing import Any

from ..device_draft import DeviceDraft
from ..request import PlainRequest
from ..urls import Url, url_of
from .fields import ConfigFields
from .value_template import TemplateReading, template_reading

_NO_NUMBERS = {"enum", "date", "timestamp"}
_TOTAL = {"total", "total_increasing"}
_MAX_UNIT = 40
_PLAIN_TEXT = re.compile(r"[^{]+")
_STEPS_IN_XML = re.compile(r"[\w@-]+(?:\[\d+\])?(?:\.[\w@-]+(?:\[\d+\])?)*")


def add_sensor(draft: DeviceDraft, source: str, fields: ConfigFields, before: str = "") -> None:
    """Add what a sensor reads; `before` is the path to what its template gets."""
    name = fields.text("name", "value")
    attributes = fields.take("json_attributes")
    if attributes and _PLAIN_TEXT.fullmatch(fields.peek("value_template")):
        reason = t"has no meaning for a described device"
        fields.notes.left_out(f"{fields.place}.value_template", reason)
        fields.take("value_template")
        reading = None
    else:
        reading = reading_of(fields, "value_template")
    unit = fields.text("unit_of_measurement") or (reading.unit if reading is not None else "")
    state_class = fields.text("state_class")
    device_class = fields.text("device_class")
    is_number = bool(unit or state_class or (device_class and device_class not in _NO_NUMBERS))
    attributes_path = fields.text("json_attributes_path")
    if reading is not None:
        values: dict[str, Any] = {"number" if is_number or reading.is_number else "text": True}
        values["name"] = name[:200]
        if "number" in values:
            values |= {"unit": unit[:_MAX_UNIT]} if unit else {}
            values |= {"total": True} if state_class in _TOTAL else {}
        if device_class and device_class not in _NO_NUMBERS:
            values["device_class"] = device_class[:60]
        place = placed(draft, source, reading.fields(before))
        draft.own(name, {**values, "from": source, **place}, fields.place)
    _add_attributes(draft, source, fields, attributes, attributes_path)
    fields.note_rest()


def _add_attributes(
    draft: DeviceDraft, source: str, fields: ConfigFields, names: Any, around: str
) -> None:
    place = f"{fields.place}.json_attributes"
    for each in names if isinstance(names, list) else [names] if names else []:
        if not isinstance(each, str):
            fields.notes.not_understood(place, t"is not a list of names")
            continue
        path = TemplateReading((each,)).fields(around.removeprefix("$").removeprefix("."))
        path = placed(draft, source, path)
        draft.own(each, {"text": True, "name": each[:200], "from": source, **path}, place)


def placed(draft: DeviceDraft, source: str, reading: dict[str, Any]) -> dict[str, Any]:
    """Return a reading with its path in XML, if that is what its request answers."""
    path = reading.get("path", "").replace('["', ".").replace('"]', "")
    if not draft.is_xml(source) or not _STEPS_IN_XML.fullmatch(path):
        return reading
    return {"xml": path.replace(".", "/"), **{k: v for k, v in reading.items() if k != "path"}}


def add_binary_sensor(
    draft: DeviceDraft, source: str, fields: ConfigFields, before: str = ""
) -> None:
    """Add what a binary sensor reads."""
    name = fields.text("name", "state")
    device_class = fields.text("device_class")
    words = {fields.text("payload_on"): True, fields.text("payload_off"): False}
    reading = reading_of(fields, "value_template")
    if reading is not None:
        values: dict[str, Any] = {"switch": True, "name": name[:200], "from": source}
        if device_class:
            values["device_class"] = device_class[:60]
        values |= placed(draft, source, reading.fields(before))
        if "" not in words and not reading.template:
            values["map"] = words
        draft.own(name, values, fields.place)
    fields.note_rest()


def add_switch(draft: DeviceDraft, request: PlainRequest, url: Url, fields: ConfigFields) -> None:
    """Add a switch of rest: one resource, with a body for on and one for off."""
    name = fields.text("name", "switch")
    on, off = fields.text("body_on", "ON"), fields.text("body_off", "OFF")
    state_url = fields.text("state_resource")
    is_template = "is_on_template" in fields
    reading = reading_of(fields, "is_on_template")
    device_class = fields.text("device_class")
    if device_class not in {"", "outlet", "switch"}:
        fields.notes.left_out(f"{fields.place}.device_class", t"a switch has none")
    read = replace(request, body="", method="GET", url=state_url or request.url)
    source = _source(draft, read, url, fields)
    selected = placed(draft, source, reading.fields()) if reading is not None else {}
    if "{{" in on + off or "{%" in on + off:
        fields.notes.not_understood(fields.place, t"body_on or body_off is a template")
        if source and reading is not None and is_template:
            values = {"switch": True, "name": name[:200], "from": source, **selected}
            draft.own(name, values, fields.place)
        fields.note_rest()
        return
    bodies = (replace(request, body=body, poll=None) for body in (on, off))
    sent = [draft.sending(each, url, fields.place) for each in bodies]
    if None not in sent:
        values = {"on": sent[0], "off": sent[1]}
        if source and (reading is not None or not is_template):
            words = (
                {} if is_template or on == off else {"map": {on.strip(): True, off.strip(): False}}
            )
            values = {"switch": {"from": source, **selected, **words}, **values}
        draft.switch(name, values, fields.place)
    fields.note_rest()


def _source(draft: DeviceDraft, read: PlainRequest, url: Url, fields: ConfigFields) -> str:
    try:
        state = url_of(read.url)
    except ValueError as err:
        fields.notes.not_understood(f"{fields.place}.state_resource", str(err))
        return ""
    if state.device != url.device:
        fields.notes.not_understood(f"{fields.place}.state_resource", t"is at another device")
        return ""
    return draft.request(read, state, fields.place)


def reading_of(fields: ConfigFields, name: str) -> TemplateReading | None:
    """Return the reading of a template, the whole answer if there is none; None: not understood."""
    text = fields.text(name)
    if not text:
        return TemplateReading()
    try:
        return template_reading(text)
    except ValueError as err:
        fields.notes.not_understood(f"{fields.place}.{name}", str(err))
        return None
