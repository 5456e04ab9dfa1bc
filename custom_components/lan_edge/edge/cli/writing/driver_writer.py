"""Writes a description as a driver file."""

from collections.abc import Iterator
from typing import Any

from ...capabilities.profile import MAIN
from ...declarative import Description, compile_description
from ...declarative.compiling.described import DescribedDriver
from ...declarative.compiling.faults import CompilerFaults
from ...declarative.compiling.matchers import MATCHER_KINDS
from ...declarative.compiling.members import members_of
from ...declarative.compiling.options import form_of_messages
from ...declarative.compiling.parameters import type_of
from ...declarative.compiling.sending_planner import SendingPlanner
from ...declarative.compiling.talks import TALK_BY_WORD
from ...driver.driver import Driver
from .classes import capability_lines, settings_lines, settings_name
from .comparing import ComparisonWriter
from .emits import REPORT, EmitWriter
from .fills import Substitutes
from .handlers import HandlerWriter
from .messages import MessageWriter
from .names import Names
from .options import OptionsWriter
from .python_text import text_in, value_in
from .readings import ReadingWriter
from .reads import ReadWriter
from .refusal import UnwritableError
from .sendings import SendingWriter
from .sessions import SessionWriter
from .source_file import SourceFile


def written(description: Description) -> str:
    """Return the text of a driver file; raise UnwritableError for what is no code."""
    if description.talks not in TALK_BY_WORD:
        raise UnwritableError(("talks",), "only the meaning of points is described")
    return _DriverWriter(description).text()


class _DriverWriter:
    """Writes the driver of one description."""

    def __init__(self, description: Description) -> None:
        self._description = description
        driver: Any = compile_description(description)
        self._driver: type[DescribedDriver[Any]] = driver
        how = description.talks.replace("_", "-").upper()
        self._file = SourceFile(f"{description.name}: by {how}, written from its description.")
        self._names = Names(description, self._file)
        faults = CompilerFaults(description)
        self._members = members_of(description, faults)
        self._settings = _settings_values(description)
        self._requests = SendingWriter(description, self._file, SendingPlanner(description, faults))

    def text(self) -> str:
        """Return the file."""
        description, file, plan = self._description, self._file, self._driver.plan
        self._write_own()
        if description.parameters:
            file.blocks += settings_lines(file, description)
        readings = ReadingWriter(
            file, self._names, {*description.parameters}, form_of_messages(description)
        )
        emits = EmitWriter(description, file, self._names, self._members, readings)
        comparison = ComparisonWriter(plan, file, emits)
        names, requests = self._names, self._requests
        reads = ReadWriter(
            plan, file, emits, requests, self._settings, comparison=comparison, names=names
        )
        messages = MessageWriter(plan, file, emits, requests, comparison=comparison, names=names)
        handlers = HandlerWriter(
            file, self._names, self._requests, self._settings, comparison=comparison
        )
        options = OptionsWriter(description, file, readings)
        lines = [*self._head(options), *reads.lines(self._members)]
        lines += SessionWriter(description, file, self._requests, readings).lines(self._settings)
        lines += messages.lines(self._settings)
        lines += comparison.methods(self._names)
        lines += handlers.lines(self._members)
        lines += [REPORT] if emits.has_report else []
        messages.note_used("\n".join(lines))
        file.blocks += messages.recognizers()
        return file.text(lines)

    def _write_own(self) -> None:
        for component, text in self._description.components.items():
            if text.own:
                own = self._members.capabilities[component][-1]
                name = self._names.add_own(component, own)
                block = capability_lines(self._file, name, own, dict(text.own))
                self._file.blocks.append(block)

    # the declarations

    def _head(self, options: OptionsWriter) -> Iterator[str]:
        description, file = self._description, self._file
        transport = file.uses(self._driver.plan.talk.transport.__name__)
        yield f"@{file.uses('register')}"
        yield f"class {self._driver.__name__}({file.uses('Driver')}[{transport}]):"
        yield f"    id = {text_in(description.id)}"
        yield f"    name = {text_in(description.name)}"
        if description.requirements:
            yield f"    help = {text_in(description.requirements)}"
        if description.found_by:
            matchers = "".join(f"{self._matcher(each)}, " for each in description.found_by)
            yield f"    discovery = ({matchers.rstrip()})".replace(",)", ",)")
        yield f"    profile = {self._profile()}"
        yield from self._behaviour()
        if description.parameters:
            yield f"    settings: {settings_name(description)}"
        yield from self._options(options)

    def _behaviour(self) -> Iterator[str]:
        description, driver = self._description, self._driver
        if description.posts:
            yield "    keeps_callback_url = True"
        if description.poll != -1:
            yield f"    poll = {description.poll!r}"
        if driver.pushed is not None:
            known = {each.attribute.id: each.attribute for each in self._members.reads}
            names = ", ".join(self._names.of_attribute(known[each.id]) for each in driver.pushed)
            yield f"    pushed = ({names}{',' if len(driver.pushed) == 1 else ''})"
        if description.confirm is not None:
            yield f"    confirm = {self._file.uses('Confirm')}.{description.confirm.name}"
        if description.confirm_within != Driver.confirm_within:
            yield f"    confirm_within = {description.confirm_within!r}"
        if not driver.fades:
            yield "    fades = False"

    def _options(self, options: OptionsWriter) -> Iterator[str]:
        code = options.written(self._settings)
        if "self." not in code:
            yield from [f"    options = {code}"] * bool(code)
            return
        yield f"\n    def transport_options(self) -> {self._file.uses(options.name)}:"
        yield f"        return {code}"

    def _matcher(self, fields: Any) -> str:
        name = next(each for each in MATCHER_KINDS if each in fields)
        kind, main = MATCHER_KINDS[name]
        given = {main if key == name else key: value for key, value in fields.items()}
        if "request" in given:
            given["request"] = given["request"].encode()
        first = () if name == "dhcp" else (main, "request")  # the others need their names
        parts = [value_in(given.pop(key)) for key in first if key in given]
        parts += (f"{key}={value_in(value)}" for key, value in given.items())
        return f"{self._file.uses(getattr(kind, '__name__', name))}({', '.join(parts)})"

    def _profile(self) -> str:
        parts: list[str] = []
        for component_id, each in self._description.components.items():
            kinds = [*map(self._names.capability, self._members.capabilities[component_id])]
            lacking = [*map(self._names.member, self._members.may_lack(component_id))]
            is_plain = not (each.name or each.child or each.category or lacking)
            if component_id == MAIN and is_plain:
                parts = [*kinds, *parts]
                continue
            more = [f"name={text_in(each.name)}"] if each.name else []
            more += ["child=True"] if each.child else []
            more += [f"category={text_in(each.category)}"] if each.category else []
            more += ["optional=True"] if each.optional else []
            more += [f"may_lack=({', '.join(lacking)},)"] if lacking else []
            listed = ", ".join([f"({', '.join(kinds)},)", *more])
            parts.append(f"{component_id}={self._file.uses('Component')}({listed})")
        return f"{self._file.uses('Profile')}({', '.join(parts)})"


def _settings_values(description: Description) -> Substitutes:
    """Return what the parameters stand for in what is sent."""
    parameters = description.parameters
    return Substitutes(
        {"number": "self.io.number()", **{name: f"self.settings.{name}" for name in parameters}},
        {"number": int, **{name: type_of(name, each) for name, each in parameters.items()}},
    )
