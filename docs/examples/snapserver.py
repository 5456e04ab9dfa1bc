"""Snapserver: JSON-RPC 2.0 over TCP on port 1705; each player is a device of its own.

Its protocol: https://github.com/badaix/snapcast/blob/master/doc/json_rpc_api/control.md
"""

from typing import Any

from lan_edge import (
    AudioMute,
    AudioVolume,
    Component,
    Driver,
    Json,
    JsonRpc,
    JsonRpcOptions,
    Mdns,
    Profile,
    handles,
    id_at,
    objects_at,
    optional_object,
    register,
    text_at,
)


@register
class MySnapserver(Driver[JsonRpc]):
    id = "my_snapserver"
    discovery = (Mdns("_snapcast-jsonrpc._tcp.local."),)
    profile = Profile()
    parts = (AudioVolume, AudioMute)
    options = JsonRpcOptions(port=1705, version=True)

    async def identify(self) -> str:
        status = await self.io.call("Server.GetStatus")
        return id_at(status, "server", "server", "host", "name")  # its MAC is empty

    async def refresh(self) -> None:
        await self.io.call("Server.GetStatus")

    def on_message(self, message: JsonRpc.Message) -> None:
        match message.method:
            case "Server.GetStatus" | "Server.OnUpdate":
                self.show_players(message.data)
            case "Client.SetVolume":
                self.show_volume(id_at(message.asked, "id"), message.data)
            case "Client.OnVolumeChanged":
                self.show_volume(id_at(message.data, "id"), message.data)
            case "Client.OnConnect" | "Client.OnDisconnect" | "Client.OnNameChanged":
                self.refresh_soon()
            case _:
                pass

    def show_players(self, status: Json) -> None:
        groups = objects_at(status, "server", "groups")
        listed = [player for group in groups for player in objects_at(group, "clients")]
        players = {id_at(player, "id"): player for player in listed}
        parts = {id_: Component(self.parts, named(p), child=True) for id_, p in players.items()}
        self.set_profile(Profile(**parts))
        for id_, player in players.items():
            self.set_available(id_, player.get("connected") is True)
            self.show_volume(id_, optional_object(player, "config"))

    def show_volume(self, player: str, config: Json) -> None:
        volume = optional_object(config, "volume")
        self.emit_field(AudioVolume.volume, volume, "percent", player)
        self.emit_field(AudioMute.muted, volume, "muted", player)

    @handles(AudioVolume.set_volume)
    async def set_volume(self, volume: int) -> None:
        await self.change(percent=volume)

    @handles(AudioMute.set_mute)
    async def set_mute(self, state: bool) -> None:
        await self.change(muted=state)

    async def change(self, **volume: Any) -> None:
        """Set a part of the volume; the server leaves the other as it is."""
        await self.io.call("Client.SetVolume", id=self.component, volume=volume)


def named(player: Json) -> str:
    """Return the name that its user gave a player, or that of its host."""
    config, host = optional_object(player, "config"), optional_object(player, "host")
    return text_at(config, "name") or text_at(host, "name")
