"""How a Meross device is asked: one signed request after another, or several in one; encrypted."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
import re
from typing import override

from lan_edge import (
    BatchReader,
    CredentialsError,
    Http,
    Json,
    PartsDriver,
    RefusedError,
    ReplyError,
    object_at,
    optional_object,
    text_at,
)

from .made import parts_of
from .parts import Change, MerossPart
from .protocol import (
    ACKNOWLEDGED,
    ALL,
    ENCRYPTS,
    GET,
    MULTIPLE,
    SET,
    WRONG_KEY,
    Question,
    Reply,
    Seal,
    request_of,
)
from .told import MerossMemory

SELDOM = 60.0  # seconds from one reading of what changes rarely, or is long, to the next
SEALED = {"Content-Type": "application/octet-stream"}
NO_KEY = "the device has another key, or needs one"


class MerossTalk(PartsDriver[Http]):
    """Asks a device, and shows what it tells."""

    memory: MerossMemory

    # messages

    @property
    def uuid(self) -> str:
        return self.identity.serial_number

    @property
    def key(self) -> str:
        return self.secrets.get("key", "")

    async def exchange(
        self,
        method: str,
        namespace: str,
        payload: Json,
        *,
        is_plain: bool = False,
        key: str | None = None,
    ) -> Reply:
        """Send a request, and return what the device answers: also an error."""
        request = request_of(method, namespace, payload, self.key if key is None else key)
        if is_plain or ENCRYPTS not in self.memory.abilities:
            return Reply.of((await self.io.post("/config", request)).json())
        seal = Seal.of(self.uuid, self.key)
        answer = await self.io.request("POST", "/config", seal.close(request), headers=SEALED)
        return Reply.of(seal.open(answer.text()))

    def check(self, reply: Reply, method: str, namespace: str) -> None:
        """Raise CredentialsError, RefusedError or ReplyError unless a request was carried out."""
        if reply.error == WRONG_KEY:
            raise CredentialsError(NO_KEY)
        if reply.error:
            raise RefusedError(f"{namespace}: error {reply.error}")
        if (reply.method, reply.namespace) != (ACKNOWLEDGED[method], namespace):
            raise ReplyError(f"{namespace}: something else was answered")

    async def ask(self, method: str, namespace: str, payload: Json) -> Json:
        """Return the payload of the answer."""
        if self.memory.is_refused:
            raise CredentialsError(NO_KEY)
        reply = await self.exchange(method, namespace, payload)
        if reply.uuid not in {"", self.uuid}:
            raise ReplyError("another device has the address")
        self.check(reply, method, namespace)
        return reply.payload

    # reading

    async def connected(self) -> None:
        self.memory.reader = BatchReader()
        self.every(SELDOM, self.forget)

    async def forget(self) -> None:
        self.memory.forget_seldom()

    async def refresh(self) -> None:
        await self.read_all()
        memory = self.memory
        due = memory.due()
        short = tuple(question for question in due if not question.ids)
        await self.optional(partial(self.read_together, short))
        for question in due:
            if question not in memory.told:
                await self.optional(partial(self.read, question))
        self.report()

    async def read_all(self) -> None:
        """Read what the device is, and most of its state."""
        every = object_at(await self.ask(GET, ALL, {"all": {}}), "all")
        firmware = optional_object(every, "system", "firmware")
        hardware, memory = optional_object(every, "system", "hardware"), self.memory
        version = text_at(firmware, "version")
        self.describe(model=text_at(hardware, "type"), firmware=version)
        memory.firmware = tuple(int(n) for n in re.findall(r"\d{1,9}", version))
        memory.digest = optional_object(every, "digest")
        memory.control = optional_object(every, "control")

    async def read(self, question: Question) -> None:
        answer = await self.ask(GET, question.namespace, question.payload)
        self.memory.hear(question, answer)

    async def read_together(self, questions: tuple[Question, ...]) -> None:
        """Ask several questions in one request, or in a few."""
        most = self.memory.most_at_once
        told = await self.memory.reader.read(questions, self.read_some, most=most)
        for question, payload in told.items():
            self.memory.hear(question, payload)

    async def read_some(self, questions: Sequence[Question]) -> dict[Question, Json]:
        """Return the answers to several questions in one request; one alone is not asked so."""
        if len(questions) == 1:
            return {}
        asked = [request_of(GET, each.namespace, each.payload, self.key) for each in questions]
        payload = await self.ask(SET, MULTIPLE, {"multiple": asked})
        replies = {reply.namespace: reply for reply in Reply("", "", payload, "").parts()}
        answers = {each: replies[each.namespace] for each in questions if each.namespace in replies}
        if not answers:
            raise ReplyError("several requests in one are not answered")
        done = ACKNOWLEDGED[GET]
        return {each: reply.payload for each, reply in answers.items() if reply.method == done}

    def report(self) -> None:
        parts = list(self.consists_of())
        if not parts and "hub" not in self.memory.digest:
            raise ReplyError("the device reports nothing that LAN Edge knows")
        self.show_parts(parts)

    @override
    def consists_of(self) -> Iterator[MerossPart]:
        return parts_of(self.memory, self.uuid)

    # changing

    async def send(self, changes: Iterable[Change]) -> None:
        self.memory.forget_seldom()
        for change in changes:
            await self.ask(SET, change.namespace, change.payload)
