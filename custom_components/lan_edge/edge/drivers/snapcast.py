"""Snapcast: JSON-RPC lines over TCP; a server, and its players as children.

Sources: doc/json_rpc_api/control.md of github.com/badaix/snapcast, and the messages of snapserver
0.26. The sender of a command receives the reply, all other clients the notification. Both are read
the same way, since a reply comes with the params of its request. The server has several threads: a
status or an update may arrive after a notification of something that has changed since it was
written. It reports no id (`host.mac` is still empty), so its host's name identifies it.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from lan_edge import (
    AudioMute,
    AudioVolume,
    Component,
    Driver,
    DriverContext,
    Json,
    JsonRpc,
    JsonRpcOptions,
    KeptMessages,
    Mdns,
    MediaInputSource,
    MediaPlayback,
    MediaTrackControl,
    PlaybackCommand,
    Profile,
    ReplyError,
    TrackCommand,
    handles,
    object_at,
    only_fields,
    register,
)

CLIENT = "client_"  # a prefix, since the id of a client may be "main"
PLAYER = (AudioVolume, AudioMute, MediaPlayback, MediaTrackControl, MediaInputSource)
CAN_PLAY = {
    PlaybackCommand.PLAY: "canPlay",
    PlaybackCommand.PAUSE: "canPause",
    PlaybackCommand.STOP: "canControl",
}
CAN_SKIP = {TrackCommand.NEXT_TRACK: "canGoNext", TrackCommand.PREVIOUS_TRACK: "canGoPrevious"}
MAX_PLAYERS = 256
SERVER = ("server", "host", "mac", "snapserver", "name", "version", "groups", "streams")
GROUP = (
    "id",
    "stream_id",
    "clients",
    "client",
    "connected",
    "config",
    "volume",
    "percent",
    "muted",
)
STREAM = ("stream", "status", "properties", "playbackStatus")
NEEDED = {*SERVER, *GROUP, *STREAM, *CAN_PLAY.values(), *CAN_SKIP.values()}  # of any message
EMPTY: Json = {"groups": [], "streams": []}
MALFORMED = (KeyError, TypeError, AttributeError)  # raised while reading a malformed message


@register
class Snapcast(Driver[JsonRpc]):
    id = "snapcast"
    help = "In the configuration of the server, `[tcp]` must be enabled, as it is by default."
    discovery = (Mdns("_snapcast-jsonrpc._tcp.local.", manufacturer="Snapcast"),)
    profile = Profile()
    parts = PLAYER
    options = JsonRpcOptions(port=1705, version=True, limit=1024 * 1024)
    private = ("host", "name")

    def __init__(self, context: DriverContext) -> None:
        super().__init__(context)
        self.server = EMPTY  # the last status, with later changes
        self.pending: KeptMessages[tuple[str, Json]] | None = None  # since a status was requested

    async def identify(self) -> str:
        host = server_info(await self.status())["host"]
        return str(host["mac"] or host["name"])

    async def connected(self) -> None:
        server = server_info({"server": self.server})
        self.describe(
            name=self.identity.name or f"Snapcast on {server['host']['name']}",
            manufacturer="Snapcast",
            model=server["snapserver"]["name"],
            firmware=server["snapserver"]["version"],
        )

    async def refresh(self) -> None:
        await self.status()

    async def status(self) -> Json:
        self.pending = KeptMessages()
        try:
            return object_at(await self.io.call("Server.GetStatus"))
        finally:
            self.pending = None

    # reading

    def on_message(self, message: JsonRpc.Message) -> None:
        try:
            params = only_fields({**message.asked, **message.data}, NEEDED)
            self.take(message.method, params)
        except MALFORMED as err:
            raise ReplyError(f"{message.method}: not a message from Snapcast: {err!r}") from err

    def take(self, method: str, params: Json) -> None:
        if method == "Server.GetStatus":
            self.server = params["server"]
            for notification in self.pending or ():
                with suppress(*MALFORMED):  # rejected before, or about something removed since
                    self.apply(*notification)
        else:
            if self.pending is not None:
                self.pending.append((method, params))
            self.apply(method, params)
        if "server" in self.server:
            changed, self.server = self.server, EMPTY
            self.server = only_fields(changed, NEEDED)  # many small changes can be too much as well
            self.report()

    def apply(self, method: str, params: Json) -> None:
        match method:
            case "Server.OnUpdate":  # its streams may be older than their own notifications
                known = {s["id"]: s for s in self.server["streams"]}
                streams = [known.get(s["id"], s) for s in params["server"]["streams"]]
                former = {key(client) for client, _ in self.players()}
                self.server = {**params["server"], "streams": streams}
                # the server lists those that are not connected as well, so these were deleted
                self.remove_components(*former - {key(client) for client, _ in self.players()})
            case _ if "server" not in self.server:
                return  # the first status will contain it
            case "Client.OnConnect" | "Client.OnDisconnect":
                self.client(params["id"]).update(params["client"])
            case "Client.SetVolume" | "Client.OnVolumeChanged":
                self.client(params["id"])["config"]["volume"] = params["volume"]
            case "Client.OnNameChanged":
                self.client(params["id"])["config"]["name"] = params["name"]
            case "Group.SetStream" | "Group.OnStreamChanged":
                self.group(params["id"])["stream_id"] = params["stream_id"]
            case "Stream.OnUpdate":
                self.stream(params["id"]).update(params["stream"])
            case "Stream.OnProperties":
                self.stream(params["id"])["properties"] = params["properties"]
            case _:
                pass  # not shown

    def report(self) -> None:
        players = {key(c): (c, group) for c, group in islice(self.players(), MAX_PLAYERS + 1)}
        parts = {part: Component(PLAYER, name(c), True) for part, (c, _) in players.items()}
        self.set_profile(Profile(**parts))
        streams = {s["id"]: s for s in self.server["streams"]}
        sources = tuple(streams)
        for part, (client, group) in players.items():
            volume = client["config"]["volume"]
            self.set_available(part, client["connected"])
            self.emit(AudioVolume.volume, volume["percent"], part)
            self.emit(AudioMute.muted, volume["muted"], part)
            self.emit(MediaInputSource.supported_input_sources, sources, part)
            self.emit(MediaInputSource.input_source, group["stream_id"], part)
            if group["stream_id"] in streams:
                self.report_stream(streams[group["stream_id"]], part)

    def report_stream(self, stream: Json, part: str) -> None:
        properties = stream.get("properties", {})
        commands = tuple(c for c, name in CAN_PLAY.items() if properties.get(name) is True)
        track_commands = tuple(c for c, name in CAN_SKIP.items() if properties.get(name) is True)
        playing = "playing" if stream["status"] == "playing" else "stopped"
        self.emit(MediaPlayback.supported_playback_commands, commands, part)
        self.emit(MediaTrackControl.supported_track_control_commands, track_commands, part)
        status: Any = properties.get("playbackStatus") or playing
        self.emit(MediaPlayback.playback_status, status, part)

    def players(self) -> Iterator[tuple[Json, Json]]:
        """Yield each client, with its group."""
        for group in self.server["groups"]:
            for client in group["clients"]:
                yield client, group

    def client(self, client_id: str) -> Json:
        return by_id((c for c, _ in self.players()), client_id)

    def stream(self, stream_id: str) -> Json:
        return by_id(self.server["streams"], stream_id)

    def group(self, group_id: str) -> Json:
        return by_id(self.server["groups"], group_id)

    # commands

    @handles(AudioVolume.set_volume)
    async def set_volume(self, volume: int) -> None:
        await self.io.call("Client.SetVolume", id=self.client_id, volume={"percent": volume})

    @handles(AudioMute.set_mute)
    async def set_mute(self, state: bool) -> None:
        await self.io.call("Client.SetVolume", id=self.client_id, volume={"muted": state})

    @handles(MediaInputSource.set_input_source)
    async def set_input_source(self, mode: str) -> None:
        await self.io.call("Group.SetStream", id=self.client_group["id"], stream_id=mode)

    @handles(MediaPlayback.play)
    async def play(self) -> None:
        await self.control("play")

    @handles(MediaPlayback.pause)
    async def pause(self) -> None:
        await self.control("pause")

    @handles(MediaPlayback.stop)
    async def stop(self) -> None:
        await self.control("stop")

    @handles(MediaTrackControl.next_track)
    async def next_track(self) -> None:
        await self.control("next")

    @handles(MediaTrackControl.previous_track)
    async def previous_track(self) -> None:
        await self.control("previous")

    async def control(self, command: str) -> None:
        stream = self.client_group["stream_id"]
        await self.io.call("Stream.Control", id=stream, command=command, params={})

    @property
    def client_id(self) -> str:
        """The id of the client that the current command is for."""
        return self.component.removeprefix(CLIENT)

    @property
    def client_group(self) -> Json:
        group: Json = next(g for c, g in self.players() if c["id"] == self.client_id)
        return group


def server_info(status: Json) -> Json:
    """Return the part of a status that describes the server and its host; raise ReplyError."""
    match status:
        case {
            "server": {
                "server": {
                    "host": {"mac": str(), "name": str()},
                    "snapserver": {"name": str(), "version": str()},
                }
            }
        }:
            return object_at(status, "server", "server")
        case _:
            raise ReplyError("Server.GetStatus: not a reply from Snapcast")


def by_id(items: Iterable[Json], wanted: str) -> Json:
    """Return the item with that id; raise KeyError."""
    return {item["id"]: item for item in items}[wanted]


def key(client: Json) -> str:
    """Return the component of a client."""
    return f"{CLIENT}{client['id']}"


def name(client: Json) -> str:
    """Return the name of a client, or else that of its host."""
    return str(client["config"]["name"] or client["host"]["name"] or client["id"])
