"""What Meross's devices tell, and what sets it, as tables: of all but lights and thermostats."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import override

from lan_edge import (
    AudioMute,
    AudioVolume,
    Battery,
    Case,
    Coding,
    ContactSensor,
    CurrentMeasurement,
    DetectorState,
    EnergyMeter,
    HumidifierMode,
    HumidifierModeValue,
    IlluminanceMeasurement,
    OccupancySensor,
    PowerMeter,
    Property,
    RelativeHumidityMeasurement,
    SmokeDetector,
    Switch,
    TemperatureMeasurement,
    Values,
    VoltageMeasurement,
    WaterSensor,
    number,
)

from .parts import CODE, Change, MerossPart, Send, setting

TOGGLE, TOGGLE_X = "Appliance.Control.Toggle", "Appliance.Control.ToggleX"
DND = "Appliance.System.DNDMode"
SPRAY, DIFFUSER_SPRAY = "Appliance.Control.Spray", "Appliance.Control.Diffuser.Spray"
SOUND = "Appliance.Control.Mp3"
FLAG = Coding.flag()
MILLI, TENTHS, HUNDREDTHS = Coding.units(0.001), Coding.units(0.1), Coding.units(0.01)

OUTLET = (setting(Switch.switch, "onoff", FLAG, TOGGLE_X, "togglex"),)
"""The one at channel 0 is for all of them."""
OLD_OUTLET = (setting(Switch.switch, "onoff", FLAG, TOGGLE, "toggle", own=""),)
"""With firmware 1."""
INDICATOR = (setting(Switch.switch, "mode", Coding.flag(off=1, on=0), DND, "DNDMode", own=""),)
"""The light that shows the state of a device; off while the device must not disturb."""
AS_OUTLET = Property(
    *(Switch.switch, "toggle.onoff", FLAG),
    (Send(TOGGLE_X, "togglex", {"onoff": CODE}, is_list=False),),
)
"""Where a device lists a light, or a fan, as an outlet, too, which turns it on and off."""

# mist: with pauses, which is low, or without

HIGH, LOW = HumidifierModeValue.HIGH, HumidifierModeValue.LOW


MODE = HumidifierMode.humidifier_mode


def mist(namespace: str, high: int, low: int, off: int, *, is_list: bool) -> tuple[Property, ...]:
    """Return the table of a mist, by the numbers of its modes; it also tells the last one."""
    is_on = Case.coding(
        Case(True, {"mode": high}), Case(True, {"mode": low}), Case(False, {"mode": Case.ANY}, off)
    )
    modes = Case.coding(
        *(Case(HIGH, {"mode": high}, high), Case(LOW, {"mode": low}, low)),
        *(Case(HIGH, {"lastMode": high}), Case(LOW, {"lastMode": low})),
    )
    sends = (Send(namespace, "spray", {"mode": CODE}, is_list=is_list),)
    supported = {HumidifierMode.supported_humidifier_modes: (LOW, HIGH)}
    switch = Property(Switch.switch, "", is_on, sends)
    return switch, Property(MODE, "", modes, sends, supported)


HUMIDIFIER = mist(SPRAY, 1, 2, 0, is_list=False)
DIFFUSER = mist(DIFFUSER_SPRAY, 1, 0, 2, is_list=True)


@dataclass(frozen=True)
class Mist(MerossPart):
    """A mist, which is turned on as it was last."""

    @override
    def changes(self, values: Values) -> list[Change]:
        if values.get(Switch.switch):
            values = {MODE: self.read(self.table[1]) or HIGH}
        return super().changes(values)


# what plays

PLAYER = (
    setting(AudioVolume.volume, "volume", Coding.share(0, 100, 0, 16), SOUND, "mp3"),
    setting(AudioMute.muted, "mute", FLAG, SOUND, "mp3"),
)
"""Of a night light for children."""

# what measures

METER = (
    Property(PowerMeter.power, "power", MILLI),
    Property(CurrentMeasurement.current, "current", MILLI),
    Property(VoltageMeasurement.voltage, "voltage", TENTHS),
)
COUNTER = (Property(EnergyMeter.energy, "value", MILLI),)
"""What was consumed on the last day that a device lists."""
CIRCUIT = (
    Property(PowerMeter.power, "power", MILLI),
    Property(CurrentMeasurement.current, "current", MILLI),
    Property(VoltageMeasurement.voltage, "voltage", MILLI),
    Property(EnergyMeter.energy, "mConsume", MILLI, stays=True),
)
"""Of an energy monitor; it counts by the month."""
SOMEBODY = Coding.words({0: False, 1: False, 2: True, 3: True})
PRESENCE = (
    Property(OccupancySensor.occupancy, "presence.value", SOMEBODY),
    Property(IlluminanceMeasurement.illuminance, "light.value", stays=True),
)
BATTERY = (Property(Battery.battery, "battery.value"),)

# sensors behind a hub

SMOKE = {23: DetectorState.TESTED} | dict.fromkeys(range(24, 28), DetectorState.DETECTED)
"""What the numbers of a smoke alarm mean; the others are faults, or that it is well."""
SENSED: Mapping[str, Property] = {
    "temperature": Property(TemperatureMeasurement.temperature, "temperature.latest", TENTHS),
    "humidity": Property(RelativeHumidityMeasurement.humidity, "humidity.latest", TENTHS),
    "doorWindow": Property(ContactSensor.contact, "doorWindow.status", FLAG),
    "smokeAlarm": Property(
        SmokeDetector.smoke,
        "smokeAlarm.status",
        Coding(lambda code: SMOKE.get(int(number(code)), DetectorState.CLEAR)),
    ),
    "waterLeak": Property(WaterSensor.water, "waterLeak.latestWaterLeak", FLAG),
}
"""What a hub can tell of a sensor, by its name."""
FINE = ("tempHumi", "ms130")
"""Those that measure in hundredths of degrees, not in tenths."""
FINELY = Property(TemperatureMeasurement.temperature, "temperature.latest", HUNDREDTHS)
MEASURES = ("temperature", "humidity")
HAS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("ms100", "tempHum", *FINE), MEASURES),
    "doorWindow": ("doorWindow",),
    "smokeAlarm": ("smokeAlarm",),
    "waterLeak": ("waterLeak",),
}
"""What each kind of sensor always has; others have what the hub tells of them."""
