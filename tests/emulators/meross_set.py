"""What a Meross device does when it is told to change something."""

import asyncio
from typing import TYPE_CHECKING, Any

from .meross_models import (
    DIFFUSER_LIGHT,
    DIFFUSER_SPRAY,
    DND,
    DOOR,
    FAN,
    HUB_SWITCH,
    HVAC,
    KEYS,
    LIGHT,
    POSITION,
    SOCKET,
    SOUND,
    SPRAY,
    SUMMER,
    SYSTEM,
    TOGGLE_X,
    TURNS,
    VALVE_HEAT,
    VALVE_MODE,
    VALVES,
    WALL,
)

if TYPE_CHECKING:
    from .meross import MerossEmulator

WALL_TEMPERATURES = {0: "heatTemp", 1: "coolTemp", 2: "ecoTemp", 4: "manualTemp"}
VALVE_TEMPERATURES = {0: "custom", 1: "comfort", 2: "economy", 4: "away"}
STOP, SECOND_KIND = -1, (6, 6, 6)


def changed(device: MerossEmulator, namespace: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Carry something out, and return the payload of the answer; raise ValueError or KeyError."""
    doers = {
        TOGGLE_X: toggled,
        KEYS["toggle"]: toggled,
        LIGHT: shown,
        DOOR: moved,
        POSITION: rolled,
        WALL: heated,
        SOCKET: heated,
        SYSTEM[2]: quieted,
        HUB_SWITCH: valve_changed,
        VALVE_MODE: valve_changed,
        VALVE_HEAT: valve_changed,
        SPRAY: noted,
        FAN: noted,
        DIFFUSER_SPRAY: diffused,
        DIFFUSER_LIGHT: diffused,
        SOUND: answered,
        HVAC: answered,
        SUMMER: heated,
    }
    ((key, told),) = payload.items()
    answer: dict[str, Any] = {}
    for each in told if isinstance(told, list) else [told]:
        answer = doers[namespace](device, key, each) or answer
    return answer


def toggled(device: MerossEmulator, key: str, told: dict[str, Any]) -> None:
    """Turn an outlet on or off; the one at channel 0 turns all."""
    channel = told.get("channel", 0)
    for each in device.listed(key):
        if channel in {0, each.get("channel", 0)}:
            each["onoff"] = told["onoff"]
    others = [each["onoff"] for each in device.listed(key) if each.get("channel")]
    if channel and others:
        device.listed(key)[0]["onoff"] = int(any(others))


def shown(device: MerossEmulator, key: str, told: dict[str, Any]) -> None:
    """Change a light, most of which turn on then."""
    [light] = device.listed(key)
    if not 1 <= told.get("luminance", 1) <= 100:
        raise ValueError("no such luminance")
    light |= {name: value for name, value in told.items() if name in light}
    if toggles := device.listed("togglex"):
        toggles[0]["onoff"] = int(device.turns_on) or toggles[0]["onoff"]


def moved(device: MerossEmulator, key: str, told: dict[str, Any]) -> dict[str, Any]:
    """Open or close a door, which takes a while; `execute` says whether there is anything to do."""
    door = next(d for d in device.listed("garageDoor") if d["channel"] == told["channel"])
    if told["uuid"] != device.uuid:
        raise ValueError("for another device")
    execute = int(door["open"] != told["open"])
    answer = {key: {**door, "execute": execute}}
    if device.takes:
        loop = asyncio.get_running_loop()
        loop.call_later(device.takes, door.__setitem__, "open", told["open"])
    else:
        door["open"] = told["open"]
    return answer


def rolled(device: MerossEmulator, key: str, told: dict[str, Any]) -> None:
    """Begin to move a shutter, or stop it; older firmware only knows open and closed."""
    [position], [turns] = device.model.answers[POSITION][key], device.model.answers[TURNS]["state"]
    wanted = told["position"]
    if wanted == STOP:
        turns["state"] = 0
        return
    version = tuple(map(int, device.model.firmware.split(".")))
    if version < SECOND_KIND and wanted not in {0, 100}:
        return
    turns["state"] = 1 if wanted > position["position"] else 2
    device.rolls_to = wanted


def heated(device: MerossEmulator, key: str, told: dict[str, Any]) -> None:
    """Change a thermostat; at the wall, the mode decides which temperature counts."""
    [thermostat] = device.model.digest["thermostat"][key]
    if told.keys() - thermostat.keys():
        raise ValueError("no such setting")
    thermostat |= told
    if key == "mode" and thermostat["mode"] in WALL_TEMPERATURES:
        thermostat["targetTemp"] = thermostat[WALL_TEMPERATURES[thermostat["mode"]]]


def noted(device: MerossEmulator, key: str, told: dict[str, Any]) -> None:
    """Change what of its digest, or else of what it answers, has the channel."""
    if key in device.model.digest:
        replaced(device.listed(key), told)
    else:
        answered(device, key, told)


def diffused(device: MerossEmulator, key: str, told: dict[str, Any]) -> None:
    """Change the light or the mist of a diffuser."""
    replaced(device.model.digest["diffuser"][key], told)


def answered(device: MerossEmulator, key: str, told: dict[str, Any]) -> None:
    """Change what it answers when it is asked for that."""
    [known] = [each[key] for each in device.model.answers.values() if key in each]
    replaced(known if isinstance(known, list) else [known], told)


def replaced(known: list[dict[str, Any]], told: dict[str, Any]) -> None:
    """Change one of several by its channel; raise ValueError for what it does not have."""
    one = next(each for each in known if each["channel"] == told["channel"])
    if told.keys() - one.keys():
        raise ValueError("no such setting")
    one |= told


def quieted(device: MerossEmulator, key: str, told: dict[str, Any]) -> None:
    """Turn the light that shows its state off or on."""
    device.model.answers.setdefault(SYSTEM[2], {key: dict(DND[key])})[key] |= told


def valve_changed(device: MerossEmulator, key: str, told: dict[str, Any]) -> None:
    """Change a valve behind a hub."""
    valve = next(each for each in device.model.answers[VALVES]["all"] if each["id"] == told["id"])
    valve[key] |= {name: value for name, value in told.items() if name != "id"}
    mode, temperature = valve["mode"]["state"], valve["temperature"]
    if mode in VALVE_TEMPERATURES:
        temperature["currentSet"] = temperature[VALVE_TEMPERATURES[mode]]
