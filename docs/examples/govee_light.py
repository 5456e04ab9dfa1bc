"""Govee light: the LAN API; JSON over UDP, asked by a multicast group, answers to port 4002."""

from typing import Any

from lan_edge import (
    Driver,
    JsonCodec,
    Profile,
    Switch,
    Udp,
    UdpOptions,
    UdpProbe,
    handles,
    object_at,
    register,
)

SCAN = b'{"msg": {"cmd": "scan", "data": {"account_topic": "reserve"}}}'


@register
class GoveeLight(Driver[Udp]):
    id = "govee_light"
    help = "In the Govee app, turn on *LAN Control* in the settings of the light."
    discovery = (
        UdpProbe(
            4001,
            SCAN,
            group="239.255.255.250",
            answer_port=4002,
            unique_id="{reply[msg.data.device]}",
            name="Govee {reply[msg.data.sku]}",
            model="{reply[msg.data.sku]}",
            port="4003",
        ),
    )
    profile = Profile(Switch)
    options = UdpOptions(port=4003, local_port=4002, codec=JsonCodec, any_port=True)

    def message(self, command: str, **data: int) -> dict[str, Any]:
        return {"msg": {"cmd": command, "data": data}}

    async def refresh(self) -> None:
        await self.io.ask(self.message("devStatus"), match=is_status)

    def on_message(self, message: Any) -> None:
        if is_status(message):
            status = object_at(message, "msg", "data")
            self.emit_field(Switch.switch, status, "onOff", convert=bool)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        self.io.send(self.message("turn", value=1))

    @handles(Switch.off)
    async def turn_off(self) -> None:
        self.io.send(self.message("turn", value=0))


def is_status(message: Any) -> bool:
    """Return whether a message is the answer to a question for the state."""
    return bool(object_at(message, "msg").get("cmd") == "devStatus")
