"""Reads what a Kasa device tells, in its XOR cipher."""

from typing import Any

from lan_edge import (
    Attribute,
    Capability,
    CurrentMeasurement,
    EnergyMeter,
    Json,
    JsonCodec,
    PowerMeter,
    RefusedError,
    VoltageMeasurement,
    mac_address,
    object_at,
    objects_at,
    optional_object,
    text_at,
)

PORT, KEY = 9999, 171
MAX_OUTLETS, MAX_ID = 64, 64
METERS: tuple[tuple[type[Capability], Attribute[float], str, str], ...] = (
    # the names in older firmware, and in newer firmware, which uses thousandths of the unit
    (PowerMeter, PowerMeter.power, "power", "power_mw"),
    (EnergyMeter, EnergyMeter.energy, "total", "total_wh"),
    (VoltageMeasurement, VoltageMeasurement.voltage, "voltage", "voltage_mv"),
    (CurrentMeasurement, CurrentMeasurement.current, "current", "current_ma"),
)


class Cipher(JsonCodec):
    """JSON in which each byte is XORed with the encrypted byte before it."""

    def encode(self, message: Any) -> bytes:
        sent = bytearray([KEY])
        for byte in super().encode(message):
            sent.append(byte ^ sent[-1])
        return bytes(sent[1:])

    def decode(self, data: bytes) -> Any:
        pairs = zip(data, bytes([KEY]) + data, strict=False)
        return super().decode(bytes(byte ^ before for byte, before in pairs))


def answer(reply: Any, module: str, method: str) -> Json:
    """Return the result of a method; raise RefusedError, or ReplyError if there is none."""
    for path in ((module,), (module, method)):
        status = optional_object(reply, *path)
        if status.get("err_code", 0):
            raise RefusedError(t"{method}: {status.get('err_msg', status['err_code'])!s:.100}")
    return object_at(reply, module, method)


def unique_id(sysinfo: Json) -> str:
    """Return the MAC address, which is in one of two fields, or else TP-Link's own id."""
    macs = (mac_address(text_at(sysinfo, name)) for name in ("mac", "mic_mac"))
    return next(filter(None, macs), "") or text_at(sysinfo, "deviceId").lower()


def read_probe(data: bytes) -> Json:
    """Return the content of the reply to a probe; {} if the device reports no id."""
    sysinfo = answer(Cipher().decode(data), "system", "get_sysinfo")
    return {"id": unique_id(sysinfo), **sysinfo} if unique_id(sysinfo) else {}


def switched(state: Any) -> Any:
    """Return 0 and 1 as bool; anything else unchanged, for `emit` to refuse."""
    return bool(state) if state in (0, 1) else state


def flag(value: Any) -> bool | None:
    """Return 0 and 1 as bool; None if it is neither."""
    return bool(value) if value in (0, 1) else None


def scaled(number: Any, factor: float) -> Any:
    """Return a number in another unit; anything else unchanged, for `emit` to refuse."""
    return number * factor if type(number) in {int, float} else number


def children_of(sysinfo: Json) -> dict[str, Json]:
    """Return a strip's outlets by their complete ids, in the order of these."""
    own = text_at(sysinfo, "deviceId")
    has_list = isinstance(sysinfo.get("children"), list)
    listed = objects_at(sysinfo, "children")[:MAX_OUTLETS] if has_list else []
    outlets = {text_at(child, "id"): child for child in listed}
    is_whole = {own_id: len(own_id) > len("00") for own_id in outlets}
    known = {i: o for i, o in outlets.items() if i and (own or is_whole[i])}
    complete = {i if is_whole[i] else own + i: o for i, o in known.items()}
    return {own_id[:MAX_ID]: complete[own_id] for own_id in sorted(complete)}


def readings_of(meter: Json) -> list[tuple[type[Capability], Attribute[float], Any]]:
    """Return the readings of a meter in the units of the attributes; None: not measured.

    A device that reports 0 V measures neither voltage nor current.
    """
    values = {
        name: scaled(meter.get(in_thousandths), 1 / 1000)
        if meter.get(name) is None
        else meter[name]
        for *_, name, in_thousandths in METERS
    }
    if values["voltage"] == 0:
        values |= {"voltage": None, "current": None}
    return [(capability, attribute, values[name]) for capability, attribute, name, _ in METERS]


def effect_of(sysinfo: Json) -> str:
    """Return the name of the effect that a light strip shows, or an empty text."""
    effect = optional_object(sysinfo, "lighting_effect_state")
    return text_at(effect, "name") if effect.get("enable") == 1 else ""
