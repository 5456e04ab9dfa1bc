"""The devices of the pages' examples, as their protocols have them; nothing here is the library."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
import json
from typing import Any, ClassVar, Self, override
from xml.etree.ElementTree import fromstring

import aiohttp
from aiohttp import web

from tests.tcp import Connection, Server, watched

HOST = "127.0.0.61"


class ExampleDevice(ABC):
    """A device on loopback, with what it is now in `state`."""

    id: ClassVar[str]
    first: ClassVar[dict[str, Any]]
    """The state it begins with."""

    def __init__(self) -> None:
        self.state = dict(self.first)
        self.port = 0
        self.news_first = False
        """Tell of the state before each answer: news that are none to who waits."""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def change(self, **values: Any) -> None:
        """Become something else, by somebody's hand."""
        self.state.update(values)
        await self.tell(values)

    @abstractmethod
    async def start(self) -> None:
        """Be there."""

    @abstractmethod
    async def stop(self) -> None:
        """Be gone."""

    async def tell(self, values: dict[str, Any]) -> None:  # noqa: B027  # not all can
        """Report a change to all who are connected."""

    async def hang_up(self) -> None:  # noqa: B027  # not all have any
        """End every connection."""


class TcpDevice(ExampleDevice):
    """Messages over TCP."""

    @override
    async def start(self) -> None:
        self._server = Server(Connection, self._attend, HOST)
        await self._server.open()
        self.port = self._server.port

    @override
    async def stop(self) -> None:
        await self._server.close()

    @override
    async def hang_up(self) -> None:
        for connection in self._server.connections:
            connection.abort()

    async def _attend(self, connection: Connection) -> None:
        while True:
            answer = self.answer(await self.read(connection.reader))
            if self.news_first:
                await self.tell(self.state)
            connection.write(answer)

    def say(self, message: bytes) -> None:
        """Send a message to all who are connected."""
        for connection in self._server.connections:
            connection.write(message)

    async def read(self, reader: asyncio.StreamReader) -> bytes:
        """Return one message."""
        return await reader.readuntil(b"\n")

    @abstractmethod
    def answer(self, message: bytes) -> bytes:
        """Return the answer to a message."""


class Amplifier(TcpDevice):
    id = "AMP1"
    first: ClassVar[dict[str, Any]] = {"volume": 20, "stuck": False}

    @override
    def answer(self, message: bytes) -> bytes:
        return f"{self._reply(message.decode('ascii').split())}\r\n".encode("ascii")

    def _reply(self, words: list[str]) -> str:
        match words:
            case ["SERIAL?"]:
                return self.id
            case ["VOLUME", volume] if not self.state["stuck"]:
                self.state["volume"] = int(volume)
            case ["VOLUME?"]:
                pass
            case _:
                return "ERROR 3"
        return f"VOLUME {self.state['volume']}"

    @override
    async def tell(self, values: dict[str, Any]) -> None:
        self.say(f"*VOLUME {self.state['volume']}\r\n".encode("ascii"))


class Kettle(TcpDevice):
    id = "KETTLE1"
    first: ClassVar[dict[str, Any]] = {"heating": False, "celsius": 20.5}

    @override
    def answer(self, message: bytes) -> bytes:
        request = json.loads(message)
        assert request["jsonrpc"] == "2.0"
        reply: dict[str, Any] = {"jsonrpc": "2.0", "id": request["id"]}
        match request["method"]:
            case "Kettle.Info":
                reply["result"] = {"serial": self.id}
            case "Kettle.Heat" if self.state.get("dry"):
                reply["error"] = {"code": 7, "message": "no water"}
            case "Kettle.Heat":
                self.state.update(request["params"])
                reply["result"] = request["params"]
            case "Kettle.Status":
                reply["result"] = self.state
        return json.dumps(reply).encode() + b"\n"

    @override
    async def tell(self, values: dict[str, Any]) -> None:
        news = {"jsonrpc": "2.0", "method": "Kettle.Changed", "params": values}
        self.say(json.dumps(news).encode() + b"\n")


class Relay(TcpDevice):
    id = "0a0b0c"
    first: ClassVar[dict[str, Any]] = {"on": False, "locked": False}

    @override
    async def read(self, reader: asyncio.StreamReader) -> bytes:
        length = int.from_bytes(await reader.readexactly(2))
        return await reader.readexactly(length)

    @override
    def answer(self, message: bytes) -> bytes:
        number, word, data = message[:1], message[1:2], message[2:]
        match word:
            case b"I":
                return self.framed(number + word + bytes.fromhex(self.id))
            case b"S" if not self.state["locked"]:
                self.state["on"] = data == b"\1"
            case b"R":
                pass
            case _:
                return self.framed(number + b"!")
        return self.framed(number + b"R" + bytes([self.state["on"]]))

    @override
    async def tell(self, values: dict[str, Any]) -> None:
        self.say(self.framed(b"\0R" + bytes([self.state["on"]])))

    def framed(self, message: bytes) -> bytes:
        return len(message).to_bytes(2) + message


class Chime(ExampleDevice, asyncio.DatagramProtocol):
    id = "a1b2c3d4e5f6"
    first: ClassVar[dict[str, Any]] = {"volume": 5, "rung": 0, "broken": False}

    def __init__(self) -> None:
        super().__init__()
        self.lose = 0
        """Lose so many of the next answers."""
        self.heard = list[str]()

    @override
    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(HOST, 0))
        self.port = self._transport.get_extra_info("sockname")[1]

    @override
    async def stop(self) -> None:
        self._transport.abort()

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        request = json.loads(data)
        self.heard.append(request["method"])
        self._client = addr
        answer: dict[str, Any] = {"id": request["id"]}
        match request["method"]:
            case "hello":
                answer["mac"] = self.id
            case "ring":
                self.state["rung"] += 1
            case "set" if self.state["broken"]:
                answer["error"] = "jammed"
            case "set":
                answer["volume"] = self.state["volume"] = request["volume"]
            case "status":
                answer["volume"] = self.state["volume"]
        if self.news_first:
            self._transport.sendto(json.dumps({"volume": self.state["volume"]}).encode(), addr)
        if self.lose:
            self.lose -= 1
        else:
            self._transport.sendto(json.dumps(answer).encode(), addr)

    @override
    async def tell(self, values: dict[str, Any]) -> None:
        self._transport.sendto(json.dumps(values).encode(), self._client)


class WebDevice(ExampleDevice):
    """Whatever speaks HTTP."""

    @override
    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, 0)
        await site.start()
        self.port = self._runner.addresses[0][1]

    @override
    async def stop(self) -> None:
        await self.hang_up()
        await self._runner.cleanup()

    @abstractmethod
    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a request."""


class MeteringPlug(WebDevice):
    id = "001122334455"
    first: ClassVar[dict[str, Any]] = {"on": False, "power": 0.0}

    @override
    async def answer(self, request: web.Request) -> web.StreamResponse:
        match request.method, request.path_qs:
            case "GET", "/api/info":
                told: dict[str, Any] = {"mac": self.id, "model": "MP-1", "firmware": "1.2"}
            case "GET", "/api/relay":
                told = {"on": self.state["on"]}
            case "PUT", "/api/relay":
                told = await request.json()
                self.state.update(told)
            case "GET", "/api/meter?unit=W":
                told = {"power": self.state["power"]}
            case _:
                raise web.HTTPNotFound
        return web.json_response(told)


class Purifier(WebDevice):
    id = "PURE1"
    first: ClassVar[dict[str, Any]] = {"on": False, "filter": True}

    def __init__(self) -> None:
        super().__init__()
        self._sockets = list[web.WebSocketResponse]()

    @override
    async def answer(self, request: web.Request) -> web.StreamResponse:
        assert request.path == "/ws"
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        async for message in socket:
            answer = self._reply(message.json())
            if self.news_first:
                await self.tell({"on": self.state["on"]})
            with suppress(ConnectionError):  # whoever asked may have left
                await socket.send_json(answer)
        return socket

    def _reply(self, request: dict[str, Any]) -> dict[str, Any]:
        number = {"id": request["id"]}
        match request["do"]:
            case "hello":
                return {**number, "serial": self.id}
            case "write" if not self.state["filter"]:
                return {**number, "error": "no filter"}
            case "write":
                self.state["on"] = request["on"]
        return {**number, "on": self.state["on"]}

    @override
    async def tell(self, values: dict[str, Any]) -> None:
        for socket in self._sockets:
            with suppress(ConnectionError):
                await socket.send_json(values)

    @override
    async def hang_up(self) -> None:
        sockets, self._sockets = self._sockets, []
        for socket in sockets:
            await socket.close()


class DeskLamp(Purifier):
    id = "LAMP1"
    first: ClassVar[dict[str, Any]] = {"on": False, "level": 40}

    @override
    async def answer(self, request: web.Request) -> web.StreamResponse:
        match request.method, request.path:
            case "GET", "/info":
                return web.json_response({"serial": self.id})
            case "GET", "/events":
                return await self._listened_to(request)
            case "PATCH", "/lamp":
                asked = await request.json()
                await self.change(**{key: asked[key] for key in asked if key in self.state})
            case "GET", "/lamp":
                pass
            case _:
                raise web.HTTPNotFound
        return web.json_response(self.state)

    async def _listened_to(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        async for _ in socket:
            pass
        return socket


class GardenValve(WebDevice):
    id = "VALVE1"
    first: ClassVar[dict[str, Any]] = {"open": False}

    def __init__(self) -> None:
        super().__init__()
        self._streams = list[asyncio.Queue[bytes]]()

    @override
    async def answer(self, request: web.Request) -> web.StreamResponse:
        match request.method, request.path:
            case "GET", "/events":
                return await self._stream(request)
            case "POST", "/valve":
                await self.change(**await request.json())
        return web.json_response({"serial": self.id, **self.state})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        queue = asyncio.Queue[bytes]()
        self._streams.append(queue)
        with suppress(ConnectionError):
            while event := await queue.get():
                await response.write(event)
        return response

    @override
    async def tell(self, values: dict[str, Any]) -> None:
        for queue in self._streams:
            queue.put_nowait(f"event: valve\ndata: {json.dumps(values)}\n\n".encode())

    @override
    async def hang_up(self) -> None:
        streams, self._streams = self._streams, []
        for queue in streams:
            queue.put_nowait(b"")


RENDERING = "urn:schemas-upnp-org:service:RenderingControl:1"
DESCRIPTION = """<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0"><device>
<deviceType>urn:schemas-upnp-org:device:MediaRenderer:1</deviceType>
<friendlyName>Kitchen</friendlyName><UDN>uuid:{id}</UDN><serviceList><service>
<serviceType>{service}</serviceType><controlURL>/rendering/control</controlURL>
<eventSubURL>/rendering/events</eventSubURL></service></serviceList></device></root>"""
ANSWER = """<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
<u:{action}Response xmlns:u="{service}">{told}</u:{action}Response></s:Body></s:Envelope>"""
FAULT = """<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>
<faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail><UPnPError>
<errorCode>702</errorCode><errorDescription>no such instance</errorDescription></UPnPError>
</detail></s:Fault></s:Body></s:Envelope>"""
EVENT = """<e:propertyset xmlns:e="urn:schemas-upnp-org:event-1-0"><e:property>
<LastChange>&lt;Event/&gt;</LastChange></e:property></e:propertyset>"""


class Locating(asyncio.DatagramProtocol):
    """Answers a search with where the description is."""

    def __init__(self, location: Callable[[], str]) -> None:
        self._location = location

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self._transport = transport

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = f"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nLOCATION: {self._location()}\r\n\r\n"
        self._transport.sendto(answer.encode(), addr)


class Speaker(WebDevice):
    id = "5EA4E4"
    first: ClassVar[dict[str, Any]] = {"volume": 10, "mute": 0, "standby": False}

    def __init__(self) -> None:
        super().__init__()
        self.subscribers = dict[str, str]()
        self._sequence = 0
        self._tasks = set[asyncio.Task[None]]()

    @override
    async def start(self) -> None:
        await super().start()
        loop = asyncio.get_running_loop()
        self._search, _ = await loop.create_datagram_endpoint(
            lambda: Locating(lambda: f"http://{HOST}:{self.port}/described/here.xml"),
            local_addr=(HOST, 1900),
        )

    @override
    async def stop(self) -> None:
        self._search.abort()
        await asyncio.gather(*self._tasks)
        await super().stop()

    @override
    async def answer(self, request: web.Request) -> web.StreamResponse:
        match request.method, request.path:
            case "GET", "/described/here.xml":
                return web.Response(text=DESCRIPTION.format(id=self.id, service=RENDERING))
            case "POST", "/rendering/control":
                return self._act(request.headers["SOAPACTION"], await request.text())
            case "SUBSCRIBE", "/rendering/events":
                return self._subscribe(request)
            case "UNSUBSCRIBE", "/rendering/events":
                del self.subscribers[request.headers["SID"]]
                return web.Response()
        raise web.HTTPNotFound

    def _act(self, action: str, body: str) -> web.StreamResponse:
        name = action.strip('"').removeprefix(f"{RENDERING}#")
        (call,) = fromstring(body)[0]  # noqa: S314  # our own
        arguments = {argument.tag: argument.text for argument in call}
        assert (arguments["InstanceID"], arguments["Channel"]) == ("0", "Master")
        if self.state["standby"]:
            return web.Response(status=500, text=FAULT)
        verb, what = name[:3], name[3:]
        told = f"<Current{what}>{self.state[what.lower()]}</Current{what}>"
        if verb == "Set":
            self.state[what.lower()] = int(arguments[f"Desired{what}"] or 0)
            told = ""
            self._soon(self.tell({}))
        return web.Response(text=ANSWER.format(action=name, service=RENDERING, told=told))

    def _subscribe(self, request: web.Request) -> web.StreamResponse:
        sid = request.headers.get("SID", "uuid:1")
        if "SID" not in request.headers:
            self.subscribers[sid] = request.headers["CALLBACK"].strip("<>")
            self._sequence = 0
            self._soon(self.tell({}))
        return web.Response(headers={"SID": sid, "TIMEOUT": "Second-1800"})

    def _soon(self, telling: Coroutine[Any, Any, None]) -> None:
        task = watched(telling)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @override
    async def tell(self, values: dict[str, Any]) -> None:
        for sid, url in tuple(self.subscribers.items()):
            headers = {"NT": "upnp:event", "NTS": "upnp:propchange", "SID": sid}
            headers["SEQ"], self._sequence = str(self._sequence), self._sequence + 1
            with suppress(aiohttp.ClientConnectionError):  # the subscriber may have left
                async with (
                    aiohttp.ClientSession() as session,
                    session.request("NOTIFY", url, data=EVENT, headers=headers) as response,
                ):
                    assert response.status == 200
