"""What the library says is shown in the language of who sees it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.components.frontend.storage import async_user_store
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.reporting.language import own_patterns

from ..driver_folder import DriverFiles

FLOWS = "/api/config/config_entries/flow"
ENGLISH = (
    "Line 1: it has no command line of curl (wget: is not curl). Paste one that begins with curl."
)
GERMAN = (
    "Zeile 1: es gibt keine Befehlszeile von curl (wget: ist nicht curl). Eine einfügen, die mit "
    "curl beginnt."
)
DUTCH = (
    "Regel 1: er staat geen opdrachtregel van curl in (wget: is niet curl). Plak er een die met "
    "curl begint."
)
FRENCH = (
    "Ligne 1: il n'a pas de ligne de commande curl (wget: n'est pas curl). Collez-en une qui "
    "commence par curl."
)
WRONG = "description: 1\nid: own\nname: Own\ntalks: htp\ncomponents: {}\n"


class Browser:
    """A browser whose user describes a device."""

    def __init__(self, client: TestClient[Any, Any], accepted: str) -> None:
        self._client = client
        self._headers = {"Accept-Language": accepted} if accepted else {}

    async def post(self, path: str, **given: Any) -> dict[str, Any]:
        answer = await self._client.post(path, json=given, headers=self._headers)
        assert answer.status == HTTPStatus.OK
        shown: dict[str, Any] = await answer.json()
        return shown

    async def reason(self) -> str:
        """Return what is said of a command line that is none of curl."""
        flow = await self.post(FLOWS, handler=DOMAIN)
        path = f"{FLOWS}/{flow['flow_id']}"
        for step in ("describe", "describe_curl"):
            flow = await self.post(path, next_step_id=step)
        flow = await self.post(path, text="wget x")
        assert flow["errors"] == {"text": "faults"}
        return str(flow["description_placeholders"]["reason"])


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        ((None, "nl,en;q=0.8", "en"), DUTCH),
        ((None, "xx, de-AT;q=0.9, fr", "en"), GERMAN),
        ((None, "", "fr"), FRENCH),
        ((None, "../../de", "en"), ENGLISH),
        (({"language": "fr"}, "nl", "en"), FRENCH),
        (({"language": "../x"}, "nl", "en"), DUTCH),
        (("de", "nl", "en"), DUTCH),
    ],
)
@pytest.mark.usefixtures("start_discovery")
async def test_a_dialog_is_in_the_language_of_its_user(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
    languages: tuple[Mapping[str, str] | str | None, str, str],
    expected: str,
) -> None:
    """Chosen in the frontend, else asked for by the browser, else Home Assistant's own."""
    chosen, accepted, own = languages
    hass.config.language = own
    assert await async_setup_component(hass, "config", {})
    if chosen is not None:
        hass.config.components.add("frontend")
        store = await async_user_store(hass, hass_admin_user.id)
        await store.async_set_item("language", chosen)
    assert await Browser(await hass_client(), accepted).reason() == expected


@pytest.mark.usefixtures("start_discovery")
async def test_a_repair_is_in_the_language_of_home_assistant(
    hass: HomeAssistant, driver_files: DriverFiles
) -> None:
    hass.config.language = "de"
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done()
    driver_files.describe("own.yaml", WRONG)
    await driver_files.looked_at()
    issue = ir.async_get(hass).async_get_issue(DOMAIN, "driver_file_failed_own.yaml")
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert "ist http gemeint?" in issue.translation_placeholders["problem"]
    assert own_patterns(hass)["line_line"] == "Zeile {line}"
