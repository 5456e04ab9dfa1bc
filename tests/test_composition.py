"""Classes are composed: none of ours inherits from more than one other of ours.

This walks all classes of the library and of Home Assistant's side. Protocols do not count, as they
have no implementation to inherit.
"""

from collections.abc import Iterable, Iterator
from importlib import import_module
from inspect import isclass
from pkgutil import walk_packages
from types import ModuleType
from typing import Any, Protocol, is_protocol

import pytest

import custom_components.lan_edge
from custom_components.lan_edge.describing.message_steps import MessageSteps
from custom_components.lan_edge.describing.steps import DescribeSteps
from custom_components.lan_edge.describing.thing_steps import ThingSteps
from custom_components.lan_edge.entities.lifecycle import ComponentEntity
from custom_components.lan_edge.entity import LanEdgeEntity, LanEdgeSetting
from custom_components.lan_edge.flows.description_text import DescriptionTextSteps
from custom_components.lan_edge.switch import LanEdgeSwitch
from docs.examples.rest_switch import RestSwitch
import lan_edge
from lan_edge import Driver, EdgeError, HttpOptions, Options, Part, Transport
from lan_edge.connection.backoff import Backoff
from lan_edge.declarative.schema.shapes import Shape
from lan_edge.transports import Http

FAMILIES: dict[type[Any], str] = {
    Driver: "a sub-driver overrides what differs in its models",
    Transport: "a protocol on top of another one is a transport on that transport",
    Options: "the options of such a transport are those below it and more",
    EdgeError: "errors are caught by their kind, so they are a tree",
    Part: "a part reads and takes what a simpler one does, and less or more",
    Shape: "what a field takes may be what another one takes, and less or more",
}
"""The classes whose subclasses may inherit from each other, and why."""
ROOTS: dict[type[Any], str] = {
    ComponentEntity: "what LanEdgeEntity is for the files below it, which cannot import it",
    LanEdgeEntity: "every platform's entity inherits from it and from Home Assistant's class",
    DescribeSteps: "they are the steps of two flows, and the steps of a flow are its methods",
    MessageSteps: "some of these steps, which are too many for one file",
    ThingSteps: "others of these steps",
    DescriptionTextSteps: "the steps of a flow are its methods, and too many for one file",
}
"""The classes that do not count, and why; their subclasses do."""


def modules(package: ModuleType) -> Iterator[ModuleType]:
    """Yield a package and everything in it, each module by one name."""
    yield package
    for info in walk_packages(package.__path__, f"{package.__name__}."):
        if not f"{info.name}.".startswith("custom_components.lan_edge.edge."):
            yield import_module(info.name)


def classes(packages: Iterable[ModuleType]) -> Iterator[type[Any]]:
    """Yield the classes that are defined in some packages."""
    for package in packages:
        for module in modules(package):
            for value in vars(module).values():
                if isclass(value) and value.__module__ == module.__name__:
                    yield value


def bases(cls: type[Any]) -> list[type[Any]]:
    """Return the other classes of ours that a class inherits from, and that count."""
    families = tuple(family for family in FAMILIES if issubclass(cls, family))
    return [
        base
        for base in cls.__mro__[1:]
        if base.__module__.startswith(("lan_edge", "custom_components.lan_edge", __name__))
        and not is_protocol(base)
        and base not in ROOTS
        and not issubclass(base, families)
    ]


def violations(all_classes: Iterable[type[Any]]) -> list[str]:
    """Return what is wrong, a line for each class."""
    return [
        f"{cls.__module__}.{cls.__qualname__}: {', '.join(base.__name__ for base in own)}"
        for cls in all_classes
        if len(own := bases(cls)) > 1
    ]


def test_no_class_inherits_from_more_than_one_of_ours() -> None:
    everything = list(classes([lan_edge, custom_components.lan_edge]))
    assert len(everything) > 300
    assert violations(everything) == []


@pytest.mark.parametrize("exempt", [*FAMILIES, *ROOTS], ids=lambda cls: cls.__name__)
def test_every_exemption_is_needed(exempt: type[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(FAMILIES if exempt in FAMILIES else ROOTS, exempt)
    assert violations(classes([lan_edge, custom_components.lan_edge]))


class Mixin:
    """Something else of ours."""


class Interface(Protocol):
    """Something without an implementation."""


class OnTwo(Backoff, Mixin):
    """Inherits from two."""


class OnOne(Backoff):
    """Inherits from one."""


class OnAChain(OnOne):
    """Inherits from two, one on the other."""


class EntityWithMixin(LanEdgeSetting, Mixin):
    """Inherits from two beside LanEdgeEntity."""


class EntityOnEntity(EntityWithMixin):
    """Inherits from three beside LanEdgeEntity."""


class DriverWithMixins(RestSwitch, OnOne):
    """Inherits from two that are no drivers."""

    id = "with_mixins"


class TransportWithMixins(Http, OnOne):
    """Inherits from two that are no transports."""


@pytest.mark.parametrize(
    "broken",
    [OnTwo, OnAChain, EntityWithMixin, EntityOnEntity, DriverWithMixins, TransportWithMixins],
)
def test_a_planted_violation_is_found(broken: type[Any]) -> None:
    assert violations([broken])


class Entity(LanEdgeSwitch):
    """Inherits from one beside LanEdgeEntity."""


class SubDriver(RestSwitch):
    """Inherits from a driver."""

    id = "sub_driver"


class MoreOptions(HttpOptions):
    """Inherits from options on options."""


class WithInterface(Backoff, Interface):
    """Inherits from one, and implements a protocol."""


@pytest.mark.parametrize("fine", [OnOne, Entity, SubDriver, MoreOptions, WithInterface])
def test_what_is_allowed_is_not_found(fine: type[Any]) -> None:
    assert violations([fine]) == []
