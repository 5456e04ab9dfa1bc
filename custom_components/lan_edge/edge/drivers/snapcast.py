"""Snapcast: JSON-RPC lines over TCP; a server, and its players as children.

From doc/json_rpc_api/control.md of github.com/badaix/snapcast, and from what snapserver 0.26
sends. Whoever sends a command gets the reply, and only others get the notification: both are read
the same way, since a reply comes with the params of its request. The server has several threads:
a status or an update may arrive after a notification of something that changed since it was
written. It has no id of its own (`host.mac` is empty so far): its host's name identifies it.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
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
    register,
)

CLIENT = "client_"  # before the id: a client may be called "main"
PLAYER = (AudioVolume, AudioMute, MediaPlayback, MediaTrackControl, MediaInputSource)
CAN_PLAY = {
    PlaybackCommand.PLAY: "canPlay",
    PlaybackCommand.PAUSE: "canPause",
    PlaybackCommand.STOP: "canControl",
}
CAN_GO = {TrackCommand.NEXT_TRACK: "canGoNext", TrackCommand.PREVIOUS_TRACK: "canGoPrevious"}
MAX_NEWS = 256
ODD = (KeyError, TypeError, AttributeError)  # raised by a message that is not Snapcast's


@register
class Snapcast(Driver[JsonRpc]):
    id = "snapcast"
    discovery = (Mdns("_snapcast-jsonrpc._tcp.local.", manufacturer="Snapcast"),)
    profile = Profile()
    parts = PLAYER
    options = JsonRpcOptions(port=1705, version=True, limit=1024 * 1024)

    def __init__(self, context: DriverContext) -> None:
        super().__init__(context)
        self.server: Json = {"groups": [], "streams": []}  # its last status, kept up to date
        self.meanwhile: deque[tuple[str, Json]] | None = None  # news while a status is under way

    async def identify(self) -> str:
        host = about(await self.status())["host"]
        return str(host["mac"] or host["name"])

    async def connected(self) -> None:
        server = about({"server": self.server})
        self.describe(
            name=self.identity.name or f"Snapcast on {server['host']['name']}",
            manufacturer="Snapcast",
            model=server["snapserver"]["name"],
            firmware=server["snapserver"]["version"],
        )

    async def refresh(self) -> None:
        await self.status()

    async def status(self) -> Json:
        self.meanwhile = deque(maxlen=MAX_NEWS)
        try:
            return object_at(await self.io.call("Server.GetStatus"))
        finally:
            self.meanwhile = None

    # reading it

    def on_message(self, message: JsonRpc.Message) -> None:
        try:
            self.take(message.method, {**message.asked, **message.data})
        except ODD as err:
            raise ReplyError(f"{message.method}: not a message of Snapcast's: {err!r}") from err

    def take(self, method: str, params: Json) -> None:
        if method == "Server.GetStatus":
            self.server = params["server"]
            for news in self.meanwhile or ():
                with suppress(*ODD):  # about something gone by now, or refused before
                    self.apply(*news)
        else:
            if self.meanwhile is not None:
                self.meanwhile.append((method, params))
            self.apply(method, params)
        if "server" in self.server:
            self.report()

    def apply(self, method: str, params: Json) -> None:
        match method:
            case "Server.OnUpdate":  # a stream in it may be older than the stream's own news
                known = {s["id"]: s for s in self.server["streams"]}
                streams = [known.get(s["id"], s) for s in params["server"]["streams"]]
                self.server = {**params["server"], "streams": streams}
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
                pass  # nothing that we show

    def report(self) -> None:
        players = list(self.players())
        self.set_profile(Profile(**{key(c): Component(PLAYER, name(c), True) for c, _ in players}))
        sources = tuple(s["id"] for s in self.server["streams"])
        for client, group in players:
            part, volume = key(client), client["config"]["volume"]
            self.set_available(part, client["connected"])
            self.emit(AudioVolume.volume, volume["percent"], part)
            self.emit(AudioMute.muted, volume["muted"], part)
            self.emit(MediaInputSource.supported_input_sources, sources, part)
            self.emit(MediaInputSource.input_source, group["stream_id"], part)
            if group["stream_id"] in sources:
                self.report_stream(self.stream(group["stream_id"]), part)

    def report_stream(self, stream: Json, part: str) -> None:
        can = stream.get("properties", {})
        commands = tuple(c for c, word in CAN_PLAY.items() if can.get(word) is True)
        ways = tuple(c for c, word in CAN_GO.items() if can.get(word) is True)
        playing = "playing" if stream["status"] == "playing" else "stopped"
        self.emit(MediaPlayback.supported_playback_commands, commands, part)
        self.emit(MediaTrackControl.supported_track_control_commands, ways, part)
        status: Any = can.get("playbackStatus") or playing
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

    # telling it what to do

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
        """The id of the client that the command under way is for."""
        return self.component.removeprefix(CLIENT)

    @property
    def client_group(self) -> Json:
        group: Json = next(g for c, g in self.players() if c["id"] == self.client_id)
        return group


def about(status: Json) -> Json:
    """Return the part of a status about the server and its host; raise ReplyError."""
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
            raise ReplyError("Server.GetStatus: not a reply of Snapcast's")


def by_id(items: Iterable[Json], wanted: str) -> Json:
    """Return the item with that id; raise KeyError."""
    return {item["id"]: item for item in items}[wanted]


def key(client: Json) -> str:
    """Return a client's component."""
    return f"{CLIENT}{client['id']}"


def name(client: Json) -> str:
    """Return a client's name: its own, or else its host's."""
    return str(client["config"]["name"] or client["host"]["name"] or client["id"])
