"""Snapcast: the status of a server, as it reports it, and with what it has notified since."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from lan_edge import (
    Json,
    PlaybackCommand,
    ReplyError,
    TrackCommand,
    list_at,
    object_at,
    objects_at,
    only_fields,
    optional_object,
    text_at,
)

CAN_PLAY = {
    PlaybackCommand.PLAY: "canPlay",
    PlaybackCommand.PAUSE: "canPause",
    PlaybackCommand.STOP: "canControl",
}
CAN_SKIP = {TrackCommand.NEXT_TRACK: "canGoNext", TrackCommand.PREVIOUS_TRACK: "canGoPrevious"}
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


class ServerStatus:
    """What a server reports; its methods raise one of `MALFORMED`, or ReplyError."""

    def __init__(self) -> None:
        self.server = EMPTY

    @property
    def is_known(self) -> bool:
        """Whether the server has reported it."""
        return "server" in self.server

    def trim(self) -> None:
        """Leave out what is not needed: many small changes can be too much as well."""
        changed, self.server = self.server, EMPTY
        self.server = only_fields(changed, NEEDED)

    def apply(self, method: str, params: Json) -> set[str]:
        """Apply a change; return the ids of the clients that the server has deleted."""
        match method:
            case "Server.OnUpdate" | "Group.SetClients":
                return self.update(object_at(params, "server"))
            case _ if not self.is_known:
                pass  # the first status will contain it
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
        return set()

    def update(self, server: Json) -> set[str]:
        """Take the server as it is now; its streams may be older than their own notifications."""
        known = {s["id"]: s for s in items(self.server, "streams")}
        streams = [known.get(s["id"], s) for s in items(server, "streams")]
        former = {client["id"] for client, _ in self.players()}
        self.server = {**server, "streams": streams}
        with suppress(*MALFORMED):  # then nothing is known to be gone
            if lists_all(server):  # also those that are not connected, so the others were deleted
                return former - {client["id"] for client, _ in self.players()}
        return set()

    def members(self) -> Iterator[tuple[Json, Json, list[Json]]]:
        """Yield each client, with its group and all clients of that."""
        for group in items(self.server, "groups"):
            clients = items(group, "clients")
            for client in clients:
                yield client, group, clients

    def players(self) -> Iterator[tuple[Json, Json]]:
        """Yield each client, with its group."""
        return ((client, group) for client, group, _ in self.members())

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
