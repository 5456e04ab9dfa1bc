"""Snapcast: at snapserver and snapclient, which we did not write."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
import json
from pathlib import Path
import socket
from typing import Any
import warnings

import pytest

from lan_edge import (
    Address,
    ArgumentError,
    AudioMute,
    AudioVolume,
    CertificateError,
    Device,
    GroupRole,
    Identity,
    IdentityError,
    JsonRpc,
    MediaGroup,
    MediaInputSource,
    MediaPlayback,
    MediaTrackControl,
    OfflineError,
    PlaybackCommand,
    PlaybackStatus,
    Record,
    RefusedError,
    ReplyError,
    Sighting,
    TimedOutError,
    Tls,
    TrackCommand,
    UnreachableError,
)
from lan_edge.drivers.snapcast import Snapcast
from tests.bundled import match
from tests.edge.certificates import Certificate, certificate
from tests.edge.peers import TcpPeer, Wire
from tests.emulators.snapcast import MISSING, PLAYERS, STREAM, SnapcastEmulator
from tests.ports import free_port
from tests.real.process import Process
from tests.real.snapcast import SnapServer, missing

from .house import driven, shows, until

pytestmark = pytest.mark.real_time

HERE, ELSEWHERE = "127.0.0.21", "127.0.0.22"
KITCHEN, HALL = "02:00:00:00:00:01", "02:00:00:00:00:02"
KITCHEN_PART, HALL_PART = f"client_{KITCHEN}", f"client_{HALL}"


@pytest.fixture(autouse=True)
def impatient_snapcast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Snapcast, "options", replace(Snapcast.options, timeout=5))


@pytest.fixture
async def server(tmp_path: Path) -> AsyncGenerator[SnapServer]:
    if lacks := missing("snapserver", "snapclient"):
        warnings.warn(f"Snapcast tests skipped: not installed: {lacks}", stacklevel=1)
        pytest.skip(f"not installed: {lacks}")
    control, audio = free_port(HERE), free_port(HERE)
    async with SnapServer(tmp_path / "snapcast", HERE, control=control, audio=audio) as made:
        yield made


@pytest.fixture
async def device(server: SnapServer) -> AsyncGenerator[Device]:
    """The server as the library has it, with a player that is there."""
    async with server.client(KITCHEN), driven(Snapcast, address_of(server)) as made:
        await until(lambda: made.component_available(KITCHEN_PART))
        yield made


def address_of(server: SnapServer) -> Address:
    return Address(server.host, server.control)


def parts(device: Device) -> dict[str, str]:
    """Return the players by their keys, with their names."""
    return {k: p.name for k, p in device.profile.components.items()}


def shown(device: Device, part: str = KITCHEN_PART) -> Callable[..., Any]:
    """Return what a player's attributes are."""
    return lambda attribute: device.state.get(attribute, part)


def asked(device: Device) -> int:
    """Return how often the status was asked for."""
    return sum(e.kind == "sent" and "GetStatus" in e.text for e in device.trace.entries())


def test_its_announcement_leads_to_it() -> None:
    sighting = Sighting(
        "mdns", "_snapcast-jsonrpc._tcp.local.", Address("10.99.0.12", 1705), "Snapcast"
    )
    (candidate,) = match(sighting)
    assert candidate.driver is Snapcast
    assert candidate.match.unique_id == ""
    assert candidate.match.address == Address("10.99.0.12", 1705)


async def test_who_it_is_and_what_its_players_are(device: Device) -> None:
    assert device.identity.unique_id == socket.gethostname()
    assert device.identity.model == "Snapserver"
    assert device.identity.firmware[:2] == "0."
    assert parts(device) == {KITCHEN_PART: socket.gethostname()}
    assert device.profile.components[KITCHEN_PART].child
    get = shown(device)
    assert get(AudioVolume.volume) == 100
    assert get(AudioMute.muted) is False
    assert get(MediaInputSource.input_source) == "default"
    assert get(MediaInputSource.supported_input_sources) == ("default", "Radio")
    assert get(MediaPlayback.playback_status) == PlaybackStatus.STOPPED
    assert get(MediaPlayback.supported_playback_commands) == ()
    assert not device.state.rejected
    assert not device.counts["driver_errors"]


async def test_a_command_is_carried_out_and_shown(device: Device, server: SnapServer) -> None:
    get = shown(device)
    await device.commands.execute(AudioVolume.set_volume, {"volume": 30}, KITCHEN_PART)
    assert get(AudioVolume.volume) == 30
    assert await server.volume(KITCHEN) == {"percent": 30, "muted": False}
    for muted in (True, False):
        await device.commands.execute(AudioMute.set_mute, {"state": muted}, KITCHEN_PART)
        assert get(AudioMute.muted) is muted
        assert await server.volume(KITCHEN) == {"percent": 30, "muted": muted}
    await device.commands.execute(
        MediaInputSource.set_input_source, {"mode": "Radio"}, KITCHEN_PART
    )
    assert get(MediaInputSource.input_source) == "Radio"
    assert (await server.group_of(KITCHEN))["stream_id"] == "Radio"
    with pytest.raises(ArgumentError, match="'None' is not one of default, Radio"):
        await device.commands.execute(
            MediaInputSource.set_input_source, {"mode": "None"}, KITCHEN_PART
        )
    assert get(MediaInputSource.input_source) == "Radio"


async def test_another_controller_is_followed(device: Device, server: SnapServer) -> None:
    get = shown(device)
    await server.ask("Client.SetVolume", id=KITCHEN, volume={"percent": 15, "muted": True})
    await until(lambda: get(AudioVolume.volume) == 15 and get(AudioMute.muted))
    group = await server.group_of(KITCHEN)
    await server.ask("Group.SetStream", id=group["id"], stream_id="Radio")
    await until(lambda: get(MediaInputSource.input_source) == "Radio")
    profiles = list[object]()
    device.observer.on_profile = lambda: profiles.append(parts(device))
    await server.ask("Client.SetName", id=KITCHEN, name="Küche")
    await until(lambda: profiles)
    assert profiles == [{KITCHEN_PART: "Küche"}]
    assert get(AudioVolume.volume) == 15


async def test_what_plays_is_followed(device: Device, server: SnapServer) -> None:
    get = shown(device)
    await server.feed("default", 0.5)
    await until(lambda: get(MediaPlayback.playback_status) == PlaybackStatus.PLAYING)
    await until(lambda: get(MediaPlayback.playback_status) == PlaybackStatus.STOPPED)
    with pytest.raises(RefusedError, match="canPause is false"):
        await device.commands.execute(MediaPlayback.pause, {}, KITCHEN_PART)


async def test_a_stream_with_a_player_is_controlled(device: Device, server: SnapServer) -> None:
    get = shown(device)
    await device.commands.execute(
        MediaInputSource.set_input_source, {"mode": "Radio"}, KITCHEN_PART
    )
    commands = (PlaybackCommand.PLAY, PlaybackCommand.PAUSE, PlaybackCommand.STOP)
    # the stream's player is a program of its own, and may only be starting
    await until(lambda: get(MediaPlayback.supported_playback_commands) == commands)
    assert get(MediaTrackControl.supported_track_control_commands) == (TrackCommand.NEXT_TRACK,)
    for command, status in (
        (MediaPlayback.play, PlaybackStatus.PLAYING),
        (MediaPlayback.pause, PlaybackStatus.PAUSED),
        (MediaTrackControl.next_track, PlaybackStatus.PLAYING),
        (MediaPlayback.stop, PlaybackStatus.STOPPED),
    ):
        await device.commands.execute(command, {}, KITCHEN_PART)
        await shows(device, MediaPlayback.playback_status, status, KITCHEN_PART)
        streams = (await server.ask("Server.GetStatus"))["server"]["streams"]
        assert streams[1]["properties"]["playbackStatus"] == status
    with pytest.raises(RefusedError, match="canGoPrevious is false"):
        await device.commands.execute(MediaTrackControl.previous_track, {}, KITCHEN_PART)


async def test_news_is_newer_than_a_status_that_is_on_its_way(
    device: Device, server: SnapServer
) -> None:
    commands = MediaPlayback.supported_playback_commands
    before = asked(device)
    server.freeze()  # the status that is asked for now will not tell of these
    reading = asyncio.create_task(device.commands.refresh())
    await until(lambda: asked(device) > before)
    for method, data in (
        ("Stream.OnProperties", {"id": "default", "properties": {"canPlay": True}}),
        ("Client.OnVolumeChanged", {"id": KITCHEN, "volume": {"percent": 41, "muted": True}}),
    ):
        device._session.link.on_message(JsonRpc.Message(method, data, data, is_reply=False))
    server.thaw()
    await reading
    await server.ask("Client.SetName", id=KITCHEN, name="Küche")  # news of something else
    await until(lambda: parts(device) == {KITCHEN_PART: "Küche"})
    assert shown(device)(commands) == (PlaybackCommand.PLAY,)
    assert shown(device)(AudioVolume.volume) == 41
    await device.commands.refresh()  # a later status tells how it is
    assert shown(device)(commands) == ()
    assert shown(device)(AudioVolume.volume) == 100


async def test_a_streams_own_news_is_newer_than_an_update(
    device: Device, server: SnapServer
) -> None:
    commands = MediaPlayback.supported_playback_commands
    written = await server.ask("Server.GetStatus")
    written["server"]["streams"].append({**written["server"]["streams"][0], "id": "new"})
    for method, data in (
        ("Stream.OnProperties", {"id": "default", "properties": {"canPlay": True}}),
        ("Server.OnUpdate", written),
    ):
        device._session.link.on_message(JsonRpc.Message(method, data, data, is_reply=False))
    assert shown(device)(commands) == (PlaybackCommand.PLAY,)
    known = shown(device)(MediaInputSource.supported_input_sources)
    assert known == ("default", "Radio", "new")


async def test_players_come_and_go(device: Device, server: SnapServer) -> None:
    async with server.client(HALL):
        await until(lambda: device.component_available(HALL_PART))
        await device.commands.execute(AudioVolume.set_volume, {"volume": 7}, HALL_PART)
        assert shown(device, HALL_PART)(AudioVolume.volume) == 7
        assert shown(device)(AudioVolume.volume) == 100
        kitchen, hall = await server.group_of(KITCHEN), await server.group_of(HALL)
        await server.ask("Group.SetClients", id=kitchen["id"], clients=[KITCHEN, HALL])
        await server.ask("Group.SetStream", id=kitchen["id"], stream_id="Radio")
        await until(lambda: shown(device, HALL_PART)(MediaInputSource.input_source) == "Radio")
        assert kitchen["id"] != hall["id"]
    await until(lambda: not device.component_available(HALL_PART))
    assert device.available
    assert device.component_available(KITCHEN_PART)
    with pytest.raises(OfflineError, match="is unavailable"):
        await device.commands.execute(AudioMute.set_mute, {"state": True}, HALL_PART)
    async with server.client(HALL):
        await until(lambda: device.component_available(HALL_PART))
        assert shown(device, HALL_PART)(AudioVolume.volume) == 7
    await until(lambda: not device.component_available(HALL_PART))
    await server.ask("Server.DeleteClient", id=HALL)
    await until(lambda: parts(device).keys() == {KITCHEN_PART})


async def test_a_group_moves_to_a_stream_that_was_not_there() -> None:
    """As after `Stream.AddStream`, which newer servers have: they notify only the move."""
    async with told() as (device, server):
        get, sources = (
            shown(device, f"client_{PLAYERS[0]}"),
            MediaInputSource.supported_input_sources,
        )
        before = asked(device)
        server.streams.append("Later")
        server.play("g1", "Later")
        await until(lambda: get(sources) == (STREAM, "Later"))
        assert get(MediaInputSource.input_source) == "Later"
        assert asked(device) == before + 1
        server.play("g1", "Never listed")
        await until(lambda: get(MediaInputSource.input_source) == "Never listed")
        await asyncio.sleep(1.5)
        assert get(sources) == (STREAM, "Later")
        assert get(MediaPlayback.supported_playback_commands) == ()
        assert get(MediaPlayback.playback_status) is None
        server.play("g1", "Never listed")
        await asyncio.sleep(1.5)
        assert asked(device) == before + 2  # once for each
        assert not device.counts["driver_errors"]


async def test_what_is_never_listed_is_not_asked_for_all_the_time(device: Device) -> None:
    """A stream that is only an input of others: it tells of itself, and no status lists it."""
    before = asked(device)
    for position in range(10):
        news = {"id": "input", "properties": {"position": position}}
        device._session.link.on_message(
            JsonRpc.Message("Stream.OnProperties", news, news, is_reply=False)
        )
        await asyncio.sleep(1.5)
    assert asked(device) - before <= 3


@pytest.mark.parametrize(
    ("method", "data"),
    [
        ("Client.OnVolumeChanged", {"id": "new", "volume": {"percent": 1, "muted": False}}),
        ("Client.OnNameChanged", {"id": "new", "name": "New"}),
        ("Client.OnConnect", {"id": "new", "client": {"id": "new", "connected": True}}),
        ("Group.OnStreamChanged", {"id": "new", "stream_id": "default"}),
        ("Stream.OnProperties", {"id": "new", "properties": {"canPlay": True}}),
        ("Stream.OnUpdate", {"id": "new", "stream": {"id": "new", "status": "playing"}}),
    ],
)
async def test_news_of_something_unknown_asks_for_everything(
    device: Device, method: str, data: dict[str, Any]
) -> None:
    before = asked(device)
    for _ in range(3):
        device._session.link.on_message(JsonRpc.Message(method, data, data, is_reply=False))
    await until(lambda: asked(device) == before + 1)
    assert not device.counts["driver_errors"]
    assert device.component_available(KITCHEN_PART)


# groups

GROUP = (MediaGroup.group_role, MediaGroup.group_primary_device_id)


def group_of(device: Device, part: str) -> tuple[Any, ...]:
    """Return a player's role, and who leads its group."""
    return tuple(map(shown(device, part), GROUP))


LED = [(GroupRole.PRIMARY, KITCHEN_PART), (GroupRole.AUXILIARY, KITCHEN_PART)]
ALONE = (GroupRole.UNGROUPED, "")


async def test_players_join_and_leave(device: Device, server: SnapServer) -> None:
    async with server.client(HALL):
        await until(lambda: device.component_available(HALL_PART))
        both = KITCHEN_PART, HALL_PART
        assert [group_of(device, part) for part in both] == [ALONE, ALONE]
        execute = device.commands.execute
        await execute(MediaInputSource.set_input_source, {"mode": "Radio"}, KITCHEN_PART)
        await execute(MediaGroup.join, {"primary_id": KITCHEN_PART}, HALL_PART)
        assert [group_of(device, part) for part in both] == LED
        assert shown(device, HALL_PART)(MediaInputSource.input_source) == "Radio"
        kitchen, hall = await server.group_of(KITCHEN), await server.group_of(HALL)
        assert kitchen["id"] == hall["id"] == shown(device, HALL_PART)(MediaGroup.group_id)
        await execute(MediaGroup.join, {"primary_id": KITCHEN_PART}, HALL_PART)  # it has
        await execute(MediaGroup.leave, {}, KITCHEN_PART)
        assert [group_of(device, part) for part in both] == [ALONE, ALONE]
        kitchen, hall = await server.group_of(KITCHEN), await server.group_of(HALL)
        assert kitchen["id"] != hall["id"]
        assert kitchen["stream_id"] == hall["stream_id"] == "Radio"
        await execute(MediaGroup.leave, {}, KITCHEN_PART)  # it is alone
        await server.ask("Group.SetClients", id=kitchen["id"], clients=[KITCHEN, HALL])
        await until(lambda: [group_of(device, part) for part in both] == LED)
    assert not device.counts["driver_errors"]


@pytest.mark.parametrize("other", ["client_nobody", "main", KITCHEN_PART])
async def test_it_cannot_join_one_that_there_is_not(device: Device, other: str) -> None:
    with pytest.raises(ArgumentError, match="no other player"):
        await device.commands.execute(MediaGroup.join, {"primary_id": other}, KITCHEN_PART)


# what a server leaves out

VOLUME, MUTED = AudioVolume.volume, AudioMute.muted


@asynccontextmanager
async def told(**said: Any) -> AsyncGenerator[tuple[Device, SnapcastEmulator]]:
    """Run a server of two players that tells other things of the first one."""
    async with SnapcastEmulator(players=2) as server:
        server.told = said
        async with driven(Snapcast, Address(server.host, server.port)) as device:
            yield device, server


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({"config": None}, ("player", "Player 2")),
        ({"config": MISSING}, ("player", "Player 2")),
        ({"config": "?"}, ("player", "Player 2")),
        ({"config": {"name": None}}, ("player", "Player 2")),
        ({"config": {"name": 5, "volume": None}, "host": None}, (PLAYERS[0], "Player 2")),
        ({"config": MISSING, "host": MISSING}, (PLAYERS[0], "Player 2")),
        ({"config": MISSING, "host": {"name": None}}, (PLAYERS[0], "Player 2")),
        ({"connected": MISSING}, ("Player 1", "Player 2")),
        ({"connected": None}, ("Player 1", "Player 2")),
    ],
)
async def test_a_player_of_which_little_is_told_is_one_of_them(
    said: dict[str, Any], names: tuple[str, str]
) -> None:
    async with told(**said) as (device, server):
        first, second = (f"client_{each}" for each in PLAYERS[:2])
        assert tuple(parts(device).values()) == names
        assert device.component_available(first)
        is_told = "connected" in said
        assert shown(device, first)(VOLUME) == (50 if is_told else None)
        assert shown(device, second)(VOLUME) == 50
        await device.commands.execute(AudioVolume.set_volume, {"volume": 20}, second)
        assert shown(device, second)(VOLUME) == 20
        await device.commands.execute(AudioVolume.set_volume, {"volume": 30}, first)
        assert shown(device, first)(VOLUME) == 30  # which the reply has told
        server.told = {}
        await device.commands.refresh()
        assert tuple(parts(device).values()) == ("Player 1", "Player 2")
        assert shown(device, first)(MUTED) is False


@pytest.mark.parametrize("said", [{"id": MISSING}, {"id": None}, {"id": 5}])
async def test_a_player_without_an_id_is_none_and_takes_no_other(said: dict[str, Any]) -> None:
    async with told(**said) as (device, server):
        first, second = (f"client_{each}" for each in PLAYERS[:2])
        assert list(parts(device)) == [second]
        server.told = {}
        await device.commands.refresh()
        assert list(parts(device)) == [first, second]
        server.told = said
        server.update()  # what it lists now leaves the first one out, but not because it is gone
        await until(lambda: not device.component_available(first))
        assert set(parts(device)) == {first, second}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"status": "playing"}, PlaybackStatus.PLAYING),
        ({"status": "idle"}, PlaybackStatus.STOPPED),
        ({"status": "disabled"}, PlaybackStatus.STOPPED),
        ({"status": "unknown"}, None),
        ({"status": None}, None),
        ({"status": 5}, None),
        ({"status": ["playing"]}, None),
        (
            {"status": "playing", "properties": {"playbackStatus": "unknown"}},
            PlaybackStatus.PLAYING,
        ),
        ({"status": "playing", "properties": {"playbackStatus": None}}, PlaybackStatus.PLAYING),
        ({"status": "playing", "properties": {"playbackStatus": "paused"}}, PlaybackStatus.PAUSED),
    ],
)
async def test_what_a_stream_does_not_tell_is_unknown(
    said: dict[str, Any], status: PlaybackStatus | None
) -> None:
    """The words are those of server/streamreader in github.com/badaix/snapcast."""
    async with told() as (device, server):
        part = f"client_{PLAYERS[0]}"
        server.streams_told = said
        await device.commands.refresh()
        assert shown(device, part)(MediaPlayback.playback_status) is status
        assert not device.counts["driver_errors"]


async def test_it_comes_back_after_a_restart(device: Device, server: SnapServer) -> None:
    await device.commands.execute(AudioVolume.set_volume, {"volume": 20}, KITCHEN_PART)
    await server.stop()
    await until(lambda: not device.component_available(KITCHEN_PART))
    with pytest.raises(OfflineError):
        await device.commands.execute(AudioVolume.set_volume, {"volume": 40}, KITCHEN_PART)
    await server.start()
    await until(lambda: device.component_available(KITCHEN_PART))
    assert await server.volume(KITCHEN) == {"percent": 20, "muted": False}
    await server.ask("Client.SetVolume", id=KITCHEN, volume={"percent": 21})
    await until(lambda: shown(device)(AudioVolume.volume) == 21)


async def test_it_is_followed_to_another_address(device: Device, server: SnapServer) -> None:
    old = address_of(server)
    await server.stop()
    server.host = ELSEWHERE
    await server.start()
    new = address_of(server)
    device.connection.sighted(new, old)
    await until(lambda: device.available and device.record.addresses == (new, old))
    assert not device.component_available(KITCHEN_PART)  # it looks for the server where it was
    async with server.client(HALL):
        await until(lambda: device.component_available(HALL_PART))
        await device.commands.execute(AudioVolume.set_volume, {"volume": 8}, HALL_PART)
        assert (await server.volume(HALL))["percent"] == 8


async def test_a_silent_server_is_offline_until_it_speaks(
    device: Device, server: SnapServer
) -> None:
    server.freeze()
    with pytest.raises((TimedOutError, OfflineError, UnreachableError)):
        await device.commands.execute(AudioVolume.set_volume, {"volume": 50}, KITCHEN_PART)
    await until(lambda: not device.available)
    assert not device.component_available(KITCHEN_PART)
    server.thaw()
    await until(lambda: device.component_available(KITCHEN_PART))
    volume = await server.volume(KITCHEN)  # it heard us, though it could not say so
    assert shown(device)(AudioVolume.volume) == volume["percent"] == 50


async def test_another_server_at_its_address_is_not_taken_for_it(server: SnapServer) -> None:
    async with server.client(KITCHEN):
        await until(lambda: "Hello" in server.process.log.read_text())
        device = Device(Snapcast, Record(Identity("somebody-else")))
        with pytest.raises(IdentityError):
            await device.check(address_of(server))
        assert not device.profile.components
        assert not device.state.values()


@pytest.mark.parametrize(
    ("method", "data"),
    [
        ("Server.OnUpdate", {}),
        ("Server.OnUpdate", {"server": None}),
        ("Server.OnUpdate", {"server": {"groups": [{"clients": [{}]}], "streams": []}}),
        ("Client.OnVolumeChanged", {"id": KITCHEN, "volume": None}),
        ("Client.OnVolumeChanged", {"id": KITCHEN, "volume": {"percent": 900, "muted": 1}}),
        ("Client.OnVolumeChanged", {"id": "nobody", "volume": {"percent": 1, "muted": True}}),
        ("Client.OnConnect", {"id": KITCHEN, "client": {"connected": "yes"}}),
        ("Group.OnStreamChanged", {"id": ["?"], "stream_id": "Radio"}),
        ("Stream.OnProperties", {"id": "default", "properties": 5}),
        ("Stream.OnUpdate", {"id": "default", "stream": {"status": 5, "properties": None}}),
    ],
)
async def test_nonsense_does_no_harm(
    device: Device, server: SnapServer, method: str, data: dict[str, Any]
) -> None:
    device._session.link.on_message(JsonRpc.Message(method, data, data, is_reply=False))
    await device.commands.refresh()
    await device.commands.execute(AudioVolume.set_volume, {"volume": 5}, KITCHEN_PART)
    assert shown(device)(AudioVolume.volume) == (await server.volume(KITCHEN))["percent"] == 5
    assert shown(device)(AudioMute.muted) is False
    assert device.component_available(KITCHEN_PART)
    assert not [name for name in device.counts["driver_errors"] if not name.endswith("refused")]


@asynccontextmanager
async def telling(host: Any, about: Any) -> AsyncGenerator[TcpPeer]:
    """Yield a server without players that says so of itself."""
    server = {"host": host, "snapserver": about}
    status = {"server": {"groups": [], "streams": [], "server": server}}

    async def talk(wire: Wire) -> None:
        async for line in wire.lines():
            reply = {"id": json.loads(line)["id"], "result": status}
            await wire.send(json.dumps(reply).encode() + b"\n")

    async with TcpPeer(talk) as peer:
        yield peer


@pytest.mark.parametrize("about", [None, {}, {"name": 5, "version": None}, {"name": "", "x": 1}])
async def test_a_server_that_does_not_say_what_it_is(about: Any) -> None:
    async with telling({"mac": None, "name": "music"}, about) as peer:
        identity = await Device(Snapcast, Record()).check(peer.address)
        assert identity.unique_id == "music"
        assert (identity.model, identity.firmware) == ("", "")


@pytest.mark.parametrize("host", [None, {}, {"mac": None, "name": None}, {"mac": "", "name": 5}])
async def test_a_server_that_does_not_say_who_it_is(host: Any) -> None:
    async with telling(host, {"name": "Snapserver", "version": "0.26.0"}) as peer:
        with pytest.raises(ReplyError, match=r"host has no name|server\.server\.host is missing"):
            await Device(Snapcast, Record()).check(peer.address)


# behind TLS


@asynccontextmanager
async def behind_tls(
    server: SnapServer, shown: Certificate, host: str, port: int, folder: Path
) -> AsyncGenerator[Process]:
    """Have socat speak TLS before the server."""
    pem = folder / f"{shown.fingerprint}.pem"
    pem.write_text(shown.with_key)
    listen = f"OPENSSL-LISTEN:{port},bind={host},fork,reuseaddr,cert={pem},verify=0"
    command = ("socat", "-d", "-d", listen, f"TCP:{server.host}:{server.control}")
    process = Process(*command, log=folder / f"socat-{host}.log")
    await process.printed("listening on")
    try:
        yield process
    finally:
        process.kill()


async def test_behind_tls_with_a_pin_and_moved(
    server: SnapServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if missing("socat"):
        warnings.warn("Snapcast behind TLS skipped: socat is not installed", stacklevel=1)
        pytest.skip("socat is not installed")
    monkeypatch.setattr(Snapcast, "options", replace(Snapcast.options, tls=Tls()))
    own, other = certificate("snapcast.home"), certificate("other.home")
    port = free_port(HERE)
    here, elsewhere = Address(HERE, port), Address(ELSEWHERE, port)
    changes = list[CertificateError]()
    async with server.client(KITCHEN):
        async with behind_tls(server, own, HERE, port, tmp_path):
            device = Device(Snapcast, Record())
            await device.check(here)
            assert device.record.pin == own.fingerprint
            device.record.addresses = (here,)
            device = Device(Snapcast, Record.from_dict(device.record.as_dict()))
            device.observer.on_certificate = changes.append
            device.start()
            await until(lambda: device.component_available(KITCHEN_PART))
            await device.commands.execute(AudioVolume.set_volume, {"volume": 33}, KITCHEN_PART)
            assert (await server.volume(KITCHEN))["percent"] == 33
        async with behind_tls(server, other, ELSEWHERE, port, tmp_path):
            device.connection.sighted(elsewhere)
            await until(lambda: isinstance(device.connection.reason, IdentityError))
            await until(lambda: not device.available)
            assert device.record.addresses == (here,)
        async with behind_tls(server, own, ELSEWHERE, port, tmp_path):
            device.connection.sighted(elsewhere)
            await until(lambda: device.available)
            assert set(device.record.addresses) == {here, elsewhere}
            assert device.connection.address == elsewhere
            await server.ask("Client.SetVolume", id=KITCHEN, volume={"percent": 34})
            await until(lambda: shown(device)(AudioVolume.volume) == 34)
        await device.stop()
    assert not changes  # a certificate is offered only where the device was
