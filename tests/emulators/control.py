"""A small HTTP server to look at a running emulator and to make it misbehave.

GET / tells state, log, connections and address; POST /change takes a state,
POST /fault the faults and actions to set or do, in the order they are written.
"""

from collections.abc import Awaitable, Callable, Mapping
import json
from typing import Any, Self

from aiohttp import web

from tests.clock import now

from .device import EmulatedDevice
from .faults import HttpOverride
from .rewriting import MISSING, Change

type Device = EmulatedDevice[Any]


class Control:
    """The control server of one device; use it as an async context manager."""

    def __init__(self, device: Device, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self._device = device
        app = web.Application()
        app.router.add_get("/", self._show)
        app.router.add_post("/change", self._change)
        app.router.add_post("/fault", self._fault)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self.port).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _show(self, _: web.Request) -> web.Response:
        device = self._device
        return _answer(
            {
                "id": device.id,
                "name": device.name,
                "address": {"host": device.host, "port": device.port},
                "state": device.state,
                "connections": device.connections._asdict(),
                "log": [received.as_dict() for received in device.log],
                "faults": device.faults.as_dict(),
                "now": now(),
            }
        )

    async def _change(self, request: web.Request) -> web.Response:
        state = await _object(request)
        try:
            at = await self._device.change(**state)
        except ValueError as error:
            raise web.HTTPBadRequest(text=str(error)) from None
        return _answer({"at": at, "state": self._device.state})

    async def _fault(self, request: web.Request) -> web.Response:
        wanted = await _object(request)
        if unknown := set(wanted) - set(SWITCHES) - set(ACTIONS):
            raise web.HTTPBadRequest(text=f"unknown: {', '.join(sorted(unknown))}")
        try:
            for name, value in wanted.items():
                await _set_or_do(self._device, name, value)
        except (TypeError, ValueError, LookupError, AttributeError, OSError) as error:
            raise web.HTTPBadRequest(text=f"{name}: {error}") from None
        return _answer({"faults": self._device.faults.as_dict()})


async def _set_or_do(device: Device, name: str, value: Any) -> None:
    if switch := SWITCHES.get(name):
        attribute, convert = switch
        setattr(device.faults, attribute, convert(value))
    elif value is not False:
        await ACTIONS[name](device, value)


async def _object(request: web.Request) -> dict[str, Any]:
    try:
        given = json.loads(await request.text())
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise web.HTTPBadRequest(text="a JSON object, please")
    return given


def _answer(value: Mapping[str, Any]) -> web.Response:
    return web.json_response(value, dumps=lambda v: json.dumps(v, default=repr))


def _optional[T](convert: Callable[[Any], T]) -> Callable[[Any], T | None]:
    return lambda value: None if value is None else convert(value)


def _true_or_names(value: Any) -> bool | list[str]:
    return value if isinstance(value, bool) else [str(name) for name in value]


def _true_or_seconds(value: Any) -> bool | float:
    return value if isinstance(value, bool) else float(value)


def _override(value: dict[str, Any]) -> HttpOverride:
    """Read an override; `size` asks for a body of so many bytes."""
    body = value.get("body", "x" * value.get("size", 0)).encode()
    return HttpOverride(value.get("status", 200), body, value.get("headers", {}))


def _change(value: dict[str, Any]) -> Change:
    """Read a change of the answers to a request; without a value, the field is left out."""
    return Change(value["request"], tuple(value.get("place", ())), value.get("value", MISSING))


SWITCHES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "slow": ("slow", float),
    "late": ("late", float),
    "hold": ("hold", bool),
    "repeat": ("repeat", int),
    "split": ("split", int),
    "merge": ("merge", _true_or_seconds),
    "silent": ("silent", bool),
    "lie": ("lie", bool),
    "odd": ("odd", bool),
    "ignore": ("ignore", bool),
    "refuse": ("refuse", _true_or_names),
    "impostor": ("impostor", _optional(str)),
    "close_after": ("cut_in", _optional(int)),
    "override": ("override", _optional(_override)),
    "late_answers": ("late_answers", dict),
    "rewrite": ("rewrite", _optional(_change)),
}


async def _clear(device: Device, _: Any) -> None:
    device.faults.clear()


async def _release(device: Device, order: Any) -> None:
    device.release(None if order is True else order)


async def _restart(device: Device, down: Any) -> None:
    device.in_background(device.restart(float(down)))


async def _move(device: Device, target: Any) -> None:
    await device.move(**target)


ACTIONS: dict[str, Callable[[Device, Any], Awaitable[None]]] = {
    "clear": _clear,
    "drop": lambda device, _: device.drop(),
    "down": lambda device, _: device.down(),
    "up": lambda device, _: device.up(),
    "restart": _restart,
    "move": _move,
    "leave_old": lambda device, _: device.leave_old(),
    "inject": lambda device, text: device.inject(text.encode()),
    "inject_hex": lambda device, text: device.inject(bytes.fromhex(text)),
    "release": _release,
    "announce": lambda device, _: device.announce(),
    "goodbye": lambda device, _: device.goodbye(),
}
