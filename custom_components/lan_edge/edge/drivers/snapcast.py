"""Snapcast: JSON-RPC lines over TCP; a server, and its players as children.

Sources: doc/json_rpc_api/control.md of github.com/badaix/snapcast, and the messages of snapserver
0.26. The sender of a command receives the reply, all other clients the notification. Both are read
the same way, since a reply comes with the params of its request. The server has several threads: a
status, an update or a reply may arrive after a notification of something that has changed since it
was written, and something may be notified that no status has listed yet. It reports no id
(`host.mac` is still empty), so its host's name identifies it. The first client of a group counts as
its leader, since groups have none; `Group.SetClients` keeps their order, and gives each client that
it removes a group of its own with the same stream.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from lan_edge import (
    ArgumentError,
    AudioMute,
    AudioVolume,
    Component,
    Driver,
    DriverContext,
    GroupRole,
    Json,
    JsonRpc,
    JsonRpcOptions,
    KeptMessages,
    Mdns,
    MediaGroup,
    MediaInputSource,
    MediaPlayback,
    MediaTrackControl,
    PlaybackCommand,
    Profile,
    ReplyError,
    TrackCommand,
    handles,
    list_at,
    object_at,
    objects_at,
    only_fields,
    optional_object,
    register,
    text_at,
)

CLIENT = "client_"  # a prefix, since the id of a client may be "main"
PLAYER = (AudioVolume, AudioMute, MediaPlayback, MediaTrackControl, MediaInputSource, MediaGroup)
CAN_PLAY = {
    PlaybackCommand.PLAY: "canPlay",
    PlaybackCommand.PAUSE: "canPause",
    PlaybackCommand.STOP: "canControl",
}
CAN_SKIP = {TrackCommand.NEXT_TRACK: "canGoNext", TrackCommand.PREVIOUS_TRACK: "canGoPrevious"}
UNTOLD = (None, "", "unknown")  # of a playback status, or of a stream's own status
IDLE = {"idle": "stopped", "disabled": "stopped"}  # a stream's own status
ANNOUNCED = "Snapcast"  # the name of every server in its announcement
MAX_PLAYERS, MAX_UNLISTED, MAX_REQUESTS = 256, 256, 2
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


class UnlistedError(ReplyError):
    """A message is about something that no status has listed yet; the text is its id."""


@register
class Snapcast(Driver[JsonRpc]):
    id = "snapcast"
    help = "In the server's configuration, `[tcp]` must be enabled, as it is by default."
    discovery = (Mdns("_snapcast-jsonrpc._tcp.local.", manufacturer="Snapcast"),)
    profile = Profile()
    parts = PLAYER
    options = JsonRpcOptions(port=1705, version=True, limit=1024 * 1024)
    private = ("host", "name")

    def __init__(self, context: DriverContext) -> None:
        super().__init__(context)
        self.server = EMPTY  # the last status, with later changes
        self.pending: KeptMessages[tuple[str, Json]] | None = None  # since a status was requested
        self.on_their_way = 0  # the statuses that are requested
        self.commanded: dict[str, bool] = {}  # the ids, and whether another change was notified
        self.requests = Counter[str]()  # of a status, by the id that no status lists

    async def identify(self) -> str:
        host = object_at(await self.status(), "server", "server", "host")
        if own_id := text_at(host, "mac") or text_at(host, "name"):
            return own_id
        raise ReplyError("Server.GetStatus: the host has no name")

    async def connected(self) -> None:
        self.requests.clear()
        host = text_at(optional_object(self.server, "server", "host"), "name")
        server = optional_object(self.server, "server", "snapserver")
        has_name = self.identity.name not in {"", ANNOUNCED}
        self.describe(
            name=self.identity.name if has_name else (host and f"Snapcast on {host}"),
            manufacturer="Snapcast",
            model=text_at(server, "name"),
            firmware=text_at(server, "version"),
        )

    async def refresh(self) -> None:
        await self.status()

    async def status(self) -> Json:
        if not self.on_their_way:
            self.pending = KeptMessages()
        self.on_their_way += 1
        try:
            return object_at(await self.io.call("Server.GetStatus"))
        finally:
            self.on_their_way -= 1
            if not self.on_their_way:
                self.pending = None

    # reading

    def on_message(self, message: JsonRpc.Message) -> None:
        try:
            params = only_fields({**message.asked, **message.data}, NEEDED)
            if not message.is_reply and (changed := text_at(params, "id")) in self.commanded:
                self.commanded[changed] = True
            self.take(message.method, params)
        except UnlistedError as err:
            self.request_status(str(err))
        except MALFORMED as err:
            raise ReplyError(f"{message.method}: not a message from Snapcast: {err!r}") from err

    def request_status(self, unlisted: str) -> None:
        """Request a status for something that may be in it: streams that only feed others are not.

        The first one can have been written before what has been notified.
        """
        if self.requests[unlisted] < MAX_REQUESTS and len(self.requests) <= MAX_UNLISTED:
            self.requests[unlisted] += 1
            self.refresh_soon()

    def take(self, method: str, params: Json) -> None:
        if method == "Server.GetStatus":
            self.server = object_at(params, "server")
            for notification in self.pending or ():
                with suppress(*MALFORMED, UnlistedError):  # rejected before, or removed since
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
            case "Server.OnUpdate" | "Group.SetClients":
                self.update(object_at(params, "server"))
            case _ if "server" not in self.server:
                return  # the first status will contain it
            case "Client.OnConnect" | "Client.OnDisconnect":
                self.client(params["id"]).update(params["client"])
            case "Client.SetVolume" | "Client.OnVolumeChanged":
                self.config(params["id"])["volume"] = params["volume"]
            case "Client.OnNameChanged":
                self.config(params["id"])["name"] = params["name"]
            case "Group.SetStream" | "Group.OnStreamChanged":
                self.group(params["id"])["stream_id"] = params["stream_id"]
            case "Stream.OnUpdate":
                self.stream(params["id"]).update(params["stream"])
            case "Stream.OnProperties":
                self.stream(params["id"])["properties"] = params["properties"]
            case _:
                pass  # not shown

    def update(self, server: Json) -> None:
        """Take the server as it is now; its streams may be older than their own notifications."""
        known = {s["id"]: s for s in items(self.server, "streams")}
        streams = [known.get(s["id"], s) for s in items(server, "streams")]
        former = {key(client) for client, _ in self.players()}
        self.server = {**server, "streams": streams}
        with suppress(*MALFORMED):  # then nothing is known to be gone
            if lists_all(server):  # also those that are not connected, so the others were deleted
                self.remove_components(*former - {key(client) for client, _ in self.players()})

    def report(self) -> None:
        players = {key(c): (c, group) for c, group in islice(self.players(), MAX_PLAYERS + 1)}
        parts = {part: Component(PLAYER, name(c), True) for part, (c, _) in players.items()}
        self.set_profile(Profile(**parts))
        streams = {s["id"]: s for s in items(self.server, "streams")}
        sources = tuple(streams)
        for part, (client, group) in players.items():
            source: Any = group.get("stream_id")
            volume: Any = optional_object(client, "config", "volume")
            self.set_available(part, client.get("connected") is not False)
            self.emit(AudioVolume.volume, volume.get("percent"), part)
            self.emit(AudioMute.muted, volume.get("muted"), part)
            self.emit(MediaInputSource.supported_input_sources, sources, part)
            self.emit(MediaInputSource.input_source, source, part)
            self.report_stream(streams.get(text_at(group, "stream_id"), {}), part)
            self.report_group(group, part)

    def report_stream(self, stream: Json, part: str) -> None:
        properties = optional_object(stream, "properties")
        commands = tuple(c for c, name in CAN_PLAY.items() if properties.get(name) is True)
        track_commands = tuple(c for c, name in CAN_SKIP.items() if properties.get(name) is True)
        self.emit(MediaPlayback.supported_playback_commands, commands, part)
        self.emit(MediaTrackControl.supported_track_control_commands, track_commands, part)
        reported = (properties.get("playbackStatus"), stream.get("status"))
        status: Any = next((each for each in reported if each not in UNTOLD), None)
        status = IDLE.get(status, status) if isinstance(status, str) else status
        self.emit(MediaPlayback.playback_status, status, part)

    def report_group(self, group: Json, part: str) -> None:
        leader, *others = [key(client) for client in items(group, "clients")]
        role = GroupRole.PRIMARY if part == leader else GroupRole.AUXILIARY
        self.emit(MediaGroup.group_id, group["id"], part)
        self.emit(MediaGroup.group_primary_device_id, leader if others else "", part)
        self.emit(MediaGroup.group_role, role if others else GroupRole.UNGROUPED, part)

    def players(self) -> Iterator[tuple[Json, Json]]:
        """Yield each client, with its group."""
        for group in items(self.server, "groups"):
            for client in items(group, "clients"):
                yield client, group

    def client(self, client_id: str) -> Json:
        return by_id((c for c, _ in self.players()), client_id)

    def config(self, client_id: str) -> Json:
        """Return what is set of a client; it may not be reported yet."""
        client = self.client(client_id)
        client["config"] = config = optional_object(client, "config")
        return config

    def stream(self, stream_id: str) -> Json:
        return by_id(items(self.server, "streams"), stream_id)

    def group(self, group_id: str) -> Json:
        return by_id(items(self.server, "groups"), group_id)

    # commands

    async def change(self, method: str, changed: str, **params: Any) -> None:
        """Change something by its id; what is notified of it meanwhile may be newer or older."""
        self.commanded[changed] = False
        try:
            await self.io.call(method, id=changed, **params)
        finally:
            if self.commanded.pop(changed, False):
                self.refresh_soon()

    @handles(AudioVolume.set_volume)
    async def set_volume(self, volume: int) -> None:
        await self.change("Client.SetVolume", self.client_id, volume={"percent": volume})

    @handles(AudioMute.set_mute)
    async def set_mute(self, state: bool) -> None:
        await self.change("Client.SetVolume", self.client_id, volume={"muted": state})

    @handles(MediaInputSource.set_input_source)
    async def set_input_source(self, mode: str) -> None:
        await self.change("Group.SetStream", self.client_group["id"], stream_id=mode)

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

    @handles(MediaGroup.join)
    async def join(self, primary_id: str) -> None:
        other = primary_id.removeprefix(CLIENT)
        group = next((g for c, g in self.players() if c["id"] == other), None)
        if group is None or primary_id == self.component:
            raise ArgumentError(f"there is no other player {primary_id[:60]!r}")
        members = [c["id"] for c in items(group, "clients")]
        if self.client_id not in members:
            await self.set_clients(group, [*members, self.client_id])

    @handles(MediaGroup.leave)
    async def leave(self) -> None:
        group = self.client_group
        others = [c["id"] for c in items(group, "clients") if c["id"] != self.client_id]
        if others:
            await self.set_clients(group, others)

    async def set_clients(self, group: Json, clients: list[str]) -> None:
        await self.io.call("Group.SetClients", id=group["id"], clients=clients)

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


def items(parent: Json, name: str) -> list[Json]:
    """Return the objects of a list that have an id; the others cannot be told apart."""
    return [item for item in objects_at(listed(parent, name)) if text_at(item, "id")]


def listed(parent: Json, name: str) -> list[Any]:
    """Return a list that may be missing."""
    return list_at(parent, name) if isinstance(parent.get(name), list) else []


def lists_all(server: Json) -> bool:
    """Return whether all clients in the groups of a server can be told apart."""
    parents = [(server, "groups"), *((group, "clients") for group in listed(server, "groups"))]
    return all(len(items(p, name)) == len(p[name]) for p, name in parents)


def by_id(found: Iterable[Json], wanted: str) -> Json:
    """Return the item with that id; raise UnlistedError."""
    for item in found:
        if item["id"] == wanted:
            return item
    raise UnlistedError(str(wanted)[:64])


def key(client: Json) -> str:
    """Return the component of a client."""
    return f"{CLIENT}{client['id']}"


def name(client: Json) -> str:
    """Return the name of a client, or else that of its host, or else its id."""
    config, host = optional_object(client, "config"), optional_object(client, "host")
    return text_at(config, "name") or text_at(host, "name") or text_at(client, "id")
