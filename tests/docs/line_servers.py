"""The servers of the examples that talk in lines, as their protocols have them."""

from typing import Any, ClassVar, override

from tests.tcp import Connection

from .devices import TcpDevice


class MusicPlayer(TcpDevice):
    """MPD: https://mpd.readthedocs.io/en/stable/protocol.html; `idle` of all that changes."""

    id = ""
    first: ClassVar[dict[str, Any]] = {"state": "stop", "volume": "50", "song": 0}

    def __init__(self) -> None:
        super().__init__()
        self.heard = list[str]()
        self._idle: Connection | None = None
        self._changed = set[str]()

    @override
    async def _attend(self, connection: Connection) -> None:
        connection.write(b"OK MPD 0.23.12\n")
        async for line in connection.lines():
            self.heard.append(line.decode().strip())
            connection.write(self._reply(connection, self.heard[-1].split()))

    def _reply(self, connection: Connection, words: list[str]) -> bytes:
        if self._idle is connection and words != ["noidle"]:
            connection.abort()  # as MPD does
        match words:
            case ["noidle"] if self._idle is not connection:
                return b""
            case ["noidle"]:
                return self._told()
            case ["idle", *_] if self._changed:
                return self._told()
            case ["idle", *_]:
                self._idle = connection
                return b""
            case [name, *arguments]:
                return self._command(name, *arguments).encode()
            case _:
                return b"ACK [5@0] {} No command given\n"

    def _told(self) -> bytes:
        changed, self._changed, self._idle = self._changed, set[str](), None
        return "".join([*(f"changed: {each}\n" for each in sorted(changed)), "OK\n"]).encode()

    def _command(self, name: str, *arguments: str) -> str:
        match name, arguments:
            case "status", ():
                return f"volume: {self.state['volume']}\nstate: {self.state['state']}\nOK\n"
            case "currentsong", ():
                number = self.state["song"]
                song = f"file: {number}.ogg\nTitle: Song: {number}\nArtist: Us\n" if number else ""
                return f"{song}OK\n"
            case "play", ():
                self._become("player", state="play", song=self.state["song"] or 1)
            case "pause", ("1",):
                self._become("player", state="pause")
            case "stop", ():
                self._become("player", state="stop")
            case "next", () if self.state["state"] == "stop":
                return "ACK [55@0] {next} Not playing\n"
            case "next", ():
                self._become("player", song=self.state["song"] + 1)
            case "setvol", (volume,):
                self._become("mixer", volume=volume)
            case _:
                return f'ACK [5@0] {{}} unknown command "{name}"\n'
        return "OK\n"

    def _become(self, what: str, **values: Any) -> None:
        self.state.update(values)
        self._changed.add(what)

    @override
    async def tell(self, values: dict[str, Any]) -> None:
        self._changed.add("mixer" if "volume" in values else "player")
        if self._idle is not None:
            self._idle.write(self._told())

    @override
    def answer(self, message: bytes) -> bytes:
        raise NotImplementedError


class UpsServer(TcpDevice):
    """NUT's server: https://networkupstools.org/docs/developer-guide.chunked/net-protocol.html."""

    id = "NUT-4711"
    first: ClassVar[dict[str, Any]] = {
        "battery.charge": "88",
        "device.mfr": 'The \\"Power\\" Company',
        "device.model": "DP-700",
        "device.serial": "NUT-4711",
        "ups.firmware": "1.2",
        "ups.load": "23.5",
        "ups.status": "OL CHRG",
    }

    def __init__(self) -> None:
        super().__init__()
        self.names = ["office"]
        self.is_stale = False

    @override
    def answer(self, message: bytes) -> bytes:
        return "".join(f"{line}\n" for line in self._lines(message.decode().split())).encode()

    def _lines(self, words: list[str]) -> list[str]:
        match words:
            case ["LIST", "UPS"]:
                rows = [f'UPS {name} "Under the desk"' for name in self.names]
                return ["BEGIN LIST UPS", *rows, "END LIST UPS"]
            case ["LIST", "VAR", name] if self.is_stale and name in self.names:
                return ["ERR DATA-STALE"]
            case ["LIST", "VAR", name] if name in self.names:
                values = [f'VAR {name} {key} "{value}"' for key, value in self.state.items()]
                return [f"BEGIN LIST VAR {name}", *values, f"END LIST VAR {name}"]
            case ["LIST", "VAR", _]:
                return ["ERR UNKNOWN-UPS"]
            case _:
                return ["ERR UNKNOWN-COMMAND"]
