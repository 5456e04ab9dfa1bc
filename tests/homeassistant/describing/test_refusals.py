"""A device that says only in its answers whether a command has worked."""

from collections.abc import AsyncGenerator
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.lan_edge.describing.refusals import refusals_of
from custom_components.lan_edge.describing.success import says_success
from custom_components.lan_edge.describing.worked_form import (
    CONF_WORKED,
    suggested_worked,
    take_worked,
)
from lan_edge import AnswerField, DescriptionDraft, FieldKind, TrialAnswer, description_values
from lan_edge.declarative.picking.fields import fields_of
from lan_edge.declarative.reading import ValueReading
from lan_edge.declarative.reading.received import Received

from ..driver_folder import DriverFiles
from ..entries import comes_online
from ..flow_steps import created, go_on, suggested, words
from ..states import becomes, call, state
from .dialog import GET, NO_LOGIN, choose, empty_form, option, options_of
from .garage import Garage
from .test_changing import Dialog

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")


@pytest.fixture
async def garage() -> AsyncGenerator[Garage]:
    async with Garage() as made:
        yield made


async def value_of_door(hass: HomeAssistant, garage: Garage) -> Any:
    """Begin to describe the device, up to its first command."""
    place = {"host": garage.host, "port": garage.port, "path": "/jc"}
    flow = await go_on(hass, await empty_form(hass), **place, access=NO_LOGIN, request=GET)
    flow = await choose(hass, flow, "describe_add")
    flow = await go_on(hass, flow, kind="switch")
    return await go_on(hass, flow, field=option(flow, "field", "door = "))


async def tried(hass: HomeAssistant, flow: Any, command: str, key: str = "opendoor") -> Any:
    """Fill in a command, and try it."""
    path = f"/cc?dkey={key}&{command}=1"
    return await go_on(hass, flow, path=path, **GET, **{"try": True})


async def last_step(hass: HomeAssistant, garage: Garage) -> Any:
    """Describe the device up to the last step: both commands have worked."""
    flow = await value_of_door(hass, garage)
    for command in ("open", "close"):
        flow = await tried(hass, flow, command)
        flow = await choose(hass, flow, "describe_keep")
    return await choose(hass, flow, "describe_finish")


def described(driver_files: DriverFiles) -> dict[str, Any]:
    [file] = driver_files.devices.glob("*.yaml")
    return dict(description_values(file.read_text()))


async def test_a_command_that_is_refused_fails(
    hass: HomeAssistant, garage: Garage, driver_files: DriverFiles
) -> None:
    flow = await last_step(hass, garage)
    assert options_of(flow, CONF_WORKED) == ["result = 1"]
    assert suggested(flow)[CONF_WORKED] == "result = 1"
    entry = created(await go_on(hass, flow, name="Garage", worked="result = 1"))
    assert described(driver_files)["refused"] == {"when": {"path": "result"}, "unless": 1}
    await comes_online(entry)
    await call(hass, "switch.turn_on", "switch.garage")
    await becomes(hass, "switch.garage", "on")
    garage.key = "another"
    with pytest.raises(HomeAssistantError, match=r'Garage refused: .*\{"result": 2\}'):
        await call(hass, "switch.turn_off", "switch.garage")
    assert (state(hass, "switch.garage"), garage.door) == ("on", 1)

    dialog = Dialog(hass, entry)
    await dialog.open("describe_change", "describe_save")
    assert dialog.suggested[CONF_WORKED] == "result = 1"
    before = described(driver_files)
    await dialog.fill(**dialog.suggested)
    assert described(driver_files) == before
    await dialog.open("describe_change", "describe_save")
    del (entered := dialog.suggested)[CONF_WORKED]
    await dialog.fill(**entered)
    assert described(driver_files) == {k: v for k, v in before.items() if k != "refused"}


async def test_it_can_be_cleared(
    hass: HomeAssistant, garage: Garage, driver_files: DriverFiles
) -> None:
    created(await go_on(hass, await last_step(hass, garage), name="Garage"))
    assert "refused" not in described(driver_files)


async def test_an_answer_that_looks_like_a_refusal_is_told(
    hass: HomeAssistant, garage: Garage
) -> None:
    flow = await tried(hass, await value_of_door(hass, garage), "open", "wrong")
    doubt = "- The device says: `result = 2`. That looks like a refusal."
    assert words(flow)["meaning"].splitlines()[0] == doubt
    flow = await choose(hass, flow, "describe_look_again")
    assert words(flow)["meaning"].splitlines()[0] == doubt
    flow = await choose(hass, flow, "describe_keep")  # after all
    flow = await choose(hass, await tried(hass, flow, "close", "wrong"), "describe_keep")
    flow = await choose(hass, flow, "describe_finish")
    assert options_of(flow, CONF_WORKED) == ["result = 2"]
    assert not suggested(flow)[CONF_WORKED]


async def test_what_the_reported_state_has_too_is_not_offered(
    hass: HomeAssistant, garage: Garage
) -> None:
    garage.reported = {"result": {"door": 0}}
    flow = await last_step(hass, garage)
    assert CONF_WORKED not in flow["data_schema"].schema


def answer(text: str) -> TrialAnswer:
    received = Received(text)
    return TrialAnswer(text, tuple(fields_of(received)), received=received)


@pytest.mark.parametrize(
    ("worked", "offered", "certain"),
    [
        (['{"error": null, "ok": true}'], ["error = null", "ok = true"], "ok = true"),
        (['{"error": null}', '{"error": null}'], ["error = null"], "error = null"),
        (['{"result": 1}', '{"result": 2}'], [], ""),
        (['{"result": "1"}', '{"result": 1}'], ['result = "1"'], 'result = "1"'),
        (['{"status": "on", "a": {"b": 5}}'], ['status = "on"', "a.b = 5"], ""),
        (['{"result": 1}', "done"], [], ""),
        (['[{"result": 1}]'], [], ""),
        (["OK"], [], ""),
        (['{"result": "\\u0007"}'], [], ""),
        ([], [], ""),
    ],
)
def test_what_is_offered_and_filled_in(worked: list[str], offered: list[str], certain: str) -> None:
    draft, answers = DescriptionDraft(), [answer(each) for each in worked]
    refusals = refusals_of(draft, answers, [answer('{"on": true}')])
    assert list(refusals) == offered
    assert suggested_worked(draft, refusals, answers) == {CONF_WORKED: certain}


@pytest.mark.parametrize(
    ("login", "certain"), [("session", ""), ("send", ""), ("basic", "result = 1")]
)
def test_where_a_request_logs_in_nothing_is_certain(login: str, certain: str) -> None:
    draft, answers = DescriptionDraft(), [answer('{"result": 1}')]
    draft.values["login"] = {login: {}}
    refusals = refusals_of(draft, answers, [])
    assert list(refusals) == ["result = 1"]
    assert suggested_worked(draft, refusals, answers) == {CONF_WORKED: certain}


def test_what_a_text_does_not_say_is_offered_later_but_not_filled_in() -> None:
    draft = DescriptionDraft()
    refusals = refusals_of(draft, [answer('{"result": 1}')], [])
    assert list(refusals) == ["result = 1"]
    assert suggested_worked(draft, refusals) == {CONF_WORKED: ""}


@pytest.mark.parametrize(
    ("worked", "refused", "shown"),
    [
        ('{"errno": 0}', {"when": {"path": "errno"}}, "errno = 0 / false / null"),
        ('{"error": ""}', {"when": {"path": "error"}}, "error = 0 / false / null"),
        ('{"err": "none"}', {"when": {"path": "err"}, "unless": "none"}, 'err = "none"'),
        ('{"ret": 0}', {"when": {"path": "ret"}, "unless": 0}, "ret = 0"),
        ('{"ok": true}', {"when": {"path": "ok"}, "unless": True}, "ok = true"),
        ('{"code": 200.0}', {"when": {"path": "code"}, "unless": 200}, "code = 200"),
    ],
)
def test_what_is_written_is_shown_later(worked: str, refused: dict[str, Any], shown: str) -> None:
    draft, answers = DescriptionDraft(), [answer(worked)]
    refusals = refusals_of(draft, answers, [])
    take_worked(draft, suggested_worked(draft, refusals, answers), refusals)
    assert draft.values["refused"] == refused
    later = refusals_of(draft, [], [])
    assert suggested_worked(draft, later) == {CONF_WORKED: shown}
    take_worked(draft, {CONF_WORKED: shown}, later)
    assert draft.values["refused"] == refused


@pytest.mark.parametrize(
    "refused",
    [
        {"pattern": "ERR"},
        {"when": {"path": "result"}, "equals": 2},
        {"when": {"path": "result", "word": 0}, "unless": 1},
    ],
)
def test_what_the_form_cannot_say_stays(refused: dict[str, Any]) -> None:
    draft = DescriptionDraft()
    draft.values["refused"] = refused
    refusals = refusals_of(draft, [answer('{"result": 1}')], [])
    assert not refusals
    take_worked(draft, {}, refusals)
    assert draft.values["refused"] == refused


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("result", 1, True),
        ("result", 2, False),
        ("result", "OK", True),
        ("result", "wrong key", False),
        ("result", "on", None),
        ("result", None, None),
        ("data.errorCode", 0, True),
        ("error_no", 7, False),
        ("error", None, True),
        ("error", "No error", True),
        ("error", "ok", None),
        ("error", True, False),
        ("err", "E5", False),
        ("success", False, False),
        ("success", "true", True),
        ("ok", 0, False),
        ("ok", 200, False),
        ("code", 200, True),
        ("code", "404", False),
        ("status", "success", True),
        ("status", "failed", False),
        ("status", "idle", None),
        ("status", 1, None),
        ("status", True, None),
        ("door", 1, None),
    ],
)
def test_what_a_value_says(name: str, value: Any, says: bool | None) -> None:
    field = AnswerField(FieldKind.PATH, name, value, ValueReading(path=name))
    assert says_success(field) is says
