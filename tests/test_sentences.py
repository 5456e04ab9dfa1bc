"""What the library says to owners: each sentence is there in all languages."""

import ast
from collections.abc import Iterator
from functools import cache
import json
from pathlib import Path
import re

import pytest

from lan_edge.sentences import key_of, name_of

PACKAGE = Path(__file__).parents[1] / "custom_components/lan_edge"
LANGUAGES = sorted(p.stem for p in (PACKAGE / "translations").glob("*.json"))
PLACEHOLDER = re.compile(r"\{(\w+)\}")


@cache
def templates() -> list[tuple[str, ast.TemplateStr]]:
    return list(each_template())


def each_template() -> Iterator[tuple[str, ast.TemplateStr]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.TemplateStr):
                yield f"{path.name}:{node.lineno}", node


def pattern_of(node: ast.TemplateStr) -> str:
    parts = []
    for each in node.values:
        if isinstance(each, ast.Interpolation):
            parts.append(f"{{{name_of(str(each.str))}}}")
        else:
            assert isinstance(each, ast.Constant)
            parts.append(str(each.value))
    return "".join(parts)


def sentences() -> dict[str, str]:
    found = {pattern_of(node) for _, node in templates()}
    return {key: each for each in sorted(found) if (key := key_of(each))}


def said_in(language: str) -> dict[str, str]:
    texts = json.loads((PACKAGE / f"translations/{language}.json").read_text())
    common: dict[str, str] = texts["common"]
    return common


def test_each_sentence_has_a_key_of_its_own() -> None:
    found = {pattern_of(node) for _, node in templates()}
    assert sorted(sentences().values()) == sorted(each for each in found if key_of(each))


def test_each_placeholder_is_there_once_and_braces_are_put_in() -> None:
    for place, node in templates():
        names = PLACEHOLDER.findall(pattern_of(node))
        assert len(names) == len(set(names)), place
        assert not {"{", "}"} & set(PLACEHOLDER.sub("", pattern_of(node))), place


def test_the_english_translations_are_what_the_code_says() -> None:
    assert said_in("en") == sentences()


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_are_translated_with_the_same_placeholders(language: str) -> None:
    translated = said_in(language)
    assert translated.keys() == said_in("en").keys()
    for key, text in sentences().items():
        assert sorted(PLACEHOLDER.findall(translated[key])) == sorted(PLACEHOLDER.findall(text)), (
            key
        )
