"""Another device that takes the address of a described one is noticed by what is read anyway."""

import asyncio

from lan_edge import IdentityError, Switch, connect
from tests.drivers.described import compiled
from tests.drivers.house import until

from .charger import TEXT, TOKEN, Charger

BY_STATUS = TEXT.replace("{from: about, path: serial}", "{from: status, path: serial}").replace(
    "talks: http\n", "talks: http\npoll: 1\n"
)


async def test_it_is_refused_at_the_next_reading_and_nothing_more_is_asked() -> None:
    async with Charger().there() as charger:
        charger.state["serial"] = "C-1"
        async with connect(
            compiled(BY_STATUS), charger.address, settings={"token": TOKEN}
        ) as device:
            assert device.identity.unique_id == "C-1"
            before = len(charger.queries)
            charger.state["serial"] = "c-1"  # it is the same, spelled in another way
            await device.commands.refresh()
            assert len(charger.queries) == before + 1
            charger.state |= {"serial": "C-2", "alw": True}
            await until(lambda: not device.available)
            assert isinstance(device.connection.reason, IdentityError)
            assert device.state.get(Switch.switch) is not True


async def test_one_whose_id_is_not_part_of_what_is_read_is_asked_once_a_minute() -> None:
    async with (
        Charger().there() as charger,
        connect(compiled(TEXT), charger.address, settings={"token": TOKEN}) as device,
    ):
        charger.serial = "C-2"
        await asyncio.sleep(80)
        assert not device.available
        assert isinstance(device.connection.reason, IdentityError)
    assert compiled(BY_STATUS).reads_identity
    assert not compiled(TEXT).reads_identity
