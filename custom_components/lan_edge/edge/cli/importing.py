"""`lan-edge new` from what an owner has already: descriptions of the devices that it is for."""

import argparse
from dataclasses import asdict
from pathlib import Path

from ..declarative import (
    ApiChoice,
    Imported,
    ImportNote,
    description_text,
    import_curl,
    import_home_assistant,
    import_openapi,
    read_openapi,
)
from .exits import CallError, Exit
from .output import Output


def imported_from(arguments: argparse.Namespace) -> Imported | None:
    """Return what a command line or a file gives, None if neither is given; raise EdgeError."""
    if arguments.from_curl is not None:
        return import_curl(arguments.from_curl)
    if arguments.from_openapi is not None:
        return import_openapi(_text_of(arguments.from_openapi), arguments.pick)
    if arguments.from_rest is not None:
        return import_home_assistant(_text_of(arguments.from_rest))
    return None


def list_choices(file: Path, output: Output) -> Exit:
    """Write what an OpenAPI document offers, and what of it cannot be used; raise EdgeError."""
    document = read_openapi(_text_of(file))
    lines = [f"{file} offers these, to be picked with --pick:"]
    lines += (f"  {each.id}{_details(each)}" for each in document.choices)
    lines += map(_note, document.notes)
    output.tell(
        "\n".join(lines),
        choices=[asdict(each) for each in document.choices],
        notes=[asdict(note) for note in document.notes],
    )
    return Exit.DONE


def _details(choice: ApiChoice) -> str:
    """Return what a choice is, as in `: number in °C, read at GET /status target`."""
    kind = choice.kind.replace("_", " ")
    unit = f" in {choice.unit}" if choice.unit else ""
    read = f", read at {choice.read_at}" if choice.read_at else ""
    return f": {kind}{unit}{read}" + (f" ({choice.details})" if choice.details else "")


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise CallError(f"there is no file {file}") from None
    except UnicodeDecodeError:
        raise CallError(f"{file} is not text in UTF-8") from None


def described_files(name: str, imported: Imported) -> dict[str, str]:
    """Return the texts of descriptions by file name; of several devices, numbered ones."""
    texts: dict[str, str] = {}
    for number, draft in enumerate(imported.drafts, 1):
        id_ = name if number == 1 else f"{name}_{number}"
        title = id_.replace("_", " ").capitalize()
        texts[f"{id_}.yaml"] = description_text(draft.described(id_, title))
    return texts


def summary(files: list[Path], imported: Imported) -> str:
    """Return what was written, for which addresses, and what is not in it."""
    lines = [
        f"{file} describes the device" + (f" at {draft.host}" if draft.host else "")
        for file, draft in zip(files, imported.drafts, strict=True)
    ]
    return "\n".join([*lines, *map(_note, imported.notes)])


def _note(note: ImportNote) -> str:
    return f"  {note.kind.replace('_', ' ')}: {note.place}: {note.reason}"
