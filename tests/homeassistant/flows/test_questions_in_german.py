"""What bundled drivers ask and refuse while a device is added, in the language of the user."""

from collections.abc import Callable
from dataclasses import dataclass
import json
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.flows.help import FAMILIES
from custom_components.lan_edge.flows.question_form import CONF_ANSWER, LABELLED
from tests.emulators.meross import KEY as MEROSS_KEY, MerossEmulator
from tests.emulators.miot import TOKEN, MiotEmulator
from tests.emulators.sonoff import SonoffEmulator
from tests.emulators.tuya import ID, KEY, TuyaEmulator
from tests.emulators.venstar import VenstarEmulator

from ..flow_steps import answered, created, go_on, menu, waited, words

ENGLISH = Path(__file__).parents[3] / "custom_components/lan_edge/translations/en.json"
SONOFF_ID, SONOFF_KEY = "1000abcdef", "a-device-key"
OTHER_KEY = "fedcba9876543210"
TUYA_KEY = ("local_key", "Gib den lokalen Schlüssel des Geräts ein: 16 Zeichen.")
TUYA_VERSION = ("protocol_version", "Wähle die Version seines Protokolls.")
ANOTHER_KEY = "das Gerät verwendet einen anderen lokalen Schlüssel"
SONOFF_KEY_FIELD = ("device_key", "Gib den Geräteschlüssel ein.")
MEROSS_FIELD = ("device_key", "Gib den Geräteschlüssel deines Meross-Kontos ein: 32 Zeichen")
MIOT_FIELD = ("miot_token", "Gib das Token des Geräts ein: 32 Ziffern und Buchstaben von a bis f.")
VENSTAR_FIELDS = (
    ("user", "Gib den Benutzernamen seiner Local API ein."),
    ("password", "Gib das Passwort seiner Local API ein"),
)


@dataclass(frozen=True)
class Asked:
    """A form: its field and its question, what is answered, and why the form before was refused."""

    field: tuple[str, str]
    answer: str
    reason: str = ""


@dataclass(frozen=True)
class Family:
    driver: str
    make: Callable[[], Any]
    forms: list[Asked]


def thermostat() -> VenstarEmulator:
    made = VenstarEmulator()
    made.login = ("admin", "s3cret")
    return made


ASKING = [
    Family(
        "tuya",
        lambda: TuyaEmulator(version="3.4", most_clients=4),
        [
            Asked(("device_id", "Gib die ID des Geräts ein."), "x"),
            Asked(
                ("device_id", "Gib die ID des Geräts ein."),
                ID,
                "eine Geräte-ID hat 8 bis 40 Buchstaben und Ziffern",
            ),
            Asked(TUYA_VERSION, "3.4"),
            Asked(TUYA_KEY, "short"),
            Asked(TUYA_KEY, OTHER_KEY, "ein lokaler Schlüssel hat 16 Zeichen"),
            Asked(TUYA_VERSION, "3.4", ANOTHER_KEY),
            Asked(TUYA_KEY, KEY),
        ],
    ),
    Family(
        "sonoff",
        lambda: SonoffEmulator(kind="plug", id=SONOFF_ID, key=SONOFF_KEY),
        [
            Asked(("device_id", "Gib die Geräte-ID ein: zehn Zeichen."), SONOFF_ID),
            Asked(SONOFF_KEY_FIELD, "wrong"),
            Asked(SONOFF_KEY_FIELD, SONOFF_KEY, "das ist nicht der Schlüssel des Geräts"),
        ],
    ),
    Family(
        "meross",
        MerossEmulator,
        [
            Asked(MEROSS_FIELD, OTHER_KEY),
            Asked(
                MEROSS_FIELD,
                MEROSS_KEY,
                "das Gerät hat einen anderen Schlüssel oder braucht einen",
            ),
        ],
    ),
    Family(
        "miot",
        MiotEmulator,
        [
            Asked(MIOT_FIELD, "wrong"),
            Asked(MIOT_FIELD, TOKEN, "ein Token hat 32 Ziffern und Buchstaben von a bis f"),
        ],
    ),
    Family(
        "venstar",
        thermostat,
        [
            Asked(VENSTAR_FIELDS[0], "admin"),
            Asked(VENSTAR_FIELDS[1], "wrong"),
            Asked(VENSTAR_FIELDS[0], "admin", "GET / wurde abgelehnt"),
            Asked(VENSTAR_FIELDS[1], "s3cret"),
        ],
    ),
]


@pytest.mark.parametrize("family", ASKING, ids=lambda family: family.driver)
async def test_in_german(
    hass: HomeAssistant,
    start_discovery: None,
    monkeypatch: pytest.MonkeyPatch,
    family: Family,
) -> None:
    hass.config.language = "de"
    monkeypatch.setattr(
        "custom_components.lan_edge.flows.add.async_recognize", AsyncMock(return_value=True)
    )
    async with family.make() as device:
        flow = await menu(hass, "manual")
        flow = await go_on(hass, flow, driver=family.driver, host=device.host, port=device.port)
        flow = await waited(hass, flow)
        for form in family.forms:
            name, question = form.field
            assert flow["data_schema"] is not None
            assert [str(key) for key in flow["data_schema"].schema] == [name]
            shown = words(flow)
            assert shown["question"].startswith(question)
            assert (shown["reason"], flow["errors"]) == (
                form.reason,
                {"base": "answer"} if form.reason else {},
            )
            assert "[Die Seite von LAN Edge über " in shown["help"]
            assert shown["help"].endswith(f"]({FAMILIES}/{family.driver}.md)")
            flow = await answered(hass, flow, form.answer)
        created(flow)


def test_each_field_has_a_label() -> None:
    steps = json.loads(ENGLISH.read_text())["config"]["step"]
    for step, keys in LABELLED.items():
        assert steps[step]["data"].keys() == {CONF_ANSWER, *keys}
        assert steps[step]["data"].keys() == steps[step]["data_description"].keys()
