"""The Snapcast servers, with a player that counts and others."""

from typing import Any, override

from tests.emulators.snapcast import PLAYERS, STREAM, Json, SnapcastEmulator

from .body import Body, Emulated
from .quirks import LAST_PLAYER, OTHER_PLAYER

OTHER_GROUP, LATE = "g2", "late"


class Snapcast(Emulated[Json], SnapcastEmulator):
    def __init__(self, number: int, host: str, port: int) -> None:
        Body.__init__(self, f"music-{number}")
        name = f"Snapcast {number}"
        SnapcastEmulator.__init__(self, host, port, id=self.unique_id, name=name, players=3)
        self.odd_player = PLAYERS[1]

    def tell_of_other(self, **told: Any) -> None:
        """Tell odd things of another player than the one that counts."""
        self.told = told
        self.update()

    def tell_of_streams(self, **told: Any) -> None:
        """Tell odd things of a stream."""
        self.streams_told = told
        self.update_stream()

    def add_stream(self) -> None:
        """Have a group play a stream that is new: nothing has told of it."""
        self.streams.append(LATE)
        self.play(OTHER_GROUP, LATE)

    @override
    def be_normal(self) -> None:
        super().be_normal()
        self.told, self.streams_told, self.streams = {}, {}, [STREAM]
        self.played[OTHER_GROUP] = STREAM
        self.update()
        self.update_stream()

    @property
    @override
    def sides(self) -> dict[str, Any]:
        return {
            f"{OTHER_PLAYER}@volume_level": 0.5,
            f"{OTHER_PLAYER}@source": self.played[OTHER_GROUP],
            f"{OTHER_PLAYER}@source_list": list(self.streams),
            OTHER_PLAYER: "idle",
            f"{LAST_PLAYER}@volume_level": 0.5,
        }

    @override
    def state_of(self, value: float) -> dict[str, Any]:
        return {"percent": value}

    @property
    @override
    def value(self) -> float:
        return float(self._state["percent"])
