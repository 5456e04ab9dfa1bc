"""How a Xiaomi device is asked for what it has, and told what to do."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any, cast, override

from lan_edge import (
    BatchReader,
    CleanerMovement,
    CredentialsError,
    Json,
    PartsDriver,
    RefusedError,
    ReplyError,
    Stored,
    TimedOutError,
    Udp,
    Values,
    optional_object,
    plain_fields,
)

from .kinds.parts import Properties, is_told, parts_of
from .kinds.specs import NAMED, NOTHING, Spec, spec_of, unknown
from .protocol.packets import MiotCodec, MiotRefusalError
from .protocol.requests import (
    act,
    call,
    greet,
    is_lacking,
    is_numbered,
    read_some,
    set_named,
    set_numbered,
)

UNHEARD = t"the device answers, but not to this token"


@dataclass
class MiotMemory:
    mac: Annotated[str, Stored()] = ""  # as it is announced
    found: Annotated[str, Stored()] = ""  # what a device of an unknown model is
    seen: Annotated[tuple[str, ...], Stored()] = ()  # the meanings of what it has told so far
    has_answered: Annotated[bool, Stored()] = False  # to its token
    unanswered: int = 0  # how often it has answered hello only, since
    reader: BatchReader = field(default_factory=BatchReader)
    values: Json = field(default_factory=dict[str, Any])  # what it told last


class MiotReading(PartsDriver[Udp]):
    """Asks a device, shows what it tells, and sets it."""

    memory: MiotMemory

    @property
    def codec(self) -> MiotCodec:
        return cast("MiotCodec", self.io.codec)

    async def read_info(self) -> Json:
        """Return what the device says of itself; {} if it refuses, without a token if it may.

        Raises CredentialsError if it answers hello, but not this.
        """
        try:
            return optional_object(await call(self.io, "miIO.info", []))
        except MiotRefusalError:
            return {}  # without internet, some write what nobody can read
        except TimedOutError:
            await greet(self.io)
            raise CredentialsError(UNHEARD) from None

    async def ping(self) -> str:
        """Read one property: to hello alone, anybody could answer."""
        spec = self.spec or unknown(self.identity.model)
        with suppress(MiotRefusalError):
            await read_some(self.io, spec.request, spec.addresses[:1])
        return str(self.codec.device_id)

    # reading

    async def connected(self) -> None:
        self.memory.reader = BatchReader()

    @property
    def spec(self) -> Spec | None:
        return spec_of(self.identity.model) or self.found.get(self.memory.found)

    @property
    def found(self) -> dict[str, Spec]:
        """What a device of an unknown model can be: it answers to numbers, or to names."""
        return {"numbered": unknown(self.identity.model), "named": NAMED}

    async def refresh(self) -> None:
        if (spec := self.spec) is not None:
            if not self.report(spec, await self.read_own(spec)):
                raise ReplyError(t"the device reports nothing that LAN Edge knows")
            return
        for name, each in self.found.items():
            if self.report(each, await self.read_own(each)):
                self.memory.found = name
                return
        model = self.identity.model or t"the model"
        raise ReplyError(t"{model} is unknown, and reports no switch")

    async def read_own(self, spec: Spec) -> Json:
        """Return all values, unless they are those of another device."""
        ask, most = partial(read_some, self.io, spec.request), spec.at_once
        values = await self.memory.reader.read(
            spec.addresses, ask, most=most, is_lacking=is_lacking
        )
        if str(self.codec.device_id) != self.identity.unique_id:
            raise ReplyError(t"another device has the address")
        return spec.believed(plain_fields(values, spec.addresses))

    def report(self, spec: Spec, values: Json) -> bool:
        """Report all values, and learn what the device has; return whether there is any."""
        memory, told = self.memory, [m for m in spec.points if is_told(spec.points[m], values)]
        if told:
            memory.seen, memory.values = tuple(dict.fromkeys((*memory.seen, *told))), values
            self.show_parts(parts_of(spec, memory.seen, values))
        return bool(told)

    @override
    def consists_of(self) -> Iterator[Properties]:
        return parts_of(self.spec or NOTHING, self.memory.seen, self.memory.values)

    # changing

    async def set(self, part: Properties, values: Values, first: Json) -> None:
        """Set properties of a component, after those of `first` by where they are."""
        wanted = part.encoded(values)
        if all(is_numbered(point.at) for point, _ in wanted):
            await set_numbered(self.io, first | {point.at: code for point, code in wanted})
            return
        for point, code in wanted:
            await set_named(self.io, point.setter, code)

    async def act(self, spec: Spec, mode: CleanerMovement) -> None:
        """Have a robot do something."""
        if mode not in spec.actions:
            raise RefusedError(t"it cannot be told to do {mode}")
        for at in spec.actions[mode]:
            await act(self.io, at)
