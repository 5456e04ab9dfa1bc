"""What lies in a folder of driver files, and the text of a file or package, within limits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
import errno
from hashlib import sha256
from itertools import islice
from keyword import iskeyword
import os
from pathlib import Path
import stat

from ...errors import DriverError
from ...network.text import printable
from ..loader import LoadFailure

MAX_DRIVER_FILES = 200
"""Files and packages of a folder that are looked at."""
MAX_LISTED = 10_000
"""Names in a folder that are looked at, of whatever kind."""
MAX_SOURCE = 1_000_000
"""Bytes of a file."""
MAX_PACKAGE_FILES, MAX_PACKAGE_DEPTH = 100, 4
"""Files of a package, and folders within each other."""

type Signature = tuple[tuple[str, int, int, int, int], ...]
"""What tells one state of a file, or of each file of a package, from the next, without reading."""
type Found = dict[str, Signature | LoadFailure]
"""The files and packages in a folder by path, or what is wrong with one."""


class SourceError(DriverError):
    """A file that cannot be read as a driver."""

    def __init__(self, file: str, reason: str, remedy: str = "") -> None:
        super().__init__(reason, remedy)
        self.failure = LoadFailure(file, 0, reason, remedy)


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a file, or of each file of a package, as it was at one time."""

    path: str
    is_package: bool
    texts: dict[str, bytes]
    """By the path of each file."""
    digest: str
    """The hash of all of it."""


def find_sources(folder: str, only: str = "") -> Found:
    """Return the driver files and packages in a folder, or just the one that is called `only`.

    What is hidden, or begins with an underscore, is left out. A folder that does not exist has
    none. Reads no file; never raises.
    """
    return find_files(folder, only, _is_source, _signature)


def find_files(
    folder: str,
    only: str,
    is_one: Callable[[os.DirEntry[str]], bool],
    signature: Callable[[str], Signature],
) -> Found:
    """Return those that `is_one` accepts, as `find_sources` does; `signature` may raise."""
    sources: Found = {}
    try:
        with os.scandir(folder) as entries:
            listed = (e for e in islice(entries, MAX_LISTED) if _is_candidate(e, only))
            names = sorted(entry.name for entry in listed if is_one(entry))
    except FileNotFoundError:
        return {}
    except OSError as err:
        return {folder: LoadFailure(folder, 0, unreadable(err))}
    for name in names[:MAX_DRIVER_FILES]:
        path = os.path.join(folder, name)  # noqa: PTH118  # a thousand times a minute
        shown = os.path.join(folder, printable(name))  # noqa: PTH118  # as above
        try:
            sources[path] = signature(path)
        except SourceError as err:
            sources[shown] = err.failure
        except OSError as err:
            sources[shown] = LoadFailure(path, 0, unreadable(err))
    if len(names) > MAX_DRIVER_FILES:
        reason = f"it has more than {MAX_DRIVER_FILES} driver files: the last ones are left out"
        sources[folder] = LoadFailure(folder, 0, reason)
    return sources


def read_source(path: str) -> Source:
    """Read a file or package; raise SourceError or OSError."""
    _check_form(path)
    texts = dict(_texts(path))
    digest = sha256()
    for name, text in texts.items():
        digest.update(f"{name}\0{len(text)}\0".encode(errors="surrogateescape"))
        digest.update(text)
    return Source(path, Path(path).is_dir(), texts, digest.hexdigest())


def _is_candidate(entry: os.DirEntry[str], only: str) -> bool:
    return not entry.name.startswith((".", "_")) and (not only or entry.name == only)


def _is_source(entry: os.DirEntry[str]) -> bool:
    name = entry.name
    try:
        return name.endswith(".py") or (entry.is_dir() and _has_python(entry.path))
    except OSError:
        return name.endswith(".py")


def _has_python(folder: str) -> bool:
    with os.scandir(folder) as entries:
        return any(entry.name.endswith(".py") for entry in islice(entries, MAX_LISTED))


def _signature(path: str) -> Signature:
    status = _status(path)
    _check_form(path)
    if not stat.S_ISDIR(status.st_mode):
        return (signature_of(path, status),)
    return tuple(signature_of(part, _status(part)) for part in _parts(path))


def _check_form(path: str) -> None:
    """Raise SourceError if no module can have such a name, or a package lacks its first file."""
    _check_name(path)
    if Path(path).is_dir() and not Path(path, "__init__.py").exists():
        raise SourceError(path, "it is a folder without __init__.py", _without_init(Path(path)))


def _without_init(folder: Path) -> str:
    """Return what to do about a folder that is no package, such as one of `lan-edge new`."""
    own = f"{folder.name}.py"
    named = f", {own}," if (folder / own).exists() else ""
    package = "add an __init__.py if its files belong together"
    return f"move the driver's file itself{named} out of it, or {package}"


def _check_name(path: str) -> None:
    name = Path(path).absolute().name.removesuffix(".py")
    if not name.isidentifier() or iskeyword(name):
        better = "".join(c if f"a{c}".isidentifier() else "_" for c in name).strip("_").lower()
        hint = (
            f", for example to {better}" if better.isidentifier() and not iskeyword(better) else ""
        )
        raise SourceError(path, "its name is not one that a module can have", f"rename it{hint}")


def _status(path: str) -> os.stat_result:
    """Return the status of a file or folder that can be read; raise SourceError or OSError."""
    status = os.stat(path)  # noqa: PTH116
    if stat.S_ISDIR(status.st_mode) and not path.endswith(".py"):
        return status
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(path, "it is not a file")
    check_size(path, status.st_size)
    return status


def check_size(path: str, size: int, most: int = MAX_SOURCE) -> None:
    """Raise SourceError for a file of more than `most` bytes."""
    if size > most:
        raise SourceError(
            path, f"it has {size / 1e6:.1f} MB, and at most {most / 1e6:.2g} MB are read"
        )


def signature_of(path: str, status: os.stat_result) -> tuple[str, int, int, int, int]:
    """Return what tells one state of a file from the next."""
    # the inode changes with a file that was moved here, ctime with whatever is written
    return path, status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def _parts(package: str, depth: int = 1) -> list[str]:
    """Return all files of a package, data as well, in order; raise SourceError for too many."""
    parts: list[str] = []
    with os.scandir(package) as entries:
        for entry in sorted(islice(entries, MAX_LISTED), key=lambda each: each.name):
            if entry.name.startswith(".") or entry.name == "__pycache__":
                continue
            if not entry.is_dir():
                parts.append(entry.path)
            elif depth < MAX_PACKAGE_DEPTH and not entry.is_symlink():
                parts += _parts(entry.path, depth + 1)
            if len(parts) > MAX_PACKAGE_FILES:
                raise SourceError(package, f"it has more than {MAX_PACKAGE_FILES} files")
    return parts


def _texts(path: str) -> Iterator[tuple[str, bytes]]:
    for part in _parts(path) if Path(path).is_dir() else [path]:
        _status(part)
        yield part, read_bytes(part)


def read_bytes(path: str, most: int = MAX_SOURCE) -> bytes:
    """Return what is in a file; raise SourceError for more than `most` bytes, or OSError."""
    with open(path, "rb", opener=_open) as file:  # which takes no opener
        data = file.read(most + 1)
    check_size(path, len(data), most)
    return data


def _open(path: str, flags: int) -> int:
    """Open a file without waiting, should it have become a pipe."""
    return os.open(path, flags | os.O_NONBLOCK)


def unreadable(err: OSError) -> str:
    """Return why a file cannot be read."""
    if isinstance(err, FileNotFoundError):
        return "it is a link to a file that does not exist"
    if err.errno == errno.ELOOP:
        return "it is a link that leads back to itself"
    return f"it cannot be read: {err.strerror or type(err).__name__}"
