"""What there is of our integration in Home Assistant's process: it must go with the devices."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from functools import partial
import gc
import heapq
from itertools import islice
import os
from pathlib import Path
import socket
import sys
from types import FrameType, GeneratorType
from typing import Any

from homeassistant.core import HomeAssistant

from custom_components.lan_edge.entities import mapping

OURS = ("custom_components.lan_edge.", "lan_edge.")
"""The modules of the integration, and those of its library."""
FOLDER = "/lan_edge/"
LASTING = "/lan_edge/driver_files/watch.py"
"""Where a task comes from that runs as long as Home Assistant does."""
LASTING_TIMERS = {"Listener._address_check_is_due"}
"""Of the listener, which is open as long as a driver has devices that call."""
LONGEST = 12


async def what_is_left(hass: HomeAssistant) -> dict[str, Any]:
    """Count objects, tasks, timers, open files and memory of this process."""
    _forget_cancelled(hass.loop)
    _forget_profiles()
    gc.collect()
    return {
        "objects": dict(_objects()),
        "tasks": sorted(_tasks()),
        "timers": sorted(_timers(hass.loop)),
        "sockets": await hass.async_add_executor_job(_sockets),
        "all_tasks": len(asyncio.all_tasks()),
        "resident_kb": await hass.async_add_executor_job(_resident),
    }


def _forget_cancelled(loop: Any) -> None:
    """Drop cancelled timers, which asyncio keeps, with their context, until their time comes."""
    loop._scheduled = [handle for handle in loop._scheduled if not handle.cancelled()]
    heapq.heapify(loop._scheduled)
    loop._timer_cancelled_count = 0


def _forget_profiles() -> None:
    """Empty the caches of what profiles have; a profile that is new to them is no leak."""
    mapping._entity_specs.cache_clear()
    mapping._component_specs.cache_clear()


def holders(kind: str) -> list[str]:
    """Return what holds an object of a kind, and what holds that: where a leak begins."""
    gc.collect()
    for each in gc.get_objects():
        if _name(type(each)) == kind:
            return _chain(each)
    return []


def _chain(held: Any) -> list[str]:
    """Return what holds an object, each held by the next."""
    chain: list[str] = []
    seen = {id(sys._getframe()), id(chain)}
    while len(chain) < LONGEST:
        seen |= {id(held), id(seen)}
        found = next((h for h in gc.get_referrers(held) if _may_hold(h, seen)), None)
        if found is None:
            break
        chain.append(_described(found))
        held = found
    return chain


def _described(holder: Any) -> str:
    """Return what a holder is; its whole `repr` can take minutes."""
    if isinstance(holder, dict):
        return f"dict of {[str(key)[:40] for key in islice(holder, 6)]}"
    return f"{type(holder).__name__} {getattr(holder, '__qualname__', '')}"


def _may_hold(holder: Any, seen: set[int]) -> bool:
    """Whether it is no part of this search."""
    ours = isinstance(holder, FrameType) and holder.f_code.co_filename == __file__
    return id(holder) not in seen and not ours and not isinstance(holder, list | GeneratorType)


def _objects() -> Counter[str]:
    kinds = Counter(type(each) for each in gc.get_objects())
    return Counter({_name(k): n for k, n in kinds.items() if _name(k).startswith(OURS)})


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _tasks() -> Iterator[str]:
    for task in asyncio.all_tasks():
        coroutine = task.get_coro()
        code = getattr(coroutine, "cr_code", None)
        if code is None or code.co_filename.endswith(LASTING):
            continue
        if FOLDER in code.co_filename:
            yield code.co_qualname


def _timers(loop: Any) -> Iterator[str]:
    for handle in loop._scheduled:
        call = handle._callback
        while isinstance(call, partial):
            call = call.func
        owner = getattr(call, "__self__", None)
        module = getattr(call, "__module__", None) or type(owner).__module__
        name = getattr(call, "__qualname__", repr(call))
        is_ours = f"{module}.".startswith(OURS) and name not in LASTING_TIMERS
        if is_ours and not handle.cancelled():
            yield name


def _sockets() -> list[str]:
    return sorted(filter(None, map(_ends, Path("/proc/self/fd").iterdir())))


def _ends(file: Path) -> str:
    """Return where the ends of a socket are; nothing for another file."""
    try:
        if not str(file.readlink()).startswith("socket:"):
            return ""
        with socket.socket(fileno=os.dup(int(file.name))) as copy:
            return f"{copy.getsockname()} to {_peer(copy)}"
    except OSError:  # the folder's own, gone by now
        return ""


def _peer(one: socket.socket) -> Any:
    try:
        return one.getpeername()
    except OSError:
        return "nobody"


def _resident() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])
