"""A cover has the word of Home Assistant's own translations, which users see beside ours."""

from collections.abc import Iterator
import json
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
import pytest

TRANSLATIONS = Path(__file__).parents[3] / "custom_components/lan_edge/translations"
OTHERS = ("rollladen", "jalousie", "rolluik", "zonwering", "커버", "블라인드", "셔터")


def texts_in(data: dict[str, Any]) -> Iterator[str]:
    for each in data.values():
        yield from texts_in(each) if isinstance(each, dict) else (each,)


@pytest.mark.parametrize("language", ["de", "nl", "ko"])
async def test_it_has_one_word(hass: HomeAssistant, language: str) -> None:
    words = await async_get_translations(hass, language, "entity_component", ["cover"])
    word = words["component.cover.entity_component._.name"]
    data = json.loads((TRANSLATIONS / f"{language}.json").read_text())
    assert data["selector"]["setting"]["options"]["tuya_kind_is_cover"] == word
    examples = data["selector"]["thing_kind"]["options"].pop("cover")
    assert examples.startswith(word)
    assert not [t for t in texts_in(data) if any(each in t.lower() for each in OTHERS)]
