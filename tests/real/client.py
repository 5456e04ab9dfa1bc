"""A client of Home Assistant's own APIs, as its frontend is one."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
import contextlib
from dataclasses import dataclass, field
import time
from typing import Any, Self

import aiohttp

type Json = dict[str, Any]

FLOW = "/api/config/config_entries/flow"


@dataclass(frozen=True)
class Event:
    """Something a subscription told, and when it got here."""

    data: Json
    at: float


@dataclass
class Subscription:
    """The events of one subscription, in order."""

    events: asyncio.Queue[Event] = field(default_factory=asyncio.Queue)

    async def next(self, patience: float = 30.0) -> Event:
        """Return the next event, waiting for it."""
        async with asyncio.timeout(patience):
            return await self.events.get()


class RefusedError(Exception):
    """Home Assistant said no; the words are its own."""


class Client:
    """REST and WebSocket of one Home Assistant, logged in."""

    def __init__(self, url: str, tokens: Json) -> None:
        self.url = url
        self.tokens = tokens
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        self._session = aiohttp.ClientSession(url, headers=headers)
        self._replies: dict[int, asyncio.Future[Any]] = {}
        self._subscriptions: dict[int, Subscription] = {}
        self._last_id = 0

    async def __aenter__(self) -> Self:
        self._socket = await self._session.ws_connect(
            "/api/websocket", max_msg_size=0, heartbeat=30
        )
        await self._socket.receive_json()
        await self._socket.send_json({"type": "auth", "access_token": self.tokens["access_token"]})
        answer = await self._socket.receive_json()
        if answer["type"] != "auth_ok":
            raise RefusedError(str(answer))
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)
        await self._socket.close()
        await self._session.close()

    async def request(self, method: str, path: str, body: Json | None = None) -> Any:
        """Return the JSON that a REST request is answered with."""
        async with self._session.request(method, path, json=body) as answer:
            if not answer.ok:
                raise RefusedError(f"{path}: {answer.status} {await answer.text()}")
            return await answer.json()

    async def command(self, kind: str, *, patience: float = 30.0, **fields: Any) -> Any:
        """Return the result of a WebSocket command."""
        return await self._send(self._next_id(), kind, fields, patience)

    @contextlib.asynccontextmanager
    async def subscribe(
        self, kind: str = "subscribe_events", **fields: Any
    ) -> AsyncGenerator[Subscription]:
        """Keep a subscription for the length of a block."""
        number = self._next_id()
        subscription = self._subscriptions[number] = Subscription()
        await self._send(number, kind, fields)
        try:
            yield subscription
        finally:
            del self._subscriptions[number]
            await self.command("unsubscribe_events", subscription=number)

    async def state(self, entity_id: str) -> Json:
        """Return an entity's state, as the API tells it."""
        state: Json = await self.request("GET", f"/api/states/{entity_id}")
        return state

    async def wait_for_state(self, entity_id: str, state: str, patience: float = 60.0) -> Json:
        """Return an entity's state once it is the one wanted."""

        async def has_state() -> Json | None:
            try:
                now = await self.state(entity_id)
            except RefusedError:
                return None
            return now if now["state"] == state else None

        return await until(has_state, f"{entity_id} is {state}", patience)

    async def call(self, action: str, entity_id: str | list[str], **data: Any) -> None:
        """Call an action on an entity, or on some, and wait for its end."""
        domain, _, service = action.partition(".")
        await self.command(
            "call_service",
            domain=domain,
            service=service,
            service_data=data,
            target={"entity_id": entity_id},
        )

    async def discovered(self, domain: str = "lan_edge") -> list[Json]:
        """Return the discovery cards that an integration shows now."""
        flows = await self.command("config_entries/flow/progress")
        return [flow for flow in flows if flow["handler"] == domain]

    async def wait_for_card(self, wanted: Callable[[Json], bool], patience: float = 60.0) -> Json:
        """Return the first discovery card that is wanted."""

        async def card() -> Json | None:
            return next(filter(wanted, await self.discovered()), None)

        return await until(card, "a discovery card", patience)

    async def continue_flow(self, flow_id: str, user_input: Json | None = None) -> Json:
        """Answer a step of a config flow; return the next."""
        path = f"{FLOW}/{flow_id}"
        step: Json = await self.request("POST", path, user_input or {})
        return step

    async def confirm_card(self, flow_id: str) -> Json:
        """Confirm a discovery card, twice if nothing there confirms who it is; return the next.

        Of several devices on one host, only one gets a question by mDNS.
        """
        step = await self.wait_out_flow(flow_id)  # some pair first
        if step["type"] == "form" and step["errors"] == {"base": "not_confirmed"}:
            step = await self.wait_out_flow(flow_id)
        return step

    async def wait_out_flow(self, flow_id: str, user_input: Json | None = None) -> Json:
        """Answer a step of a config flow; return the next that is more than progress.

        As the frontend, it looks again when it is told to: asking meanwhile is a step, too.
        """
        path = f"{FLOW}/{flow_id}"
        async with self.subscribe(event_type="data_entry_flow_progressed") as progress:
            step = await self.continue_flow(flow_id, user_input)
            while step["type"] == "progress":
                event = await progress.next(patience=60)
                if event.data["data"]["flow_id"] == flow_id:
                    step = await self.request("GET", path)
            return step

    async def wait_until_running(self, patience: float = 60.0) -> None:
        """Wait until Home Assistant has started: only then does it show what was discovered."""

        async def running() -> bool:
            return bool((await self.command("get_config"))["state"] == "RUNNING")

        await until(running, "Home Assistant has started", patience)

    async def add_lan_edge(self) -> None:
        """Add LAN Edge itself, which looks for devices from then on; once is enough."""
        flow = await self.request("POST", FLOW, {"handler": "lan_edge"})
        if "system" in flow["menu_options"]:
            step = await self.continue_flow(flow["flow_id"], {"next_step_id": "system"})
            assert step["type"] == "create_entry", step
        else:
            await self.request("DELETE", f"{FLOW}/{flow['flow_id']}")

    async def entries(self, domain: str = "lan_edge") -> list[Json]:
        """Return an integration's config entries."""
        entries: list[Json] = await self.command("config_entries/get", domain=domain)
        return entries

    async def entities(self, entry_id: str) -> list[Json]:
        """Return the entities of a config entry, as registered."""
        every = await self.command("config/entity_registry/list")
        return [one for one in every if one["config_entry_id"] == entry_id]

    async def _send(self, number: int, kind: str, fields: Json, patience: float = 30.0) -> Any:
        reply = self._replies[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "type": kind, **fields})
        try:
            async with asyncio.timeout(patience):
                return await reply
        finally:
            self._replies.pop(number, None)  # it may come later

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                self._take(message.json())
        finally:
            for reply in self._replies.values():
                if not reply.done():
                    reply.set_exception(ConnectionResetError("Home Assistant hung up"))
                    reply.exception()  # perhaps nobody waits for it any more

    def _take(self, message: Json) -> None:
        number = message["id"]
        if message["type"] == "event" and number in self._subscriptions:
            event = Event(message["event"], time.monotonic())
            self._subscriptions[number].events.put_nowait(event)
        elif reply := self._replies.pop(number, None):
            if message.get("success", True):
                reply.set_result(message.get("result"))
            else:
                reply.set_exception(RefusedError(str(message["error"])))

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id


async def until[T](
    ask: Callable[[], Awaitable[T | None]],
    what: str,
    patience: float = 30.0,
    pause: float = 0.05,
) -> T:
    """Ask again and again until there is an answer; return it."""
    deadline = time.monotonic() + patience
    while not (answer := await ask()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {patience} s until {what}")
        await asyncio.sleep(pause)
    return answer
