"""The driver API: its names are pinned, and what is deprecated says so where it is used."""

from collections.abc import Generator
import logging
from pathlib import Path
import runpy
import warnings

import pytest

import lan_edge
from lan_edge import api

PINNED = Path(__file__).with_name("public_names.txt").read_text().split()


def test_public_names() -> None:
    """A name that is gone breaks drivers: deprecate it first (docs/api-policy.md)."""
    assert sorted(lan_edge.__all__) == sorted(PINNED)
    assert len(set(lan_edge.__all__)) == len(lan_edge.__all__)


def test_every_public_name_is_there() -> None:
    for name in PINNED:
        assert hasattr(lan_edge, name), name


def test_version() -> None:
    major, minor = lan_edge.API_VERSION
    assert major >= 1
    assert minor >= 0


@pytest.fixture
def renamed(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Deprecate a name, as a release would."""
    deprecation = api.Deprecation("Driver", "0.4", lambda: lan_edge.Driver)
    monkeypatch.setattr(api, "DEPRECATED", {"OldDriver": deprecation})
    api._reported.clear()
    yield
    api._reported.clear()


@pytest.mark.usefixtures("renamed")
def test_a_deprecated_name_works_and_says_where(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "kettle.py"
    file.write_text("# a driver\n\nfrom lan_edge import OldDriver\n")
    with warnings.catch_warnings(record=True) as caught, caplog.at_level(logging.WARNING):
        warnings.simplefilter("always")
        assert runpy.run_path(str(file))["OldDriver"] is lan_edge.Driver
        runpy.run_path(str(file))
    said = "lan_edge.OldDriver is deprecated since 0.4: use Driver"
    assert [str(w.message) for w in caught] == [said]
    assert (caught[0].filename, caught[0].lineno) == (str(file), 3)
    assert [r.message for r in caplog.records] == [f"{file}:3: {said}"]


@pytest.mark.usefixtures("renamed")
def test_as_an_attribute_too() -> None:
    with pytest.warns(DeprecationWarning, match="use Driver"):
        assert getattr(lan_edge, "OldDriver") is lan_edge.Driver  # noqa: B009  # unknown to types


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        getattr(lan_edge, "Nothing")  # noqa: B009  # unknown to types
    with pytest.raises(ImportError):
        exec("from lan_edge import Nothing")  # noqa: S102
