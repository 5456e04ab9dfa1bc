"""The bundled descriptions: their index is exact, and each is compiled when it is first needed."""

from importlib.util import find_spec
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from lan_edge import (
    Registry,
    bundled_descriptions,
    capability,
    compile_description,
    load_descriptions,
    load_drivers,
    read_description,
)
from lan_edge.declarative import bundled, texts
from lan_edge.declarative.bundled import BUNDLED_FOLDER

from .test_files import RELAY

NEEDED = "go_e_charger"


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the texts that are compiled, in order."""
    made: list[str] = []

    def described_driver(text: str) -> Any:
        made.append(text)
        return texts.described_driver(text)

    monkeypatch.setattr(bundled, "described_driver", described_driver)
    return made


def test_one_is_compiled_when_it_is_first_needed(compiled: list[str]) -> None:
    registry = Registry()
    assert load_descriptions(registry) == []
    ids = [*bundled_descriptions()]
    assert [*registry.drivers] == [*registry.summaries] == ids
    assert compiled == []
    driver = registry.driver(NEEDED)
    assert registry.drivers[NEEDED] is driver is registry.driver(NEEDED)
    assert compiled == [bundled_descriptions()[NEEDED]]
    assert registry.origin("opendtu").file is None
    assert len(compiled) == 1


def test_what_is_needed_at_once_is_compiled_at_once(compiled: list[str]) -> None:
    load_descriptions(Registry(), needed=(NEEDED, "of_a_driver_file"))
    assert compiled == [bundled_descriptions()[NEEDED]]


def test_the_index_is_what_the_texts_say() -> None:
    registry = Registry()
    load_descriptions(registry)
    for id_, summary in registry.summaries.items():
        driver = compile_description(read_description(bundled_descriptions()[id_]))
        assert summary == driver.summarize()
        assert summary.discovery == driver.discovery
        assert summary.is_described
        assert summary.products


def test_each_id_is_that_of_one_driver_or_text() -> None:
    registry = Registry()
    load_drivers(registry)
    files = [path.stem for path in Path(BUNDLED_FOLDER).glob("*.yaml")]
    assert not registry.drivers.keys() & {*files}
    assert sorted(bundled_descriptions()) == sorted(files)
    assert load_descriptions(registry) == []


def test_a_text_that_the_index_does_not_have_is_compiled_at_once(
    tmp_path: Path, compiled: list[str]
) -> None:
    folder = tmp_path / "descriptions"
    copytree(BUNDLED_FOLDER, folder)
    file = folder / f"{NEEDED}.yaml"
    file.write_text(file.read_text().replace("name: go-e Charger", "name: Renamed"))
    registry = Registry()
    assert load_descriptions(registry, str(folder)) == []
    assert compiled == []
    assert registry.summaries[NEEDED].name == registry.driver(NEEDED).name == "Renamed"
    assert compiled == []


def test_descriptions_without_an_index(tmp_path: Path) -> None:
    registry = Registry()
    (tmp_path / "good.yaml").write_text(RELAY)
    (tmp_path / "bad.yaml").write_text(RELAY.replace("http", "htp").replace("own_relay", "bad"))
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "latin.yaml").write_bytes(b"id: \xe9\n")
    bad, folder, latin = load_descriptions(registry, str(tmp_path))
    assert str(bad) == "bad.yaml:4: talks is 'htp': did you mean http?"
    assert "Is a directory" in folder.reason
    assert latin.file.endswith("latin.yaml")
    assert [*registry.drivers] == ["own_relay"]
    assert capability("ownRelay.main") is not None
    assert load_descriptions(registry, str(tmp_path / "none")) == []


def test_two_texts_of_one_id_are_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    registry = Registry()
    (tmp_path / "first.yaml").write_text(RELAY)
    (tmp_path / "second.yaml").write_text(RELAY.replace("Own relay", "Other"))
    (failure,) = load_descriptions(registry, str(tmp_path))
    said = "second.yaml:2: id own_relay is that of first.yaml, too: give it another id"
    assert str(failure) == said
    assert said in caplog.text
    assert registry.driver("own_relay").name == "Own relay"


def test_a_text_with_the_id_of_a_driver_is_told(tmp_path: Path) -> None:
    registry = Registry()
    load_drivers(registry)
    kasa = registry.driver("kasa")
    (tmp_path / "kasa.yaml").write_text(RELAY.replace("own_relay", "kasa"))
    (failure,) = load_descriptions(registry, str(tmp_path))
    assert failure.reason == "id kasa is that of a driver, too"
    assert registry.driver("kasa") is kasa


def test_without_the_packages_for_texts_nothing_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_PACKAGES", ("yaml", "no_such_package"))
    assert find_spec("no_such_package") is None
    registry = Registry()
    (failure,) = load_descriptions(registry, needed=(NEEDED,))
    assert failure.reason == "described devices need the package no_such_package"
    assert failure.remedy == "run `pip install lan-edge[descriptions]`"
    assert not registry.drivers
