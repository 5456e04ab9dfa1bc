"""What stands for what is empty."""

from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.reporting.blank import async_filled


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["none", "nothing", "not given", "unknown"]),
        ("de", ["keine", "nichts", "nicht angegeben", "unbekannt"]),
    ],
)
async def test_a_word_stands_for_what_is_empty(
    hass: HomeAssistant, language: str, words: list[str]
) -> None:
    hass.config.language = language
    texts = dict.fromkeys(("files", "heard", "port", "id"), "")
    named = {"nothing": ["heard"], "not_given": ["port"], "unknown": ["id"]}
    filled = await async_filled(hass, {**texts, "name": "Pump"}, **named)
    assert filled == {**dict(zip(texts, words, strict=True)), "name": "Pump"}
