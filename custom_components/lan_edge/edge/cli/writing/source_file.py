"""A file that is being written: what it imports, its constants, helpers and classes."""

from collections.abc import Iterator
import re
from typing import Any

from .layout import WIDTH, laid_out
from .python_text import class_name, constant_name, value_in
from .small_functions import HELPERS


class SourceFile:
    """A driver file that is being written."""

    def __init__(self, first_line: str) -> None:
        """Take the text of its docstring."""
        self._first_line = first_line
        self._names: set[str] = set()
        self._helpers: set[str] = set()
        self._imports: set[str] = set()
        self._constants: dict[str, str] = {}
        self.blocks: list[str] = []
        """What stands before the driver, such as other classes."""

    def uses(self, name: str) -> str:
        """Return a name of `lan_edge` or of a helper, which the file uses."""
        if (helper := HELPERS.get(name)) is None:
            self._names.add(name)
        elif name not in self._helpers:
            self._helpers.add(name)
            self._imports.update(helper.imports)
            for each in helper.needs:
                self.uses(each)
        return name

    def imports(self, line: str) -> None:
        """Add the import of something else."""
        self._imports.add(line)

    def constant(self, name: str, value: str) -> str:
        """Return the name of a constant with a value, as Python writes it."""
        is_class = class_name(name) == constant_name(name)  # one of that name may be there, too
        name, number = f"{constant_name(name)}{'_VALUES' if is_class else ''}", 2
        made = name
        while self._constants.get(made, value) != value:
            made, number = f"{name}_{number}", number + 1
        self._constants[made] = value
        return made

    def words(self, name: str, words: dict[Any, Any]) -> str:
        """Return the name of a constant for a mapping."""
        return self.constant(name, value_in(words))

    def pattern(self, name: str, pattern: str) -> str:
        """Return the name of a constant for a compiled pattern."""
        self.imports("import re")
        quote = next((sign for sign in "\"'" if sign not in pattern), "")
        is_raw = quote and "\n" not in pattern and not pattern.endswith("\\")
        written = f"r{quote}{pattern}{quote}" if is_raw else value_in(pattern)
        return self.constant(f"{name}_pattern", f"re.compile({written})")

    def text(self, driver: list[str]) -> str:
        """Return the whole file, with the lines of the driver's class."""
        constants = [laid_out(f"{name} = {value}") for name, value in self._constants.items()]
        helpers = [HELPERS[name].code.strip("\n") for name in HELPERS if name in self._helpers]
        blocks = ["\n".join(constants), *helpers, *self.blocks, _laid_out(driver)]
        body = "\n\n\n".join(block for block in blocks if block)
        head = "\n".join([*self._other_imports(body), "", self._own_import()]).strip("\n")
        space = "\n\n" if constants else "\n\n\n"
        return f'"""{self._first_line}"""\n\n{head}{space}{body}\n'

    def _own_import(self) -> str:
        names = ", ".join(sorted(self._names, key=_import_order))
        line = f"from lan_edge import {names}"
        if len(line) <= WIDTH:
            return line
        inner = "".join(f"    {name},\n" for name in sorted(self._names, key=_import_order))
        return f"from lan_edge import (\n{inner})"

    def _other_imports(self, body: str) -> Iterator[str]:
        if re.search(r"\bAny\b", body):
            self._imports.add("from typing import Any")
        by_module: dict[str, set[str]] = {}
        for line in self._imports:
            words = line.replace(",", " ").split()
            names = set(words[3:]) if words[0] == "from" else set[str]()
            by_module.setdefault(words[1], set()).update(names)
        for module, names in sorted(by_module.items(), key=lambda each: each[0].lower()):
            listed = ", ".join(sorted(names, key=_import_order))
            yield f"from {module} import {listed}" if names else f"import {module}"


def _laid_out(lines: list[str]) -> str:
    return "\n".join(laid_out(each) for line in lines for each in line.split("\n"))


def _import_order(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions, as import sorters have them."""
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2), name
