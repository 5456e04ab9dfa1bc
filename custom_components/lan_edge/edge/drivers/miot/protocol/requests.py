"""What Xiaomi's devices are asked for: by the numbers of MIoT, or the names of older devices."""

from collections.abc import Sequence
from typing import Any, cast

from lan_edge import (
    DeviceError,
    Json,
    ReplyError,
    Udp,
    list_at,
    objects_at,
    optional_object,
)

from .packets import BUSY, DONE, HELLO, UNREADABLE, MiotCodec, MiotRefusalError

UNKNOWN_METHOD = ("unknown_method", ["unknown_method"])
GET_PROP = "get_prop"
EMPTY: Json = {}


def is_numbered(at: str) -> bool:
    """Return whether a property or an action is one of MIoT."""
    return at[:1].isdigit()


async def greet(io: Udp) -> None:
    """Say hello: the answer has what the codec needs."""
    await io.ask(HELLO, match=lambda message: message.get("method") == HELLO["method"])


async def call(io: Udp, method: str, params: Any) -> Any:
    """Return the result of a request; raise MiotRefusalError."""
    own = io.number()
    reply = await io.ask(
        {"id": own, "method": method, "params": params},
        match=lambda message: message.get("id") == own or message.get("all") is True,
    )
    if "error" in reply:
        error = optional_object(reply, "error")
        code = error.get("code")
        own_words = f"{error.get('message', reply['error'])!s:.100}"
        said = t"its answer makes no sense" if reply.get("all") is True else own_words
        raise MiotRefusalError(method, code if type(code) is int else UNREADABLE, said)
    result = reply.get("result", reply)  # some have it without this name
    if result in UNKNOWN_METHOD:
        raise MiotRefusalError(method, -32601)
    return result


def numbered(io: Udp, at: str, kind: str = "piid") -> Json:
    """Return a property or an action of MIoT as requests name it."""
    service, _, own = at.partition(".")
    did = str(cast("MiotCodec", io.codec).device_id)
    return {"did": did, "siid": int(service), kind: int(own)}


def is_lacking(err: DeviceError) -> bool:
    """Return whether a refusal says that a device does not have a property."""
    return isinstance(err, MiotRefusalError) and err.code not in BUSY


async def read_some(io: Udp, request: str, some: Sequence[str]) -> Json:
    """Return the values of a few properties, as far as the device has them.

    Those with names are asked for by `request`: if it is not `get_prop`, all are in its answer.
    """
    if is_numbered(some[0]):
        told = await call(io, "get_properties", [numbered(io, at) for at in some])
        return {
            f"{each.get('siid')}.{each.get('piid')}": each.get("value")
            for each in objects_in(told)
            if each.get("code", 0) == 0
        }
    told = await call(io, request, [*some] if request == GET_PROP else [])
    if request != GET_PROP:
        (own, *_) = *objects_in(told), EMPTY
        return own
    if len(values := list_at(told)) != len(some):
        raise MiotRefusalError(request, UNREADABLE, t"it does not answer for all of them")
    return dict(zip(some, values, strict=True))


async def set_numbered(io: Udp, values: Json) -> None:
    """Set properties of MIoT, in order."""
    items = [{**numbered(io, at), "value": value} for at, value in values.items()]
    check_done("set_properties", await call(io, "set_properties", items))


async def set_named(io: Udp, setter: str, value: Any) -> None:
    """Set a property of an older device: by a request, or by one for off and one for on."""
    off, _, on = setter.partition("|")
    if on:
        await call(io, on if value else off, [])
    else:
        await call(io, off, [value])


async def act(io: Udp, at: str) -> None:
    """Carry out an action of MIoT, by its numbers, or a request of an older device."""
    if is_numbered(at):
        action: Json = {**numbered(io, at, "aiid"), "in": list[Any]()}
        check_done("action", [await call(io, "action", action)])
    else:
        await call(io, at, [])


def objects_in(told: object) -> list[Json]:
    """Return the objects in an answer, which should be a list of them."""
    try:
        return objects_at(told)
    except ReplyError:
        return []


def check_done(method: str, told: Any) -> None:
    """Raise MiotRefusalError if one of several things was not done."""
    for each in objects_in(told):
        code = each.get("code", 0)
        if code not in DONE:
            raise MiotRefusalError(method, code if type(code) is int else UNREADABLE)
