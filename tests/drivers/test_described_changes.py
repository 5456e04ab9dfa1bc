"""A text is changed while its device lives: by a name, a part, a transport, an id, a parameter."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from lan_edge import (
    Address,
    CredentialsError,
    Device,
    IdentityError,
    OfflineError,
    Switch,
    UnsupportedError,
    connect,
)
from tests.edge.declarative.compiling.charger import TEXT, TOKEN, Charger
from tests.emulators.worded_switch import WordedSwitch

from .described import compiled
from .house import driven, shows, until
from .worded import text_for

pytestmark = pytest.mark.usefixtures("nothing_left_running")

OWN = "exampleCharger.main."


@pytest.fixture
async def charger() -> AsyncGenerator[Charger]:
    async with Charger().there() as made:
        yield made


@pytest.fixture
async def device(charger: Charger) -> AsyncGenerator[Device]:
    settings = {"token": TOKEN}
    async with driven(compiled(TEXT), charger.address, "C-1", settings=settings) as made:
        yield made


def values_of(device: Device) -> dict[str, object]:
    """Return the known values of the device's main component, by attribute."""
    values = device.state.values()
    return {key[1]: v for key, v in values.items() if key[0] == "main" and v is not None}


async def changed(device: Device, old: str, new: str) -> None:
    """Use another text, in which `old` is `new`."""
    assert old in TEXT
    await device.replace_driver(compiled(TEXT.replace(old, new)))


async def test_a_renamed_value_is_another_one(device: Device) -> None:
    before = values_of(device)
    await changed(device, "      car: {choice", "      vehicle: {choice")
    await device.commands.refresh()
    after = values_of(device)
    assert after.get(f"{OWN}vehicle") == before.get(f"{OWN}car") == "Idle"
    assert f"{OWN}car" not in after
    assert {key: after[key] for key in before.keys() & after.keys()} == {
        key: value for key, value in before.items() if not key.startswith(f"{OWN}car")
    }


async def test_a_removed_part_can_no_longer_be_commanded(device: Device, charger: Charger) -> None:
    text, _, _ = TEXT.partition("  socket_2:")
    await device.commands.execute(Switch.off, {}, "socket_2")
    charger.asked.clear()
    await device.replace_driver(compiled(text))
    with pytest.raises(UnsupportedError):
        await device.commands.execute(Switch.on, {}, "socket_2")
    assert charger.asked == []
    await device.commands.execute(Switch.on, {})
    assert charger.state["alw"] is True
    await device.replace_driver(compiled(TEXT))
    await device.commands.execute(Switch.on, {}, "socket_2")
    assert charger.state["alw2"] is True


async def test_another_place_of_a_value_shows_at_once(device: Device, charger: Charger) -> None:
    charger.meter = {"on": True}
    await changed(device, "{from: status, path: alw}", "{from: meter, path: on}")
    await shows(device, Switch.switch, True)
    assert device.available


async def test_another_identity_is_another_device(device: Device, charger: Charger) -> None:
    record = device.record.as_dict()
    await changed(device, "{from: about, path: serial}", "{from: about, path: fw}")
    device.connection.lost(OfflineError("again"))
    await until(lambda: isinstance(device.connection.reason, IdentityError))
    charger.asked.clear()
    with pytest.raises(OfflineError):
        await device.commands.execute(Switch.on, {})
    assert charger.asked == []
    assert device.record.as_dict() == record
    await device.replace_driver(compiled(TEXT))
    device.connection.sighted(charger.address)
    await until(lambda: device.available)


async def test_a_renamed_secret_is_asked_for(device: Device) -> None:
    await device.replace_driver(compiled(TEXT.replace("token", "key")))
    device.connection.lost(OfflineError("again"))
    await until(lambda: isinstance(device.connection.reason, CredentialsError))
    await device.replace_driver(compiled(TEXT))
    device.connection.sighted(*device.record.addresses)
    await until(lambda: device.available)


async def test_a_new_parameter_has_its_default(device: Device, charger: Charger) -> None:
    await changed(device, "  phases: {kind", "  zone: {default: garden}\n  phases: {kind")
    text = TEXT.replace("  phases: {kind", "  zone: {default: garden}\n  phases: {kind")
    await device.replace_driver(compiled(text.replace("{alw: 1}", '{alw: 1, zone: "0"}')))
    await device.commands.execute(Switch.on, {})
    assert charger.state["alw"] is True


async def test_in_the_middle_of_a_command_it_is_carried_out_once(
    device: Device, charger: Charger
) -> None:
    await device.commands.execute(Switch.on, {})
    charger.asked.clear()
    command = asyncio.create_task(device.commands.execute(Switch.off, {}))
    await until(lambda: charger.asked)  # the second request follows after half a second
    await changed(device, "{alw: 0}", "{alw: 0, amp: 7}")
    await command
    assert charger.asked == ["GET /api/set?amp=6", "GET /api/set?alw=0"]
    await device.commands.execute(Switch.on, {})
    await device.commands.execute(Switch.off, {})
    assert charger.asked[-1] == "GET /api/set?alw=0&amp=7"


async def test_another_transport_is_connected_anew() -> None:
    async with WordedSwitch("lines") as by_lines:
        address = Address(by_lines.host, by_lines.port)
        async with driven(compiled(text_for("lines")), address, "s-1") as device:
            await by_lines.down()
            async with WordedSwitch("frames", port=by_lines.port) as other:
                await device.replace_driver(compiled(text_for("frames")))
                await until(lambda: device.available and other.peers)
                await device.commands.execute(Switch.on, {})
                assert other.state == {"on": True}


async def test_without_its_login_a_text_is_refused_and_with_it_again_there(
    charger: Charger,
) -> None:
    async with connect(compiled(TEXT), charger.address, settings={"token": TOKEN}) as device:
        await changed(device, 'login: {header: {X-Token: "{token}"}}\n', "")
        await until(lambda: not device.available)
        await device.replace_driver(compiled(TEXT))
        await until(lambda: device.available)
