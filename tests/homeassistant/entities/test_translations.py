"""Every entity of a standard attribute or command has a name, an icon and translated states."""

from collections.abc import Iterator
import json
from pathlib import Path
from typing import Any

from homeassistant.const import Platform
import pytest

from ..standard import Made, made

PACKAGE = Path(__file__).parents[3] / "custom_components/lan_edge"
LANGUAGES = sorted(p.stem for p in (PACKAGE / "translations").glob("*.json"))


def texts(file: str) -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = json.loads((PACKAGE / file).read_text())["entity"]
    return loaded


def parts() -> Iterator[Made]:
    """Yield the entities of a single attribute or command."""
    return (m for m in made() if not isinstance(m.spec.subject, type))


def of(m: Made, loaded: dict[str, dict[str, Any]]) -> dict[str, Any]:
    words: dict[str, Any] = loaded.get(m.platform, {}).get(str(m.entity.translation_key), {})
    return words


def listed(m: Made) -> list[str] | None:
    """Return the values of a choice that the vocabulary has, None if it is no such choice."""
    return getattr(m.entity, "options", None) if m.platform in {"sensor", "select"} else None


@pytest.mark.parametrize("language", LANGUAGES)
def test_names(language: str) -> None:
    loaded = texts(f"translations/{language}.json")
    nameless = {f"{m.platform} {m.spec.translation_key}" for m in parts() if not of(m, loaded)}
    assert not nameless
    names = [of(m, loaded)["name"] for m in parts()]
    assert all(name[0] == name[0].upper() for name in names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_for_each_value(language: str) -> None:
    loaded = texts(f"translations/{language}.json")
    for m in parts():
        if m.platform in {Platform.SENSOR, Platform.SELECT}:
            assert set(of(m, loaded).get("state", {})) == set(listed(m) or ()), m.spec.subject


def test_icons() -> None:
    icons = texts("icons.json")
    for m in parts():
        plain = m.entity.device_class in {None, "enum"}
        assert plain == bool(of(m, icons).get("default")), m.spec.subject
        assert set(of(m, icons).get("state", {})) <= set(listed(m) or {"on", "off"}), m.spec.subject


@pytest.mark.parametrize("file", ["icons.json", *(f"translations/{i}.json" for i in LANGUAGES)])
def test_no_translations_without_an_entity(file: str) -> None:
    there = {(m.platform, m.entity.translation_key) for m in made()}
    said = {(Platform(p), key) for p, keys in texts(file).items() for key in keys}
    assert not said - there
