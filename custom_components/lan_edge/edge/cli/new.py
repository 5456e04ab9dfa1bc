"""Write a new driver, an emulator of its device, and a test that passes.

They are a beginning: a device with a switch and a level. Change the emulator into your device,
from its documentation; then the driver, until the test passes again. With --from, only a driver is
written: one that does what a description says, for a device that needs more than that. With
--from-curl, --from-rest or --from-openapi, only a description is written.
"""

import argparse
from dataclasses import asdict
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.resources import files
from keyword import iskeyword
from pathlib import Path
from pkgutil import iter_modules
import re
import site
import sys

from ..driver.loader import BUNDLED, load_drivers
from ..driver.registry import Registry
from .exits import CallError, Exit
from .from_description import written_driver
from .importing import described_files, imported_from, list_choices, summary
from .output import Output

KINDS = {
    "http": "it only answers, with JSON over HTTP",
    "lines": "lines of text over TCP",
    "jsonrpc": "JSON with ids over TCP",
    "frames": "binary messages over TCP",
    "udp": "datagrams with JSON",
    "websocket": "JSON over a WebSocket",
}
POLLED = ("http",)
"""The kinds of devices that report nothing by themselves."""
NEXT_STEPS = """\
{folder} has a driver, an emulator of its device, and a test. Next:

  pytest {folder}
      the test passes (pip install pytest, if it is not there)
  python {emulator}
      runs the device; then, in another terminal:
  lan-edge run {driver} 127.0.0.1:{port} --watch
      shows its state and takes commands; a saved file is used
  lan-edge check {driver}
      finds what is wrong in the driver

To use the driver in Home Assistant, copy {driver}
to lan_edge/drivers in the folder of its configuration."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", metavar="NAME", help="the name of the file: garage_door")
    kinds = "; ".join(f"{kind}: {text}" for kind, text in KINDS.items())
    parser.add_argument(
        "--kind", choices=KINDS, default="http", help=f"how the device talks ({kinds})"
    )
    origin = parser.add_mutually_exclusive_group()
    origin.add_argument(
        "--from-curl",
        metavar="COMMAND",
        help="write a description of the device to which this command line of curl is sent",
    )
    origin.add_argument(
        "--from-rest",
        type=Path,
        metavar="FILE",
        help="write a description for rest, rest_command and command_line of Home Assistant's YAML",
    )
    origin.add_argument(
        "--from-openapi",
        type=Path,
        metavar="FILE",
        help="write a description with what is picked of an OpenAPI document; else list it",
    )
    origin.add_argument(
        "--from",
        dest="description",
        type=Path,
        metavar="DESCRIPTION",
        help="write only the driver that does what this description says",
    )
    parser.add_argument(
        "--pick",
        action="append",
        metavar="ID",
        help="with --from-openapi: something that was listed, or a whole operation (GET /status)",
    )
    parser.add_argument("--folder", type=Path, help="where to write it; by default, ./NAME")


def run(arguments: argparse.Namespace, output: Output) -> Exit:
    """Write the files; raise CallError if the name cannot be used, or one is there already."""
    name = _checked(arguments.name)
    folder: Path = arguments.folder or Path(name)
    if arguments.pick and arguments.from_openapi is None:
        raise CallError("--pick is only for --from-openapi")
    if arguments.from_openapi is not None and not arguments.pick:
        return list_choices(arguments.from_openapi, output)
    imported = imported_from(arguments)
    if imported is not None:
        written = _write(folder, described_files(name, imported))
        files = [str(file) for file in written]
        notes = [asdict(note) for note in imported.notes]
        output.tell(summary(list(written), imported), files=files, notes=notes)
        return Exit.DONE
    if arguments.description is not None:
        [driver] = _write(folder, {f"{name}.py": written_driver(arguments.description)})
        output.tell(f"{driver} does what {arguments.description} says", files=[str(driver)])
        return Exit.DONE
    written = _write(folder, generated(name, arguments.kind))
    driver, emulator, _test = written
    port = re.search(r"^PORT = (\d+)$", written[emulator], re.MULTILINE)
    steps = NEXT_STEPS.format(
        folder=folder, driver=driver, emulator=emulator, port=port[1] if port else ""
    )
    output.tell(steps, files=[str(file) for file in written], kind=arguments.kind)
    return Exit.DONE


def _write(folder: Path, texts: dict[str, str]) -> dict[Path, str]:
    """Write files into a folder, and return them; raise CallError if one is there already."""
    written = {folder / file: text for file, text in texts.items()}
    if there := [str(file) for file in written if file.exists()]:
        raise CallError(f"{there[0]} is there already; nothing was written")
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in written.items():
        file.write_text(text, encoding="utf-8")
    return written


def generated(name: str, kind: str) -> dict[str, str]:
    """Return the texts of the files of a new driver, by file name: driver, emulator and test."""
    way = "read" if kind in POLLED else "pushed"
    return {
        f"{name}.py": _filled(name, f"{kind}/driver"),
        f"{name}_emulator.py": _filled(name, f"{kind}/emulator", "main"),
        f"test_{name}.py": _filled(name, f"test_{way}_imports", "test", f"test_{way}"),
    }


def _filled(name: str, *parts: str) -> str:
    """Return the text of a file that has these parts, for a driver of that name."""
    templates = files(__package__) / "templates"
    text = "".join((templates / f"{part}.py.txt").read_text(encoding="utf-8") for part in parts)
    words = name.split("_")
    return (
        text.replace("my_device", name)
        .replace("_my-device._tcp", f"_{_service(name)}._tcp")
        .replace("MyDevice", "".join(word.title() for word in words))
        .replace("My device", " ".join(words).capitalize())
    )


def _service(name: str) -> str:
    """Return the name of its mDNS service: at most 15 letters, digits and hyphens (RFC 6335)."""
    return name.replace("_", "-")[:15].strip("-")


def _checked(name: str) -> str:
    name = name.removesuffix(".py").replace("-", "_").lower()
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or iskeyword(name):
        raise CallError(f"{name!r} cannot name a driver: use a name such as garage_door")
    if reason := _taken(name):
        raise CallError(f"{name!r} {reason}: choose another name, such as my_{name}")
    return name


def _taken(name: str) -> str:
    """Return what else has a name, so that a file or driver must not; empty if nothing has."""
    if name in {"emulator", "lan_edge", "driver"}:
        return "would be confused with another file"
    if name in sys.stdlib_module_names:
        return f"is a module of Python itself, which the file {name}.py would hide"
    registry = Registry()
    load_drivers(registry)
    if name in registry.drivers:
        return "is the id of a bundled driver, which the new one would replace"
    if any(name == module.name for module in iter_modules(import_module(BUNDLED).__path__)):
        return "is the name of a bundled driver's file"
    if _is_installed(name):
        return f"is a package that is installed, which the file {name}.py would hide"
    return ""


def _is_installed(name: str) -> bool:
    """Return whether Python imports a module of that name from where packages are installed."""
    return PathFinder.find_spec(name, _installed_at()) is not None


def _installed_at() -> list[str]:
    own = {*site.getsitepackages(), site.getusersitepackages()}
    return [path for path in sys.path if path in own]
