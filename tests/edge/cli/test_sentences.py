"""Errors on the command line are sentences, with a subject, and files have one spelling."""

from pathlib import Path

import pytest

from lan_edge import (
    ArgumentError,
    DeviceError,
    EdgeError,
    IdentityError,
    RefusedError,
    TimedOutError,
    UnconfirmedError,
)
from lan_edge.cli.sentences import sentence

from .console import cli


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (UnconfirmedError("stayed on"), "the device accepted the command but stayed on"),
        (RefusedError("unknown"), "the device refused: unknown"),
        (RefusedError(""), "the device refused: no reason given"),
        (TimedOutError("set"), "the device did not respond in time: set"),
        (ArgumentError("level: 400 is outside"), "level: 400 is outside"),
        (OSError(2, "No such file"), "[Errno 2] No such file"),
        (ValueError(), "ValueError"),
    ],
)
def test_who_did_it_is_said(error: BaseException, words: str) -> None:
    assert sentence(error) == words


def _made(kind: type[EdgeError]) -> EdgeError:
    return kind("a", "b", "c") if kind is IdentityError else kind("some words")


def test_every_error_of_a_device_has_a_subject() -> None:
    for kind in DeviceError.__subclasses__():
        if kind.__module__ == DeviceError.__module__ and kind.__name__ != "NotFoundError":
            assert "device" in sentence(_made(kind)), kind


async def test_the_refused_connection_names_the_port(driver: Path, device: object) -> None:
    ran = await cli("run", driver, "127.0.0.9")
    assert ran.err.startswith("error: the device could not be reached: connecting to 127.0.0.9:")
    assert ran.err.partition("127.0.0.9:")[2].partition(":")[0].isdecimal()


def write(file: Path, text: str) -> None:
    file.write_text(text)


@pytest.mark.real_time  # what checks the types is a process of its own
async def test_a_file_is_spelt_as_it_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (
        "from lan_edge import Driver, Http, Profile, Switch, register\n\n\n@register\n"
        "class Own(Driver[Http]):\n    id = 'own'\n    profile = Profile(Switch)\n"
        "    poll = 'x'\n"
    )
    (tmp_path / "sub").mkdir()
    for typed in ("own.py", "./second.py", "sub/third.py", str(tmp_path / "fourth.py")):
        write(Path(typed), text)
        spelt = str(Path(typed))
        ran = await cli("check", typed)
        lines = ran.out.splitlines()
        assert len(lines) > 2
        assert all(line.startswith(f"{spelt}:") for line in lines[:-1]), ran.out
        ran = await cli("run", typed, "127.0.0.1")
        assert ran.err.startswith(f"error: {spelt}:"), ran.err
