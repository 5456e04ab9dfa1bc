"""The draft of a device with what was picked of its document."""

from collections.abc import Mapping
import json
from typing import Any

from ....sentences import said
from ...drafting.thing import ThingKind
from ...places import DescriptionError, Fault
from ..device_draft import DeviceDraft
from ..draft import Imported
from ..naming import plain_number
from ..notes import Notes, because
from ..urls import Url, url_of
from ..variables import VALUE_VARIABLE, marked, variables_in
from .offered import Offered
from .operations import Operation
from .requests import RequestWriter
from .schema_value import SWITCH_NAMES, SchemaValue, ValueType
from .security import Security
from .servers import ApiServer

_PLAIN_TRUTHS = {"true", "false", "on", "off", "yes", "no", "1", "0"}
_MAX_SHOWN_NAME = 200


class DocumentDraft:
    """Adds one thing after another to a draft."""

    def __init__(self, server: ApiServer, security: Security, notes: Notes) -> None:
        """Begin an empty draft; raise DescriptionError if there is no address that is possible."""
        self._server = server
        self._security = security
        self._notes = notes
        self._draft = DeviceDraft(self._url("/"), notes)
        self._requests = RequestWriter(server, self._draft, notes)
        self._read: set[str] = set()
        """The values that are there, with a command or without."""

    def _url(self, path: str) -> Url:
        try:
            return url_of(self._server.url(path))
        except ValueError as err:
            why = said(str(err))
            reason = said(t"it has an address that is not possible: {why}")
            raise DescriptionError(Fault((), reason, "", 1)) from None

    def add(self, each: Offered) -> None:
        """Add what was picked; note why it cannot be added."""
        self._log_in(each.operation)
        if each.value is not None and each.value.is_first_of_list:
            reason = t"[0] stands for the first in a list: change the number for another"
            self._notes.changed(each.operation.id, reason)
        if each.kind is ThingKind.BUTTON:
            self._button(each)
        elif each.input is None:
            self._value(each)
        else:
            self._command(each)

    def imported(self) -> Imported:
        """Return the draft; raise DescriptionError if it has nothing."""
        draft = self._draft.draft()
        notes = self._notes.all()
        if draft is None:
            reason = because(t"nothing of it was picked that can be used", notes)
            raise DescriptionError(Fault((), reason, said(t"pick something else"), 1))
        return Imported((draft,), notes)

    def _log_in(self, operation: Operation) -> None:
        login = self._security.login(operation.security)
        if login is None:
            return
        self._draft.log_in(login.values, operation.id)
        fields: dict[str, Any] = {"help": login.details} if login.details else {}
        if login.is_optional:
            fields |= {"required": False}
        for variable in variables_in(json.dumps(login.values, ensure_ascii=False)):
            self._draft.ask(variable, fields)

    # what is read

    def _value(self, each: Offered) -> None:
        if each.id in self._read or (reading := self._reading(each)) is None:
            return
        self._read.add(each.id)
        self._draft.own(each.name, {**_kind(each), **reading}, each.id)

    def _reading(self, each: Offered) -> dict[str, Any] | None:
        """Return where a value is, and how it is converted; None if it cannot be read."""
        value = each.value or SchemaValue()
        request = self._requests.request(each.operation)
        source = self._draft.request(request, url_of(request.url), each.id) if request else ""
        if not source:
            return None
        path = {"path": value.path} if value.keys else {}
        return {"from": source, **path, **_conversion(value)}

    # commands

    def _button(self, each: Offered) -> None:
        sent = each.value.originals.get(each.word) if each.value is not None else None
        if (sending := self._sending(each, sent)) is not None:
            self._draft.own(each.name, {"button": sending, "name": each.name}, each.id)

    def _command(self, each: Offered) -> None:
        reading = self._reading(each.read_by) if each.read_by is not None else None
        if each.kind is ThingKind.SWITCH:
            added = self._switch(each, reading)
        else:
            added = self._setting(each, reading)
        if added and reading is not None and each.read_by is not None:
            self._read.add(each.read_by.id)

    def _switch(self, each: Offered, reading: dict[str, Any] | None) -> bool:
        value = each.value or SchemaValue()
        on, off = self._sending(each, value.on), self._sending(each, value.off)
        if on is None or off is None:
            return False
        read = {"switch": reading} if reading is not None else {}
        is_main = value.name.lower() in SWITCH_NAMES
        self._draft.switch(each.name, {**read, "on": on, "off": off}, each.id, is_main=is_main)
        return True

    def _setting(self, each: Offered, reading: dict[str, Any] | None) -> bool:
        sending = self._sending(each, marked(VALUE_VARIABLE))
        if sending is None:
            return False
        value = each.value or SchemaValue()
        read = reading if reading is not None else {"assumed": True}
        step = {"step": plain_number(value.step)} if value.step and value.step > 0 else {}
        step = step if value.type is ValueType.NUMBER and value.unit.scale == 1 else {}
        self._draft.own(each.name, {**_kind(each), **step, **read, "set": sending}, each.id)
        return True

    def _sending(self, each: Offered, sent: Any) -> dict[str, Any] | None:
        request = self._requests.request(each.operation, each.input, sent)
        return self._draft.sending(request, url_of(request.url), each.id) if request else None


def _kind(each: Offered) -> dict[str, Any]:
    """Return what kind of value it is, as a value of the device's own."""
    value = each.value or SchemaValue()
    name = {"name": each.name[:_MAX_SHOWN_NAME]} if each.name else {}
    match value.type:
        case ValueType.TRUTH:
            return {"switch": True, **name}
        case ValueType.CHOICE:
            return {"choice": choices_of(value.choices), **name}
        case ValueType.NUMBER:
            # what a device reports may be beyond what its document says
            limits = _range(value) if each.input is not None else True
            return {"number": limits, **name, **_quantity(value)}
        case _:
            return {"text": True, **name}


def _quantity(value: SchemaValue) -> dict[str, Any]:
    device_class = value.unit.device_class(value.path)
    made = {"unit": value.unit.name, "device_class": device_class}
    return {key: each for key, each in made.items() if each}


def _range(value: SchemaValue) -> Any:
    """Return the range of a number, in its unit; true if it is not known."""
    if value.minimum is None or value.maximum is None or value.minimum >= value.maximum:
        return True
    scale = value.unit.scale
    return [plain_number(round(each * scale, 9)) for each in (value.minimum, value.maximum)]


def _conversion(value: SchemaValue) -> dict[str, Any]:
    """Return what is done to a value that was read."""
    if value.type is ValueType.TRUTH and not {str(value.on).lower(), str(value.off).lower()} <= (
        _PLAIN_TRUTHS
    ):
        return {"map": {str(value.on): True, str(value.off): False}}
    return {} if value.unit.scale == 1 else {"scale": value.unit.scale}


def choices_of(choices: Mapping[str, str]) -> Any:
    """Return the words of a choice as a description has them: a list if they are the values."""
    if all(value == word for value, word in choices.items()):
        return list(choices)
    return dict(choices)
