"""Speaker: UPnP MediaRenderer; RenderingControl has volume and mute, LastChange reports both."""

from lan_edge import (
    AudioMute,
    AudioVolume,
    Driver,
    Profile,
    Ssdp,
    Upnp,
    UpnpOptions,
    handles,
    register,
)

RENDERING = "urn:schemas-upnp-org:service:RenderingControl:1"


@register
class Speaker(Driver[Upnp]):
    id = "speaker"
    discovery = (Ssdp("urn:schemas-upnp-org:device:MediaRenderer:1", unique_id="{usn.uuid}"),)
    profile = Profile(AudioVolume, AudioMute)
    options = UpnpOptions(description="")

    async def identify(self) -> str:
        return (await self.io.description())["UDN"].removeprefix("uuid:")

    async def connected(self) -> None:
        await self.io.subscribe(RENDERING)

    async def refresh(self) -> None:
        volume = (await self.call("GetVolume"))["CurrentVolume"]
        mute = (await self.call("GetMute"))["CurrentMute"]
        self.emit_parsed(AudioVolume.volume, volume)
        self.emit(AudioMute.muted, mute in {"1", "true"})

    def on_message(self, message: Upnp.Event) -> None:
        if "LastChange" in message.variables:
            self.refresh_soon()

    async def call(self, action: str, **arguments: object) -> dict[str, str]:
        return await self.io.action(RENDERING, action, InstanceID=0, Channel="Master", **arguments)

    @handles(AudioVolume.set_volume)
    async def set_volume(self, volume: int) -> None:
        await self.call("SetVolume", DesiredVolume=volume)

    @handles(AudioMute.set_mute)
    async def set_mute(self, state: bool) -> None:
        await self.call("SetMute", DesiredMute=int(state))
