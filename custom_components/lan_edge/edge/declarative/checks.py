"""What is wrong in a description though each of its fields is right: what does not go together."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import partial
from keyword import iskeyword
from string.templatelib import Template
from typing import Any

from ..capabilities.definition import Attribute
from ..driver.confirm import Confirm
from ..driver.driver import Driver
from ..network.patterns import bounded_pattern
from .description import CapabilityText, Description, ParameterKind
from .faults import fault
from .login_checks import faults_of_the_login
from .optional_checks import faults_of_the_optional
from .own_checks import ASSUMED, faults_of_own
from .parser_words import pattern_fault
from .placeholder_checks import ALWAYS, OF_COMMANDS, faults_of_placeholders
from .places import DescriptionError, Fault, Path
from .posting_checks import faults_of_posting
from .reading.reader import reader_of
from .sending import Sending
from .sending.http_requests import PATH_OPTIONS, header_texts, path_text
from .source_checks import faults_of_parts, faults_of_sources
from .walk import (
    VALUE,
    attributes_of,
    commands_of,
    readings_in,
    recognizing_in,
    refusals_in,
    sendings_in,
)
from .way_back_checks import faults_of_the_way_back

_SENT_BY = {
    "http": ("method",),
    "sse": ("method",),
    "websocket": ("message", "text", "bytes"),
    "json_rpc": ("call",),
    "lines": ("line",),
    "frames": ("message", "text", "bytes"),
    "udp": ("message", "text", "bytes"),
    "inbound": ("message", "text", "bytes"),
}
"""What is sent by each transport."""
_WRITTEN = {"method": "get, post, put, patch, delete"}


def faults_in(description: Description, names: Collection[str] = ()) -> Iterator[Fault]:
    """Yield what does not go together; `names` are more requests and messages that there are."""
    yield from _faults_of_parameters(description)
    yield from faults_of_sources(description, names)
    yield from _faults_of_readings(description)
    yield from faults_of_parts(description)
    yield from _faults_of_patterns(description)
    yield from _faults_of_options(description)
    for check in (
        faults_of_posting,
        _faults_of_points,
        _faults_of_sendings,
        faults_of_placeholders,
        faults_of_the_way_back,
        faults_of_the_login,
        _faults_of_capabilities,
        _faults_of_values,
        faults_of_own,
        faults_of_the_optional,
    ):
        yield from check(description)


def _faults_of_parameters(description: Description) -> Iterator[Fault]:
    arguments = {name: sent.path[2] for sent in sendings_in(description) for name in sent.arguments}
    for name, parameter in description.parameters.items():
        path: Path = ("parameters" if parameter.asked else "settings", name)
        if name in arguments:
            command = arguments[name]
            reason = t"is also an argument of {command}"
            yield fault(path, reason, t"give the parameter another name")
        elif iskeyword(name) or name in {VALUE, *ALWAYS, *OF_COMMANDS}:
            yield fault(path, t"is a word with a meaning of its own", t"give it another name")


def _faults_of_readings(description: Description) -> Iterator[Fault]:
    """Yield what is wrong in the paths, patterns and templates of readings."""
    secret = ParameterKind.SECRET  # which must not become a value
    parameters = {name: None for name, p in description.parameters.items() if p.kind is not secret}
    for path, reading, _ in (*readings_in(description), *recognizing_in(description)):
        try:
            reader_of(reading, parameters)
        except DescriptionError as err:
            yield from (replace(each, path=(*path, *each.path)) for each in err.faults)


def _faults_of_patterns(description: Description) -> Iterator[Fault]:
    """Yield the patterns of whole messages that are wrong, or could take long."""
    kinds = {("messages", name): kind for name, kind in description.messages.items()}
    patterns: dict[Path, object] = {(*p, "pattern"): kind.pattern for p, kind in kinds.items()}
    patterns |= {(*path, "pattern"): kind.pattern for path, kind in refusals_in(description)}
    for name in ("until", "greeting"):
        patterns["options", name] = description.options.get(name)
    for path, pattern in patterns.items():
        try:
            bounded_pattern(str(pattern or ""), is_whole=True)
        except ValueError as err:
            yield pattern_fault(path, str(pattern), err)


def _faults_of_options(description: Description) -> Iterator[Fault]:
    """Yield the paths in options that are not on the device, and headers that cannot be set."""
    options = description.options
    for name in PATH_OPTIONS & options.keys():
        yield from _faults_of(partial(path_text, options[name], ("options", name)))
    headers = {
        ("options", "headers"): options.get("headers", {}),
        ("login", "header"): description.login.get("header", {}),
    }
    for path, texts in headers.items():
        yield from _faults_of(partial(header_texts, texts, path))


def _faults_of(make: Callable[[], object]) -> Iterator[Fault]:
    try:
        make()
    except DescriptionError as err:
        yield from err.faults


_OF_CONNECTIONS = (
    *("parameters", "found_by", "options", "login", "login_exchange", "login_refused"),
    *("connected", "requests", "messages", "refused", "identity", "details"),
)
"""What the driver of a family has, so that a description of its points cannot have it."""
_FIELD_OF = {"login_exchange": "login", "login_refused": "login", "details": "device"}


def _faults_of_points(description: Description) -> Iterator[Fault]:
    """Yield what says how a device is reached, though the driver of its family knows that."""
    if description.talks in _SENT_BY:
        if description.ignored:
            reason = t"is only for points, not for {description.talks}"
            yield fault(("ignored",), reason, t"remove it")
        return
    given = [name for name in _OF_CONNECTIONS if getattr(description, name)]
    given += ["poll"] if description.poll != Driver.poll else []
    for field in dict.fromkeys(_FIELD_OF.get(name, name) for name in given):
        reason = t"is not for {description.talks}, whose driver has it"
        yield fault((field,), reason, t"remove it")


def _faults_of_sendings(description: Description) -> Iterator[Fault]:
    allowed = _SENT_BY.get(description.talks, ("message",))
    for sent in sendings_in(description):
        kind = kind_of(sent.sending)
        # a line is written as text where there are messages
        kinds = {"line", "text"} if kind == "line" else {kind}
        if not kinds & {*allowed}:
            possible = ", ".join(_WRITTEN.get(each, each) for each in allowed)
            reason = t"cannot be sent by {description.talks}"
            yield fault(sent.path, reason, t"write one of these: {possible}")


def kind_of(sending: Sending) -> str:
    """Return what is sent: a method, message, call, bytes or line."""
    if sending.method:
        return "method"
    if sending.message is not None:
        return "message"
    if sending.call:
        return "call"
    return "bytes" if sending.data else "line"


def _faults_of_capabilities(description: Description) -> Iterator[Fault]:
    for component_id, component in description.components.items():
        for each in component.capabilities:
            path: Path = ("components", component_id, each.id)
            yield from _missing_commands(path, each)
            yield from _missing_attributes(path, each, description.confirm)


def _missing_commands(path: Path, text: CapabilityText) -> Iterator[Fault]:
    for command in commands_of(text):
        is_needed = not command.optional and command.builtin is None
        if is_needed and command.name not in text.commands:
            yield fault(path, t"lacks {command.name}", t"write what is sent: `{command.name}: ...`")


def _missing_attributes(
    path: Path, text: CapabilityText, confirm: Confirm | None
) -> Iterator[Fault]:
    known = {*text.attributes, *text.fixed}
    for attribute in attributes_of(text):
        options = attribute.options
        if attribute.name in known and options is not None and options.name not in known:
            written = f"{options.name}: {{fixed: [...]}}"
            remedy = t"write `{written}` with the values that there are"
            yield fault(path, t"lacks {options.name}", remedy)
    for command in commands_of(text):
        changed = command.sets
        is_seen = changed is None or changed.name in known or confirm in ASSUMED
        if command.name in text.commands and changed is not None and not is_seen:
            remedy = t"say where {changed.name} is read, or write `confirm: echo`"
            yield fault(path, t"sets {changed.name}, which is not read", remedy)


def _faults_of_values(description: Description) -> Iterator[Fault]:
    """Yield what a map gives though its attribute does not take it."""
    for path, reading, attribute in readings_in(description):
        if attribute is not None and not reading.conversion.template:
            for key, value in reading.conversion.map.items():
                if why := _unfit(attribute, value):
                    yield fault((*path, "map", key), why, _possible(attribute))


def _unfit(attribute: Attribute[Any], value: object) -> str:
    """Return why an attribute does not take a value of a map; empty if it does."""
    if attribute.schema.type is bool and str(value).lower() in {*(attribute.words or ()), *_TRUTH}:
        return ""
    try:
        attribute.schema.check(value)
    except ValueError as err:
        return str(err)
    return ""


_TRUTH = ("true", "false", "on", "off", "yes", "no", "1", "0")


def _possible(attribute: Attribute[Any]) -> Template:
    return t"write true or false" if attribute.schema.type is bool else t"see {attribute.id}"
