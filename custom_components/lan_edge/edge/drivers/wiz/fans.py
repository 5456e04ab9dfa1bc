"""The ceiling fans of WiZ: what their fields mean."""

from lan_edge import Attribute, Capability, FanSpeed, Switch, Wind, WindMode, command

FLAGS = {0: False, 1: True}
FAN = "fan"
FAN_SPEEDS = 6  # of fans that do not report how many they have
WINDS = {1: Wind.NO_WIND, 2: Wind.NATURAL_WIND}  # fanMode; 2 is "breeze"


class FanDirection(Capability, id="wiz.fanDirection"):
    reverse = Attribute(bool)

    @command(sets="reverse")
    def set_reverse(self, reverse: bool) -> None:
        """Turn the fan the other way round, as in winter."""


FAN_FIELDS: dict[str, type[Capability]] = {
    "fanState": Switch,
    "fanSpeed": FanSpeed,
    "fanMode": WindMode,
    "fanRevrs": FanDirection,
}
