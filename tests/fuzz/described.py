"""Texts of described devices, which anybody may have written."""

from contextlib import suppress
from tempfile import NamedTemporaryFile

from lan_edge import (
    Description,
    DescriptionError,
    compile_description,
    members_lost,
    traffic_of,
    with_another_id,
)
from lan_edge.cli.writing import UnwritableError, written
from lan_edge.declarative.files import load_description
from lan_edge.declarative.load import read_description
from lan_edge.declarative.text import text_of, values_of
from tests.edge.declarative.texts import TEXTS

from .target import target

SEEDS = tuple(text.encode() for text in TEXTS.values())


@target(
    "edge/declarative/text.py",
    "edge/declarative/load.py",
    "edge/declarative/checks.py",
    "edge/declarative/source_checks.py",
    "edge/declarative/schema/shapes.py",
    "edge/declarative/schema/compound.py",
    "edge/declarative/schema/root.py",
    "edge/declarative/schema/sending.py",
    "edge/cli/writing/emits.py",
    "edge/cli/writing/messages.py",
    "edge/cli/writing/readings.py",
    "edge/cli/writing/refusals.py",
    "edge/cli/writing/source_file.py",
    seeds=SEEDS,
)
def described(data: bytes) -> None:
    """A text is a description, or a fault says why not."""
    description = read_description(data.decode(errors="surrogateescape"))
    compiled(description)


def compiled(description: Description) -> None:
    """Whatever can be read becomes a driver, or a fault says why not; anything else is a find.

    As a driver file it is Python, unless it has what cannot be written.
    """
    with suppress(DescriptionError):
        compile_description(description)
    with suppress(DescriptionError, UnwritableError):
        compile(written(description), "written", "exec")


@target("edge/declarative/changes.py", "edge/declarative/traffic.py", seeds=SEEDS)
def described_copies(data: bytes) -> None:
    """A copy differs only in its id and name, and what it sends can be shown."""
    text = data.decode(errors="replace")
    description = read_description(text)
    copy = read_description(with_another_id(text, "copy", "Copy: 2"))
    assert (copy.id, copy.name) == ("copy", "Copy: 2")
    assert members_lost(description, copy) == ()
    assert traffic_of(copy) == traffic_of(description)


@target("edge/declarative/text.py", seeds=(*SEEDS, b"a: &b [*b]\n---\n? [1]: x\n"))
def yaml_values(data: bytes) -> None:
    """The values of a text are the same once they have been written."""
    values, _ = values_of(data.decode(errors="replace"))
    again, _ = values_of(text_of(values))
    assert again == values


@target("edge/declarative/files.py", seeds=SEEDS)
def described_files(data: bytes) -> None:
    """A file has a driver, or a failure; the failure concerns nothing else."""
    with NamedTemporaryFile(suffix=".yaml") as file:
        file.write(data)
        file.flush()
        loaded = load_description(file.name)
    assert (loaded.file is None) is not (loaded.failure is None)
