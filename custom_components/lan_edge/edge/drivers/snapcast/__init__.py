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
    Profile,
    ReplyError,
    handles,
    object_at,
    only_fields,
    optional_object,
    register,
    text_at,
)

from .status import CAN_PLAY, CAN_SKIP, MALFORMED, NEEDED, ServerStatus, UnlistedError, items

CLIENT = "client_"  # a prefix, since the id of a client may be "main"
PLAYER = (AudioVolume, AudioMute, MediaPlayback, MediaTrackControl, MediaInputSource, MediaGroup)
UNTOLD = (None, "", "unknown")  # of a playback status, or of a stream's own status
IDLE = {"idle": "stopped", "disabled": "stopped"}  # a stream's own status
ANNOUNCED = "Snapcast"  # the name of every server in its announcement
MAX_PLAYERS, MAX_UNLISTED, MAX_REQUESTS = 256, 256, 2


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
        self.status = ServerStatus()  # with later changes
        self.pending: KeptMessages[tuple[str, Json]] | None = None  # since a status was requested
        self.on_their_way = 0  # the statuses that are requested
        self.commanded: dict[str, bool] = {}  # the ids, and whether another change was notified
        self.requests = Counter[str]()  # of a status, by the id that no status lists

    async def identify(self) -> str:
        host = object_at(await self.read_status(), "server", "server", "host")
        if own_id := text_at(host, "mac") or text_at(host, "name"):
            return own_id
        raise ReplyError(t"Server.GetStatus: the host has no name")

    async def connected(self) -> None:
        self.requests.clear()
        host = text_at(optional_object(self.status.server, "server", "host"), "name")
        server = optional_object(self.status.server, "server", "snapserver")
        has_name = self.identity.name not in {"", ANNOUNCED}
        self.describe(
            name=self.identity.name if has_name else (host and f"Snapcast on {host}"),
            manufacturer="Snapcast",
            model=text_at(server, "name"),
            firmware=text_at(server, "version"),
        )

    async def refresh(self) -> None:
        await self.read_status()

    async def read_status(self) -> Json:
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
            raise ReplyError(t"{message.method}: not a message from Snapcast: {err!r}") from err

    def request_status(self, unlisted: str) -> None:
        """Request a status for something that may be in it: streams that only feed others are not.

        The first one can have been written before what has been notified.
        """
        if self.requests[unlisted] < MAX_REQUESTS and len(self.requests) <= MAX_UNLISTED:
            self.requests[unlisted] += 1
            self.refresh_soon()

    def take(self, method: str, params: Json) -> None:
        if method == "Server.GetStatus":
            self.status.server = object_at(params, "server")
            for notification in self.pending or ():
                with suppress(*MALFORMED, UnlistedError):  # rejected before, or removed since
                    self.apply(*notification)
        else:
            if self.pending is not None:
                self.pending.append((method, params))
            self.apply(method, params)
        if self.status.is_known:
            self.status.trim()
            self.report()

    def apply(self, method: str, params: Json) -> None:
        self.remove_components(*(key(own) for own in self.status.apply(method, params)))

    def report(self) -> None:
        members = islice(self.status.members(), MAX_PLAYERS + 1)
        players = {key(member[0]["id"]): member for member in members}
        parts = {part: Component(PLAYER, name(c), True) for part, (c, *_) in players.items()}
        self.set_profile(Profile(**parts))
        streams = {s["id"]: s for s in items(self.status.server, "streams")}
        sources = tuple(streams)
        for part, (client, group, clients) in players.items():
            source: Any = group.get("stream_id")
            volume: Any = optional_object(client, "config", "volume")
            self.set_available(part, client.get("connected") is not False)
            self.emit(AudioVolume.volume, volume.get("percent"), part)
            self.emit(AudioMute.muted, volume.get("muted"), part)
            self.emit(MediaInputSource.supported_input_sources, sources, part)
            self.emit(MediaInputSource.input_source, source, part)
            self.report_stream(streams.get(text_at(group, "stream_id"), {}), part)
            self.report_group(group, clients, part)

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

    def report_group(self, group: Json, clients: list[Json], part: str) -> None:
        leader, others = key(clients[0]["id"]), clients[1:]
        role = GroupRole.PRIMARY if part == leader else GroupRole.AUXILIARY
        self.emit(MediaGroup.group_id, group["id"], part)
        self.emit(MediaGroup.group_primary_device_id, leader if others else "", part)
        self.emit(MediaGroup.group_role, role if others else GroupRole.UNGROUPED, part)

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
        group = next((g for c, g in self.status.players() if c["id"] == other), None)
        if group is None or primary_id == self.component:
            raise ArgumentError(t"there is no other player {primary_id[:60]!r}")
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
        group: Json = next(g for c, g in self.status.players() if c["id"] == self.client_id)
        return group


def key(own_id: str) -> str:
    """Return the component of a client."""
    return f"{CLIENT}{own_id}"


def name(client: Json) -> str:
    """Return the name of a client, or else that of its host, or else its id."""
    config, host = optional_object(client, "config"), optional_object(client, "host")
    return text_at(config, "name") or text_at(host, "name") or text_at(client, "id")
