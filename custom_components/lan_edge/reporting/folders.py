"""Names of files without their folders, which may contain the name of a user."""

from collections.abc import Iterable, Mapping
import re
from typing import Any, cast

FOLDERS = re.compile(r"(?<![^\s'\"(])(?:[^\s/\\'\"(]{0,64}[/\\]){1,32}+(?=[\w-]{1,64}\.pyc?\b)")
"""The folders before the name of a Python file."""


def path_in(root: str, path: str) -> str:
    """Return the path of a file as users know it: within the folder `root`."""
    return path.removeprefix(f"{root}/")


def without_folders[T](data: T, root: str) -> T:
    """Return data that names Python files, and those below the folder `root`, without folders."""

    def cleaned(value: Any) -> Any:
        if isinstance(value, str):
            return FOLDERS.sub("", value.replace(f"{root}/", "").replace(root, ""))
        if isinstance(value, Mapping):
            items: Iterable[tuple[str, Any]] = value.items()
            return {cleaned(key): cleaned(each) for key, each in items}
        return [cleaned(each) for each in value] if isinstance(value, list | tuple) else value

    return cast("T", cleaned(data))
