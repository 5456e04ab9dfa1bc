"""Described devices in the options of LAN Edge: listed, changed, added, copied, deleted."""

from collections.abc import AsyncGenerator
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge import runtime
from custom_components.lan_edge.description_files import copies
from lan_edge import bundled_descriptions, load_descriptions
from tests.emulators.rest_switch import RestSwitchEmulator

from ..driver_folder import DESCRIBED, DriverFiles
from ..entries import add_service, comes_online, set_up
from ..flow_steps import created, go_on, menu

WRONG = DESCRIBED.replace("get: /switch", "gett: /switch")
WITH_PRODUCTS = DESCRIBED.replace(
    "talks: http",
    """\
products: [{manufacturer: Acme, model: V1}, {manufacturer: Acme, model: V2}]
parameters: {token: {kind: secret, label: Access token}}
login: {bearer: "{token}"}
talks: http""",
)


class Dialog:
    """The options of LAN Edge in a browser."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self.shown: dict[str, Any] = {}
        """The step that is shown."""

    async def open(self, *choices: str) -> None:
        """Open the described devices, and choose in the menus."""
        entry = await add_service(self._hass)
        self.shown = dict(await self._hass.config_entries.options.async_init(entry.entry_id))
        await self.choose("described", *choices)

    async def pick(self, name: str) -> None:
        """Pick one in the list, by how its name begins."""
        await self.choose("described_pick")
        [field] = self.shown["data_schema"].schema.values()
        [key] = [o["value"] for o in field.config["options"] if o["label"].startswith(name)]
        await self.fill(description=key)

    async def choose(self, *choices: str) -> None:
        for choice in choices:
            assert choice in self.shown["menu_options"]
            await self.fill(next_step_id=choice)

    async def fill(self, **entered: Any) -> None:
        """Submit a form."""
        flows = self._hass.config_entries.options
        self.shown = dict(await flows.async_configure(self.shown["flow_id"], entered))
        await self._hass.async_block_till_done()

    @property
    def step(self) -> str:
        """The step that is shown."""
        return str(self.shown["step_id"])

    @property
    def words(self) -> dict[str, str]:
        """What the texts of the step have in place of their placeholders."""
        return dict(self.shown["description_placeholders"])

    @property
    def text(self) -> str:
        """What the field for the text has in it."""
        [key] = self.shown["data_schema"].schema
        return str(key.description["suggested_value"])


@pytest.fixture
def dialog(hass: HomeAssistant, driver_files: DriverFiles) -> Dialog:
    """Return the options of LAN Edge, not open yet."""
    return Dialog(hass)


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a bundled description."""
    folder = tmp_path / "bundled"
    folder.mkdir()
    (folder / "own_valve.yaml").write_text(DESCRIBED)
    load = partial(load_descriptions, folder=str(folder))
    monkeypatch.setattr(runtime, "load_descriptions", load)
    monkeypatch.setattr(copies, "bundled_descriptions", partial(bundled_descriptions, str(folder)))
    return folder


@pytest.fixture
async def site() -> AsyncGenerator[str]:
    """Return the URL at which a description is published."""
    app = web.Application()

    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=WRONG if request.path == "/wrong" else DESCRIBED)

    app.router.add_get("/{path}", answer)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


async def test_all_are_listed(
    hass: HomeAssistant, dialog: Dialog, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    driver_files.describe("valve.yaml", DESCRIBED)
    driver_files.describe("broken.yaml", "description: 1\n")
    await set_up(hass, "own_valve", "relay-1", switch)
    await dialog.open()
    assert dialog.step == "described_wrong"
    assert dialog.words["own"] == "- \u26a0 broken.yaml\n- Own \u2217valve\u2217: Fountain"
    await dialog.pick("broken")
    assert dialog.words["problem"].startswith("- broken.yaml:1: `id is missing`")
    assert "described_delete" in dialog.shown["menu_options"]
    await dialog.choose("described")
    await dialog.pick("Own")
    assert dialog.words["users"] == "Fountain"
    assert "described_delete" not in dialog.shown["menu_options"]
    await dialog.choose("described", "init")
    assert dialog.step == "init"


async def test_nothing_is_lost_while_a_text_is_wrong(
    dialog: Dialog, driver_files: DriverFiles
) -> None:
    file = driver_files.describe("valve.yaml", DESCRIBED)
    await dialog.open()
    await dialog.pick("Own")
    await dialog.choose("described_edit")
    assert dialog.text == DESCRIBED
    await dialog.fill(text=WRONG)
    assert dialog.shown["errors"] == {"text": "text_faults"}
    assert dialog.words["faults"] == (
        "- `Line 9: requests.state.gett is an unknown field. Did you mean get?`\n"
        "  `9 | state: {gett: /switch}`"
    )
    assert dialog.text == WRONG
    assert file.read_text() == DESCRIBED
    await dialog.fill(text=DESCRIBED.replace("3600", "60"))
    assert dialog.step == "described_saved"
    assert file.read_text() == DESCRIBED.replace("3600", "60")


async def test_a_change_is_live(
    hass: HomeAssistant, dialog: Dialog, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    driver_files.describe("valve.yaml", DESCRIBED)
    entry = await set_up(hass, "own_valve", "relay-1", switch)
    await dialog.open()
    await dialog.pick("Own")
    await dialog.choose("described_edit")
    await dialog.fill(text=DESCRIBED.replace("3600", "60"))
    assert entry.runtime_data.device.driver.poll == 60


async def test_what_something_else_has_changed_is_not_overwritten(
    dialog: Dialog, driver_files: DriverFiles
) -> None:
    file = driver_files.describe("valve.yaml", DESCRIBED)
    await dialog.open()
    await dialog.pick("Own")
    await dialog.choose("described_edit")
    theirs, mine = DESCRIBED.replace("3600", "60"), DESCRIBED.replace("3600", "90")
    driver_files.describe("valve.yaml", theirs)
    for _ in range(2):
        await dialog.fill(text=mine)
        assert dialog.shown["errors"] == {"text": "changed_meanwhile"}
        assert dialog.text == mine
    assert file.read_text() == theirs


async def test_a_rename_that_loses_entities_is_said_first(
    hass: HomeAssistant, dialog: Dialog, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    file = driver_files.describe("valve.yaml", DESCRIBED)
    await set_up(hass, "own_valve", "relay-1", switch)
    renamed = DESCRIBED.replace("  main:", "  valve:")
    await dialog.open()
    await dialog.pick("Own")
    await dialog.choose("described_edit")
    await dialog.fill(text=renamed)
    assert dialog.step == "described_review"
    used, lost = dialog.words["about"].splitlines()
    assert used == "Devices that use it: Fountain"
    assert lost.startswith("**What these devices lose**")
    assert lost.endswith(": Own \u2217valve\u2217")  # its switch has the name of the device
    assert file.read_text() == DESCRIBED
    await dialog.choose("described_text")
    assert dialog.text == renamed
    await dialog.fill(text=renamed)
    await dialog.choose("described_save")
    assert file.read_text() == renamed


async def test_devices_keep_the_id_of_their_description(
    hass: HomeAssistant, dialog: Dialog, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    driver_files.describe("valve.yaml", DESCRIBED)
    await set_up(hass, "own_valve", "relay-1", switch)
    await dialog.open()
    await dialog.pick("Own")
    await dialog.choose("described_edit")
    await dialog.fill(text=DESCRIBED.replace("id: own_valve", "id: another"))
    assert dialog.shown["errors"] == {"text": "id_in_use"}


async def test_a_new_one_is_shown_before_it_is_kept(
    hass: HomeAssistant, dialog: Dialog, driver_files: DriverFiles
) -> None:
    await dialog.open("described_import")
    await dialog.fill(text=WITH_PRODUCTS)
    assert dialog.step == "described_review"
    words = dialog.words
    assert words["name"] == "Own \u2217valve\u2217 (Acme V1, Acme V2)"
    assert words["about"] == "You will be asked for: Access token (secret)"
    assert words["entities"] == "- Switches: Own \u2217valve\u2217"
    assert words["transport"] == "HTTP, port 80"
    assert words["sent"] == (
        "To log in:\n- `bearer: {token}`\n\n"
        "To read the device, every 3600 s:\n- `GET /switch`\n\n"
        "When you operate it:\n- The device itself: `POST /switch | on`, `POST /switch | off`"
    )
    assert not driver_files.devices.exists()
    await dialog.choose("described_save")
    assert dialog.step == "described_saved"
    assert dialog.words["name"] == "Own \u2217valve\u2217"
    assert (driver_files.devices / "own_valve.yaml").read_text() == WITH_PRODUCTS
    await dialog.choose("described")
    assert dialog.words["own"] == "- Own \u2217valve\u2217 (Acme V1, Acme V2)"


@pytest.mark.parametrize("id_", ["rest_switch", "own_valve"])
async def test_an_id_belongs_to_one(dialog: Dialog, driver_files: DriverFiles, id_: str) -> None:
    driver_files.describe("valve.yaml", DESCRIBED)
    await dialog.open("described_import")
    text = DESCRIBED.replace("3600", "60")
    await dialog.fill(text=text.replace("id: own_valve", f"id: {id_}"))
    assert dialog.shown["errors"] == {"text": "id_taken"}


async def test_a_file_that_is_there_is_not_replaced_by_a_new_one(
    dialog: Dialog, driver_files: DriverFiles
) -> None:
    file = driver_files.describe("own_valve.yaml", "broken")
    await dialog.open("described_import")
    await dialog.fill(text=DESCRIBED)
    await dialog.choose("described_save")
    assert dialog.shown["errors"] == {"text": "file_exists"}
    assert dialog.text == DESCRIBED
    assert file.read_text() == "broken"


async def test_a_folder_that_cannot_be_written(dialog: Dialog, driver_files: DriverFiles) -> None:
    driver_files.devices.parent.mkdir()
    driver_files.devices.write_text("no folder")
    await dialog.open("described_import")
    await dialog.fill(text=DESCRIBED)
    await dialog.choose("described_save")
    assert dialog.shown["errors"] == {"text": "not_saved"}
    assert dialog.text == DESCRIBED


async def test_one_from_a_url_is_shown_before_it_is_kept(
    dialog: Dialog, driver_files: DriverFiles, site: str
) -> None:
    await dialog.open("described_import")
    await dialog.fill(text="device.yaml")
    assert dialog.shown["errors"] == {"text": "no_url"}
    await dialog.fill(text=f" {site}device.yaml\n")
    assert dialog.step == "described_review"
    assert dialog.words["about"] == f"From: `{site}device.yaml`"
    await dialog.choose("described_save")
    assert (driver_files.devices / "own_valve.yaml").read_text() == DESCRIBED


async def test_a_wrong_one_from_a_url_can_be_corrected(dialog: Dialog, site: str) -> None:
    await dialog.open("described_import")
    await dialog.fill(text=f"{site}wrong")
    assert (dialog.step, dialog.shown["errors"]) == ("described_text", {"text": "text_faults"})
    assert dialog.text == WRONG


async def test_duplicated_and_deleted(dialog: Dialog, driver_files: DriverFiles) -> None:
    driver_files.describe("valve.yaml", DESCRIBED)
    await dialog.open()
    await dialog.pick("Own")
    await dialog.choose("described_duplicate")
    assert "id: own_valve_2\n" in dialog.text
    await dialog.fill(text=dialog.text)
    await dialog.choose("described_save")
    assert (driver_files.devices / "own_valve_2.yaml").exists()
    await dialog.choose("described")
    await dialog.pick("Own *valve* 2")
    await dialog.choose("described_delete")
    assert dialog.words["name"] == "Own \u2217valve\u2217 2"
    await dialog.fill()
    assert dialog.step == "described"
    assert [f.name for f in driver_files.devices.iterdir()] == ["valve.yaml"]


async def test_one_that_has_changed_is_not_deleted_unseen(
    dialog: Dialog, driver_files: DriverFiles
) -> None:
    file = driver_files.describe("valve.yaml", DESCRIBED)
    await dialog.open()
    await dialog.pick("Own")
    await dialog.choose("described_delete")
    driver_files.describe("valve.yaml", DESCRIBED.replace("3600", "60"))
    await dialog.fill()
    assert dialog.shown["errors"] == {"base": "changed_meanwhile"}
    assert file.exists()
    await dialog.fill()
    assert not file.exists()


async def test_one_that_a_device_uses_meanwhile_is_not_deleted(
    hass: HomeAssistant, dialog: Dialog, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    file = driver_files.describe("valve.yaml", DESCRIBED)
    await dialog.open()
    await dialog.pick("Own")
    await dialog.choose("described_delete")
    await set_up(hass, "own_valve", "relay-1", switch)
    await dialog.fill()
    assert dialog.step == "described_one"
    assert file.exists()


async def test_the_text_is_exported(dialog: Dialog, driver_files: DriverFiles) -> None:
    file = driver_files.describe("valve.yaml", DESCRIBED)
    await dialog.open()
    await dialog.pick("Own")
    await dialog.choose("described_export")
    assert dialog.text == DESCRIBED
    [field] = dialog.shown["data_schema"].schema.values()
    shown = {"template": {"read_only": True, "preview": False}}
    assert field.serialize() == {"selector": shown}  # the frontend has it copied
    await dialog.fill()
    assert dialog.step == "described_one"
    assert file.read_text() == DESCRIBED


async def test_one_that_is_gone_meanwhile(dialog: Dialog, driver_files: DriverFiles) -> None:
    file = driver_files.describe("valve.yaml", DESCRIBED)
    await dialog.open()
    await dialog.pick("Own")
    file.unlink()
    await driver_files.looked_at()
    await dialog.choose("described_edit")
    assert dialog.step == "described_none"


@pytest.mark.usefixtures("bundled")
async def test_a_copy_of_a_bundled_one_is_used_instead_until_it_is_deleted(
    hass: HomeAssistant, dialog: Dialog, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    entry = await set_up(hass, "own_valve", "relay-1", switch)
    device = entry.runtime_data.device
    await dialog.open()
    assert dialog.words["bundled"] == "- Own \u2217valve\u2217: Fountain"
    await dialog.pick("Own")
    assert "described_delete" not in dialog.shown["menu_options"]
    await dialog.choose("described_copy")
    assert dialog.text == DESCRIBED
    await dialog.fill(text=DESCRIBED.replace("3600", "60"))
    assert dialog.words["about"].splitlines() == [
        "Replaces: Own \u2217valve\u2217",
        "Devices that use it: Fountain",
    ]
    await dialog.choose("described_save", "described")
    assert (dialog.words["own"], dialog.words["bundled"]) == (
        "- Own \u2217valve\u2217: Fountain",
        "",
    )
    assert device.driver.poll == 60
    await dialog.pick("Own")
    await dialog.choose("described_delete")
    await dialog.fill()
    assert device.driver.poll == 3600


async def test_a_described_kind_is_picked_by_maker_and_model(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    driver_files.describe("valve.yaml", WITH_PRODUCTS)
    flow = await menu(hass, "manual")
    schema = flow["data_schema"]
    assert schema is not None
    kinds: Any = schema.schema["driver"]
    labels = {o["value"]: o["label"] for o in kinds.config["options"]}
    assert labels["own_valve"] == "Own *valve* (Acme V1, Acme V2)"
    assert labels["rest_switch"] == "REST switch"
    flow = await go_on(hass, flow, driver="own_valve", host=switch.host, port=switch.port)
    assert flow["step_id"] == "asked"
    schema = flow["data_schema"]
    assert schema is not None
    assert list(schema.schema) == ["Access token"]
    entry = created(await go_on(hass, flow, **{"Access token": "s3cret"}))
    assert entry.options["token"] == "s3cret"
    await comes_online(entry)
    await hass.services.async_call("switch", "turn_on", {"entity_id": "all"}, blocking=True)
    assert switch.state["on"]
