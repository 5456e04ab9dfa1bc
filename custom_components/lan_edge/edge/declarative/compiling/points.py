"""Compiles a description of points into a driver that extends the one of their family."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar, cast, override

from ...capabilities.component import owner_of
from ...capabilities.definition import Attribute, Command
from ...capabilities.profile import MAIN, Component
from ...discovery.matcher import Matcher
from ...driver.context import DriverContext
from ...driver.dispatcher import Dispatcher
from ...driver.driver import AnyDriver
from ...driver.handlers import Handler
from ...driver.parts import PartsDriver
from ...driver.points import PointsDriver, points_families
from ...driver.summary import DriverSummary
from ...errors import ReplyError
from ...transports import Transport
from ..description import Description, MessageKind
from ..reading.received import MISSING, ReceivedJson
from ..sending.ready import ReadyJson
from .faults import CompilerFaults
from .members import Members, component_of, members_of
from .own_capabilities import module_of
from .plan import CommandPlan, Plan
from .planning import plan_of
from .toggles import Toggles

_ALL_POINTS = "points"
"""Points are planned as a message that the device sends: a JSON object with all of them."""
_LIKE = "websocket"
"""What talks by such messages."""


class DescribedPoints[IO: Transport](PointsDriver[IO]):
    """What the drivers of all descriptions of points have in common, beside that of the family."""

    plan: ClassVar[Plan]
    family: ClassVar[AnyDriver]
    described_components: ClassVar[Mapping[str, Component]]
    described_commands: ClassVar[Mapping[str, Command[...]]]
    """By id."""
    described_points: ClassVar[tuple[tuple[str, str, str], ...]]
    """The points that are read, each with a component and the id of an attribute."""

    @override
    def __init__(self, context: DriverContext) -> None:
        super().__init__(context)
        self.toggles = Toggles()

    @override
    def emit[T](self, attribute: Attribute[T], value: T | None, component: str = MAIN) -> None:
        super().emit(attribute, value, component)
        self.toggles.shows(attribute, component, value)

    @classmethod
    @override
    def summarize(cls) -> DriverSummary:
        products = tuple(each.label for each in cls.plan.description.products)
        return replace(super().summarize(), products=products, is_described=True)

    @property
    @override
    def meanings(self) -> Mapping[str, str]:
        return {
            point: attribute if component == MAIN else f"{component}.{attribute}"
            for component, attribute, point in self.described_points
        }

    @override
    def with_described(self, components: Mapping[str, Component]) -> dict[str, Component]:
        shown = dict(components)
        for name, own in self.described_components.items():
            old, known = shown.get(name, Component(())), self.known_components.get(name)
            shown[name] = Component(
                tuple(dict.fromkeys((*old.capabilities, *own.capabilities))),
                own.name or old.name,
                own.child or old.child,
                own.category or old.category,
                optional=own.optional and name not in shown,
                may_lack=tuple(m for m in own.may_lack if owner_of(m) not in old.capabilities),
                described=name not in components and (known is None or known.described),
            )
        return shown

    @override
    def by_itself(self) -> PartsDriver[IO]:
        family = cast("type[PartsDriver[IO]]", self.family)
        return family(self._context).by_itself()

    @override
    def show_described(self) -> None:
        points = {n: value for n, value in self.points.items() if n not in self.ignored}
        message = ReceivedJson(points, what=_ALL_POINTS)
        for slot in (slot for kind in self.plan.kinds for slot in kind.slots):
            try:
                value = slot.read(message)
            except ReplyError as err:
                self.reject(slot.attribute, str(err), slot.component)
            else:
                self.emit(slot.attribute, None if value is MISSING else value, slot.component)
        for component, attribute, value in self.plan.fixed:
            if self.has(attribute.capability, component):
                self.emit(attribute, value, component)

    async def carry_out(self, command: str, arguments: dict[str, Any]) -> None:
        """Set the points that a command requires; what is not described is the family's."""
        component = self.component
        if (plan := self.plan.commands.get((component, command))) is None:
            await self._carry_out_by_family(self.described_commands[command], arguments)
        elif (toggle := plan.toggle) is None:
            await self._set(plan, arguments)
        elif not self.toggles.is_done(toggle, component, self.get(toggle.attribute, component)):
            with self.toggles.pressing(toggle, component, self.confirm_within):
                await self._set(plan, arguments)

    async def _set(self, plan: CommandPlan, arguments: dict[str, Any]) -> None:
        points: dict[str, Any] = {}
        for step in plan.steps:
            points |= cast("ReadyJson", step.build(plan.values(arguments))).message
        await self.set_points(points)

    async def _carry_out_by_family(self, command: Command[...], arguments: dict[str, Any]) -> None:
        # the component has the capability from the family, which therefore handles its commands
        handler = cast("Handler", Dispatcher(self.family).handler_for(self.family, command))
        method = getattr(self, handler.name)
        if handler.intent is not None:
            await method(handler.intent.from_command(command, arguments))
        else:
            await method(**{n: v for n, v in arguments.items() if n not in handler.left_out})


def points_plan(description: Description, faults: CompilerFaults) -> tuple[Plan, Members]:
    """Return what a description of points reads and sends, and what its components have."""
    members = members_of(description, faults)
    like = replace(description, talks=_LIKE, messages={_ALL_POINTS: MessageKind()})
    return replace(plan_of(like, members, faults), description=description), members


def points_class(
    description: Description, members: Members
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the bases and the namespace of the driver of a description of points."""
    family: Any = points_families()[description.talks]
    capabilities = [each for own in members.capabilities.values() for each in own]
    base: Any = DescribedPoints
    return (family, base[family.transport]), {
        "__module__": module_of(description),
        "__doc__": f"{description.name}, as its description says.",
        "id": description.id,
        "name": description.name,
        "help": description.requirements or family.help,
        "discovery": tuple(_matchers(description, family)),
        "family": family,
        "family_id": family.id,
        "parts": tuple(dict.fromkeys((*family.parts, *capabilities))),
        "confirm": description.confirm or family.confirm,
        "confirm_within": description.confirm_within,
        "described_components": {
            name: component_of(description, members, name) for name in description.components
        },
        "described_points": tuple(
            (each.component, each.attribute.id, each.reading.path) for each in members.reads
        ),
        "described_commands": {each.command.id: each.command for each in members.commands},
        "ignored": frozenset(description.ignored),
        "described": frozenset(_attributes(members)),
    }


def _attributes(members: Members) -> Iterator[tuple[str, str]]:
    for read in members.reads:
        yield read.component, read.attribute.id
    for fixed in members.fixed:
        yield fixed.component, fixed.attribute.id


def _matchers(description: Description, family: AnyDriver) -> Iterator[Matcher]:
    """Yield the matchers of the family for the products of the description, by their models."""
    models = dict.fromkeys(each.model for each in description.products if each.model)
    for matcher in family.discovery:
        for model in models:
            yield replace(matcher, where={**matcher.where, _field_of(matcher): model})


def _field_of(matcher: Matcher) -> str:
    """Return the field of a sighting that has the model."""
    return str(matcher.model).strip("{}")
