"""Checks the types in a file with mypy or pyright, if they are installed."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
import json
import os
from pathlib import Path
import shutil
from subprocess import PIPE
import sys

from ..driver.loader import LoadFailure
from .exits import CallError

TYPES_TIMEOUT = 300.0
"""Seconds that a check may take; the first one of mypy reads the whole library."""


MISSING_TYPES = frozenset(
    {
        "import-untyped",
        "no-any-return",
        "no-any-unimported",
        "no-untyped-call",
        "no-untyped-def",
        "redundant-cast",
        "type-arg",
        "untyped-decorator",
        "unused-ignore",
        "var-annotated",
    }
)
"""What mypy says in its strict mode of types that are missing or superfluous, but not wrong.

Its codes: https://mypy.readthedocs.io/en/stable/error_code_list.html
"""
MISSING_TYPES_BY_WORDS = ("Class cannot subclass", "does not explicitly export attribute")
"""The same, where the code says too little."""
MISSING_TYPES_BY_RULE = (
    "reportMissingModuleSource",
    "reportMissingParameterType",
    "reportMissingTypeArgument",
    "reportMissingTypeStubs",
    "reportUnknown",
    "reportUnnecessary",
    "reportUntyped",
    "reportUnused",
)
"""How the rules of pyright begin that say so.

https://github.com/microsoft/pyright/blob/main/docs/configuration.md
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a checker has found."""

    failure: LoadFailure
    is_remark: bool
    """Whether types are only missing, or superfluous; not wrong."""


@dataclass(frozen=True, slots=True)
class TypeChecker:
    """A program that checks types, as it is installed here."""

    name: str
    command: tuple[str, ...]
    """How it is called, without the file."""
    read: Callable[[str], Iterator[Finding]]
    """Reads what it writes."""

    async def check(self, file: Path) -> list[Finding]:
        """Return what is found in a file or package; raise CallError if the program fails."""
        try:
            async with asyncio.timeout(TYPES_TIMEOUT):
                has_failed, out, errors = await _run(*self.command, str(file))
        except TimeoutError:
            raise CallError(f"{self.name} took longer than {TYPES_TIMEOUT:g} s") from None
        try:
            found = [_as_typed(each, file) for each in self.read(out)]
        except ValueError, LookupError, TypeError:
            found = []
        if has_failed and not found:
            said = (errors or out).strip().splitlines() or ["nothing"]
            raise CallError(f"{self.name} has failed: {said[-1]}; --types none goes without it")
        return found


async def _run(*command: str) -> tuple[bool, str, str]:
    """Run a program; return whether it failed, and what it has written. It never outlives us."""
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    try:
        out, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return bool(process.returncode), out.decode(errors="replace"), errors.decode(errors="replace")


def _as_typed(finding: Finding, file: Path) -> Finding:
    """Return a finding with its file spelt as the checked one was typed."""
    found, checked = Path(finding.failure.file).resolve(), file.resolve()
    if not found.is_relative_to(checked):
        return finding
    path = str(file / found.relative_to(checked))
    return replace(finding, failure=replace(finding.failure, file=path))


def checkers() -> Iterator[TypeChecker]:
    """Yield the checkers that are installed, the one to prefer first."""
    if mypy := _found("mypy"):
        python = ("--python-executable", sys.executable)
        how = ("--strict", "--output=json", "--config-file=", "--cache-dir", _cache(), *python)
        yield TypeChecker("mypy", (*mypy, *how), _of_mypy)
    if pyright := _found("pyright"):
        command = (*pyright, "--outputjson", "--pythonpath", sys.executable)
        yield TypeChecker("pyright", command, _of_pyright)


def _found(name: str) -> tuple[str, ...]:
    """Return how to call a program that is installed in this environment, or anywhere else."""
    if find_spec(name) is not None:
        return (sys.executable, "-m", name)
    program = shutil.which(name)
    return (program,) if program else ()


def _cache() -> str:
    """Return where mypy keeps what it has read of the library: not in the author's folder."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return str(Path(root) / "lan-edge" / "mypy")


def _of_mypy(text: str) -> Iterator[Finding]:
    for line in text.splitlines():
        found = json.loads(line)
        if found["severity"] == "error":
            message, code = found["message"], found["code"]
            is_remark = code in MISSING_TYPES or any(w in message for w in MISSING_TYPES_BY_WORDS)
            reason = f"{message} [{code}]" if code else message
            yield Finding(LoadFailure(found["file"], found["line"], reason), is_remark)


def _of_pyright(text: str) -> Iterator[Finding]:
    for found in json.loads(text)["generalDiagnostics"]:
        if found["severity"] == "error":
            line = found.get("range", {}).get("start", {}).get("line", -1) + 1
            is_remark = found.get("rule", "").startswith(MISSING_TYPES_BY_RULE)
            reason = " ".join(found["message"].split())
            yield Finding(LoadFailure(found["file"], line, reason), is_remark)
