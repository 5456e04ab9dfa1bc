"""JSON lines over TCP."""

import json

from custom_components.lan_edge.edge import JsonRpc, JsonRpcOptions, TimedOutError
from custom_components.lan_edge.edge.transports import Link

from ..peers import Wire
from .contract import Contract, Kit


def make(link: Link) -> JsonRpc:
    return JsonRpc(link, JsonRpcOptions(timeout=0.2, limit=1000))


async def serve(wire: Wire) -> None:
    while line := await wire.reader.readline():
        request = json.loads(line)
        reply = {"id": request["id"], "result": request["method"].upper()}
        await wire.send(json.dumps(reply).encode() + b"\n")


class TestJsonRpc(Contract):
    kit = Kit(
        make=make,
        serve=serve,
        use=lambda rpc: rpc.call("power"),
        answer="POWER",
        garbage=b"{<html>\n[1, null]\n",
        oversize=b"x" * 1001 + b"\n",
        garbage_raises=(TimedOutError,),
    )
