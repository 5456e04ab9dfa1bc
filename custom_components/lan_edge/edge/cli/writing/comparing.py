"""Writes how a driver notices that its device has forgotten the URL to which it posts."""

from collections.abc import Iterable, Iterator

from ...capabilities.profile import MAIN
from ...declarative.compiling.plan import Plan
from ...declarative.compiling.sending_driver import CALLBACK_URL
from .emits import EmitWriter
from .names import Names
from .python_text import text_in
from .source_file import SourceFile


class ComparisonWriter:
    """Writes the lines that compare what is read with what was posted, if a driver needs them."""

    def __init__(self, plan: Plan, file: SourceFile, emits: EmitWriter) -> None:
        """Take the plan of a description."""
        is_given = any(CALLBACK_URL in step.names for step in plan.connected)
        self._posted = [each.name for each in plan.kinds if not each.event]
        is_called = is_given and plan.talk.is_http
        self.is_needed = plan.is_polled and is_called and bool(self._posted)
        self._file = file
        self._emits = emits

    def begin(self) -> Iterator[str]:
        """Yield the line for a new connection."""
        if self.is_needed:
            yield f"        self.reporting = {self._file.uses('Reporting')}()"

    def before(self) -> Iterator[str]:
        """Yield the line before everything is read."""
        if self.is_needed:
            yield "        before = self.told()"

    def after(self, given: Iterable[str]) -> Iterator[str]:
        """Yield the lines after everything was read; `given` gives the device its URL."""
        if not self.is_needed:
            return
        self._file.imports("from contextlib import suppress")
        errors = ", ".join(map(self._file.uses, ("RefusedError", "ReplyError", "UnreachableError")))
        yield "        if self.reporting.compare(before, self.told):  # it has forgotten its URL"
        yield f"            with suppress({errors}):  # it is polled as well"
        yield from (f"                {line}" for line in given)

    def posted(self) -> Iterator[str]:
        """Yield the line for what was posted."""
        if self.is_needed:
            yield "        self.reporting.posted()"

    def excuse(self) -> Iterator[str]:
        """Yield the line before a command."""
        if self.is_needed:
            yield "self.reporting.excuse()"

    def methods(self, names: Names) -> Iterator[str]:
        """Yield what the lines use."""
        if not self.is_needed:
            return
        self._file.imports("from functools import cached_property")
        reporting = self._file.uses("Reporting")
        yield "\n    @cached_property"
        yield f"    def reporting(self) -> {reporting}:"
        yield '        """Whether the device still posts, since it was connected."""'
        yield f"        return {reporting}()"
        yield "\n    def told(self) -> list[Any]:"
        yield '        """Return the values that the device posts when they change."""'
        yield f"        return [{', '.join(self._told(names))}]"

    def _told(self, names: Names) -> Iterator[str]:
        for source in self._posted:
            for each in self._emits.of(source):
                where = "" if each.component == MAIN else f", {text_in(each.component)}"
                yield f"self.get({names.of_attribute(each.attribute)}{where})"
