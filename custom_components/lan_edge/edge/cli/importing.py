"""`lan-edge new` from what an owner has already: descriptions of the devices that it is for."""

from pathlib import Path

from ..declarative import Imported, description_text, import_curl, import_home_assistant
from .exits import CallError


def imported_from(curl: str | None, rest: Path | None) -> Imported | None:
    """Return what a command line or a file gives, None if neither is given; raise EdgeError."""
    if curl is not None:
        return import_curl(curl)
    if rest is None:
        return None
    try:
        return import_home_assistant(rest.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CallError(f"there is no file {rest}") from None
    except UnicodeDecodeError:
        raise CallError(f"{rest} is not text in UTF-8") from None


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
    lines += (f"  {n.kind.replace('_', ' ')}: {n.place}: {n.reason}" for n in imported.notes)
    return "\n".join(lines)
