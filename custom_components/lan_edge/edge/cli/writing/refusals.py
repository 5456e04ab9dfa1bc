"""Writes which answers are refusals."""

import re

from ...declarative.description import MessageKind
from ...declarative.places import Path
from ...declarative.reading import ValueReading
from .python_text import text_in
from .readings import ReadingWriter
from .refusal import UnwritableError
from .source_file import SourceFile


class RefusalWriter:
    """Writes the functions for the words of refusals."""

    def __init__(self, file: SourceFile, readings: ReadingWriter, form: str) -> None:
        """Take the file; `form` is what answers are, if that is not what all messages are."""
        self._file = file
        self._readings = readings
        self._form = form

    def written(self, name: str, kind: MessageKind, path: Path) -> str:
        """Return the function for the words of a refusal."""
        what = "is a refusal" if name == "refusal" else "refuses the login"
        head = (
            f"def {name}(answer: Any) -> str:\n"
            f'    """Return the words of an answer that {what}; empty for another one."""\n'
        )
        if kind.pattern:
            return head + self._refused_by_pattern(name, kind, path)
        if kind.when is None:
            raise UnwritableError(path, "a refusal by its beginning")
        return head + self._refused_by_value(name, kind, kind.when, path)

    def _refused_by_pattern(self, name: str, kind: MessageKind, path: Path) -> str:
        pattern = self._file.pattern(name, kind.pattern)
        text = self._readings.as_form((*path, "pattern"), "text", "answer", self._form)
        text = "answer.strip()" if text == "answer" else text
        words = "match[1] or match[0]" if re.compile(kind.pattern).groups else "match[0]"
        return f'    match = {pattern}.fullmatch({text})\n    return {words} if match else ""'

    def _refused_by_value(
        self, name: str, kind: MessageKind, when: ValueReading, path: Path
    ) -> str:
        readings, form = self._readings, self._form
        value = readings.value((*path, "when"), when, "answer", form)
        made = f"    refused = {value}\n"
        if form and (when.path or when.xml):  # another answer may be of another format
            error = self._file.uses("ReplyError")
            made = f'    try:\n    {made}    except {error}:\n        return ""\n'
        text = "refused" if readings.is_text(when) else f"{self._file.uses('text_of')}(refused)"
        compared = kind.equals or kind.unless
        if compared and (when.conversion.map or when.conversion.template):
            raise UnwritableError((*path, "when"), "a value that is converted to recognize it")
        if words := when.conversion.map:
            constant = self._file.words(f"{name}_words", dict(words))
            return f'{made}    return {constant}.get({text}, "")'
        if not compared:
            return f'{made}    return {text} if refused else ""'
        whole = self._words_of_all(path)
        if kind.unless:
            is_well = f"refused is None or {text} == {text_in(kind.unless)}"
            own = "refused if isinstance(refused, str) and refused else"
            return f'{made}    if {is_well}:\n        return ""\n    return {own} {whole}'
        is_it = f"{text} == {text_in(kind.equals)}"
        return f'{made}    return ({text} if refused else {whole}) if {is_it} else ""'

    def _words_of_all(self, path: Path) -> str:
        """Return the expression for the whole text of an answer."""
        if self._readings.form == "json":
            self._file.imports("import json")
            return "json.dumps(answer)"
        return self._readings.as_form(path, "text", "answer", self._form)
