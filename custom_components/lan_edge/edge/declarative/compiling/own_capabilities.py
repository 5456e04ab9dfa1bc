"""The values and buttons of a component for which there is no standard capability, as one."""

from collections.abc import Callable, Iterator
from types import new_class
from typing import Annotated, Any

from ...capabilities.declaration import command
from ...capabilities.definition import APART, Attribute, Capability
from ...capabilities.kinds import Kind
from ...capabilities.schema import Range
from ...capabilities.spelling import camel
from ..description import ComponentText, Description, OwnAttribute, ValueKind


def module_of(description: Description) -> str:
    """Return the module that its classes name: theirs count once its text is in use."""
    return f"{APART}described_{description.id}"


def own_capability(description: Description, component: str) -> type[Capability] | None:
    """Return the capability of what a component has of its own; None if it has nothing."""
    text: ComponentText = description.components[component]
    if not text.own:
        return None
    name = f"{camel(description.id)}.{camel(component)}"
    members: dict[str, Any] = {"__module__": module_of(description)}
    for each in text.own.items():
        members.update(_members(*each))
    return new_class(
        f"{camel(component)[:1].upper()}{camel(component)[1:]}",
        (Capability,),
        {"id": name},
        lambda namespace: namespace.update(members),
    )


def setter_name(name: str) -> str:
    """Return the name of the command that sets a value: `setFade` for `fade`."""
    return f"set{name[:1].upper()}{name[1:]}"


def choices_name(name: str) -> str:
    """Return the name of the attribute that lists the words of a choice."""
    return f"{name}Choices"


def is_whole(own: OwnAttribute) -> bool:
    """Return whether a number has no fraction: its step is whole, or it is rounded to one."""
    if own.step is not None:
        return own.step == int(own.step)
    return own.reading is not None and own.reading.conversion.digits == 0


def _members(name: str, own: OwnAttribute) -> Iterator[tuple[str, Any]]:
    label = own.name
    if own.kind is ValueKind.BUTTON:
        yield name, command(label=label)(_declaration(label or name, None))
        return
    kind = type_of(own)
    yield name, _attribute(name, kind, own)
    if own.kind is ValueKind.CHOICE:
        yield choices_name(name), Attribute(tuple[str, ...], kind=Kind.HIDDEN)
    if own.set:
        limits = Range(own.minimum, own.maximum)
        annotation = Annotated[kind, limits] if own.kind is ValueKind.NUMBER else kind
        yield setter_name(name), command(sets=name)(_declaration(label or name, annotation))


def type_of(own: OwnAttribute) -> Any:
    """Return the type of a value."""
    match own.kind:
        case ValueKind.NUMBER:
            return int if is_whole(own) else float
        case ValueKind.SWITCH:
            return bool
        case _:
            return str


def _attribute(name: str, kind: Any, own: OwnAttribute) -> Attribute[Any]:
    is_number = own.kind is ValueKind.NUMBER
    return Attribute(
        kind,
        minimum=own.minimum if is_number else None,
        maximum=own.maximum if is_number else None,
        unit=own.unit or None,
        kind=kind_of(own),
        device_class=own.device_class or None,
        words=("off", "on") if kind is bool else None,
        options=choices_name(name) if own.kind is ValueKind.CHOICE else "",
        step=own.step,
        label=own.name,
    )


def kind_of(own: OwnAttribute) -> Kind:
    """Return what kind of attribute a value is."""
    if own.diagnostic:
        return Kind.DIAGNOSTIC
    if own.total:
        return Kind.TOTAL
    is_measured = own.kind is ValueKind.NUMBER and not own.set
    return Kind.MEASUREMENT if is_measured else Kind.STATE


def _declaration(label: str, annotation: Any) -> Callable[..., None]:
    """Return what declares a command of one argument `value`, or of none."""

    def press(self: object) -> None:
        del self

    def change(self: object, value: object) -> None:
        del self, value

    if annotation is None:
        press.__doc__ = f"Press {label}."
        return press
    change.__doc__ = f"Set {label}."
    change.__annotations__ = {"value": annotation, "return": None}
    return change
