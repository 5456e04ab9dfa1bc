"""A summary of a driver: what lists of drivers and discovery need."""

from dataclasses import dataclass

from ..discovery.matcher import Matcher


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverSummary:
    """What is known of a driver without making it."""

    id: str
    """Stored with each of its devices."""
    name: str
    """What users see."""
    discovery: tuple[Matcher, ...] = ()
    """How its devices are discovered."""
    products: tuple[str, ...] = ()
    """The makers and models that it is for, if that is known."""
    family_id: str = ""
    """The id of another driver whose devices these are, too."""
    is_general: bool = False
    """Whether it also finds devices that have a driver of their own."""
    is_described: bool = False
    """Whether it is compiled from a description."""
