"""Devices that their owners describe in the dialog; nothing finds them on the network."""

import json
from typing import Any, override

from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.posting_relay import PostingRelay
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.session_switch import PASSWORD, USER, SessionSwitchEmulator
from tests.real.client import Json

from .described import LOUD, QUIET, NetworkChime, Owned, OwnedChime, SocketLamp, bind_again, stay
from .described_others import NetworkPlug, OwnedPlug, start_again
from .dialog import Dialog
from .home import Change

SOAP_PATH = "/upnp/control/basicevent1"
SERVICE = "urn:Belkin:service:basicevent:1"
LOGIN = "admin:s3cret"
ON_OFF = (("on", "true"), ("off", "false"))


class ToldRelay(PostingRelay):
    """A relay whose URL was entered in it by its owner: a restart does not forget that."""

    @override
    async def down(self) -> None:
        url = self.url
        await super().down()
        self.url = url


class OwnedGong(OwnedChime):
    """A chime whose volume is a number."""

    @override
    def order(self, *, on: bool) -> tuple[str, Json]:
        return "number.set_value", {"value": LOUD if on else QUIET}

    @override
    def shows(self, change: Change, *, on: bool) -> bool:
        return change.state == str(LOUD if on else QUIET)


async def by_lines(dialog: Dialog, owned: Owned) -> None:
    """Describe a light by lines of JSON, which reports its changes and says who it is."""
    await dialog.begin("describe", "describe_talks")
    await dialog.fill("describe_talks", talks="json_lines")
    place = {"host": owned.host.address, "port": 5577}
    await dialog.fill("describe_address", **place, message='{"id": 1, "method": "get"}')
    await heard(dialog, owned, "state: ", level=30)
    await light(dialog, '{{"id": 2, "method": "set", "params": {{"{}": {}}}}}')
    await asked_too(dialog, '{"id": 1, "method": "info"}')
    await finish(dialog, "Desk bulb", "info: id = ")


async def by_websocket(dialog: Dialog, owned: Owned) -> None:
    """Describe a light by a WebSocket, whose answers say who it is."""
    await dialog.begin("describe", "describe_talks")
    await dialog.fill("describe_talks", talks="websocket")
    place = {"host": owned.host.address, "port": 8081, "path": "/ws"}
    await dialog.fill("describe_address", **place, message='{"id": {number}, "do": "read"}')
    await heard(dialog, owned, '{"on": ', level=30)
    await light(dialog, '{{"id": {{number}}, "do": "write", "{}": {}}}', answered=True)
    await finish(dialog, "Attic lamp", "serial = ")


async def light(dialog: Dialog, message: str, **given: Any) -> None:
    """Add a light, and try its commands."""
    await dialog.choose("describe_add")
    await dialog.fill("describe_add", kind="light")
    level = {"field": dialog.option("field", "on = "), "level": dialog.option("level", "level = ")}
    await read(dialog, **level)
    for value in ("true", "false"):
        await send(dialog, "describe_send", message=message.format("on", value), **given)
    level = {"message": message.format("level", "{value}"), "value": "80"}
    await send(dialog, "describe_send_value", **level, **given)


async def by_datagrams(dialog: Dialog, owned: Owned) -> None:
    """Describe a number by datagrams; a second request says who the device is."""
    await dialog.begin("describe", "describe_talks")
    await dialog.fill("describe_talks", talks="udp")
    ask = '{"id": {number}, "method": "status"}'
    await dialog.fill("describe_address", host=owned.host.address, port=38101, message=ask)
    await heard(dialog, owned, '{"volume": 7', volume=7)
    await dialog.choose("describe_add")
    await dialog.fill("describe_add", kind="number", name="Volume")
    await read(dialog, field=dialog.option("field", "volume = "))
    change = '{"id": {number}, "method": "set", "volume": {value}}'
    await send(dialog, "describe_send_value", message=change, value="20", answered=True)
    await asked_too(dialog, '{"id": {number}, "method": "hello"}')
    await finish(dialog, "Gong", "hello: mac = ")


async def by_soap(dialog: Dialog, owned: Owned) -> None:
    """Describe fauxmo: XML by POST, and another document that says who it is."""
    await dialog.begin("describe", "describe_talks")
    await dialog.fill("describe_talks", talks="http")
    place = {"host": owned.host.address, "port": 49153, "path": SOAP_PATH}
    await dialog.fill("describe_where", **place, request=soap("GetBinaryState"))
    await dialog.choose("describe_add")
    await dialog.fill("describe_add", kind="switch")
    await read(dialog, field=dialog.option("field", "Body/"))
    for state in "10":
        sent = soap("SetBinaryState", f"<BinaryState>{state}</BinaryState>")
        await send(dialog, "describe_command", path=SOAP_PATH, **sent)
    await dialog.choose("describe_request")
    await dialog.fill("describe_request", path="/setup.xml")
    await dialog.choose("describe_overview")
    await finish(dialog, "Garage plug", "setup_xml: device/UDN = ")


def soap(action: str, arguments: str = "") -> Json:
    """Return a request as its documentation has it, for the form."""
    body = (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f'<u:{action} xmlns:u="{SERVICE}">{arguments}</u:{action}></s:Body></s:Envelope>'
    )
    headers = ['Content-Type: text/xml; charset="utf-8"', f'SOAPACTION: "{SERVICE}#{action}"']
    return {"method": "POST", "body_kind": "none", "body": body, "headers": headers}


async def by_posts(dialog: Dialog, owned: Owned) -> None:
    """Describe a relay that posts its changes to a URL, which is entered in it."""
    await dialog.begin("describe", "describe_talks")
    await dialog.fill("describe_talks", talks="posts")
    await dialog.fill("describe_posts", host=owned.host.address, port=8082, path="/relay")
    await dialog.choose("describe_listen")
    url = dialog.step["description_placeholders"]["url"].strip("`")
    owned.resident.device.url = url
    await owned.turned(on=True)
    await dialog.fill("describe_listen_url")
    await dialog.fill("describe_heard", message=dialog.option("message", '{"on": true}'))
    await dialog.choose("describe_add")
    await dialog.fill("describe_add", kind="switch")
    await read(dialog, field=dialog.option("field", "on = "))
    for _, value in ON_OFF:
        sent = {"path": "/relay", "method": "PUT", "body_kind": "json"}
        await send(dialog, "describe_command", **sent, body=f'{{"on": {value}}}')
    await finish(dialog, "Gate relay", "serial = ")


async def by_curl(dialog: Dialog, owned: Owned) -> None:
    """Describe a switch with a login by its curl command; the password is wrong at first."""
    curl = f"curl -u {LOGIN} http://{owned.host.address}:8080/switch"
    await dialog.begin("describe", "describe_curl")
    await dialog.fill("describe_curl", text=curl)
    user, _, password = LOGIN.partition(":")
    entered = {"username": user, "password": "wrong"}
    place = {"host": owned.host.address, "port": 8080}
    refused = await dialog.refused("describe_access", **place, parameters=entered)
    assert refused == {"base": "credentials"}
    entered["password"] = password
    await dialog.fill("describe_access", **place, parameters=entered)
    await words(dialog)
    await finish(dialog, "Hall switch")


async def by_session(dialog: Dialog, owned: Owned) -> None:
    """Describe a switch that wants a login by a request first, which gives a token."""
    await dialog.begin("describe", "describe_talks")
    await dialog.fill("describe_talks", talks="http")
    place = {"host": owned.host.address, "port": 8083, "path": "/switch"}
    await dialog.fill("describe_where", **place, access={"login": "session"})
    body = json.dumps({"user": "{username}", "password": "{password}"})
    login = {"login_path": "/login", "login_message": body, "login_token": "token"}
    entered = {**login, "username": USER, "password": "wrong"}
    assert await dialog.refused("describe_login", **entered) == {"base": "credentials"}
    await dialog.fill("describe_login", **{**entered, "password": PASSWORD})
    await words(dialog)
    await finish(dialog, "Porch switch")


async def words(dialog: Dialog) -> None:
    """Add a switch that is read, and told, by a word."""
    await dialog.choose("describe_add")
    await dialog.fill("describe_add", kind="switch")
    await read(dialog, field=dialog.option("field", '"off"'))
    for word, _ in ON_OFF:
        sent = {"path": "/switch", "method": "POST", "body_kind": "text", "body": word}
        await send(dialog, "describe_command", **sent)


async def heard(dialog: Dialog, owned: Owned, beginning: str, **change: Any) -> None:
    """Listen while something is changed at the device, and pick the message that begins so."""
    await dialog.choose("describe_listen")
    await owned.resident.do(lambda device: device.change(**change))
    await dialog.fill("describe_listen")
    await dialog.fill("describe_heard", message=dialog.option("message", beginning))


async def read(dialog: Dialog, **picked: str) -> None:
    """Pick what is read; what is guessed of it is shown once more, and right."""
    await dialog.fill("describe_state", **picked)
    if (step := dialog.step["step_id"]) in {"describe_guess", "describe_guess_number"}:
        await dialog.fill(step)


async def send(dialog: Dialog, step: str, **given: Any) -> None:
    """Fill in a command, try it, and go on."""
    await dialog.fill(step, **given, **{"try": True})
    assert dialog.step["step_id"] == "describe_tried", dialog.step
    await dialog.choose("describe_keep")


async def asked_too(dialog: Dialog, message: str) -> None:
    """Add another message that the device is asked."""
    await dialog.choose("describe_request")
    await dialog.fill("describe_message", message=message)
    await dialog.choose("describe_overview")


async def finish(dialog: Dialog, name: str, identity: str = "") -> None:
    """Name the device, pick what no other one has, and add it."""
    await dialog.choose("describe_finish")
    picked = {"identity": dialog.option("identity", identity)} if identity else {}
    await dialog.fill("describe_finish", name=name, **picked)


def owned_by_dialog() -> list[Owned]:
    """Return one for each way to describe a device."""
    return [
        OwnedPlug(
            *("garage_plug", "", "", lambda _: NetworkPlug("Garage"), stay, start_again),
            says_why=False,
            is_polled=True,
            describe=by_soap,
        ),
        Owned(
            *("desk_bulb", "", "", lambda h: JsonBulbEmulator(h, 5577, id="desk-1", name="Desk")),
            platform="light",
            describe=by_lines,
        ),
        OwnedGong(
            *("gong", "", "", lambda _: NetworkChime(38101, "f6e5d4c3b2a1"), stay, bind_again),
            platform="number",
            says_why=False,
            describe=by_datagrams,
        ),
        Owned(
            *("attic_lamp", "", "", lambda h: SocketLamp(h, "ws-2", announce=False)),
            platform="light",
            says_why=False,
            describe=by_websocket,
        ),
        Owned(
            *("gate_relay", "", "", lambda h: ToldRelay(h, 8082, id="gate-1")),
            describe=by_posts,
        ),
        Owned(
            *("hall_switch", "", "", lambda h: RestSwitchEmulator(h, 8080, login=LOGIN)),
            says_who=False,
            is_polled=True,
            describe=by_curl,
        ),
        Owned(
            *("porch_switch", "", "", lambda h: SessionSwitchEmulator(host=h, port=8083)),
            says_who=False,
            is_polled=True,
            describe=by_session,
        ),
    ]
