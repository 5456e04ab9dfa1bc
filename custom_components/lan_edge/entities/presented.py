"""How an entity is presented: its name, and its category."""

from collections.abc import Collection

from homeassistant.const import EntityCategory, Platform

from lan_edge import MAIN, Attribute, Kind, Refresh

from .mapping import EntitySpec
from .names import in_words

_SETTINGS = {Platform.NUMBER, Platform.SELECT, Platform.SWITCH, Platform.TEXT}
"""The platforms of attributes that can be set."""


def is_standard(spec: EntitySpec) -> bool:
    """Return whether there are translations for the entity of an attribute or command.

    A capability with a dot is a driver's own.
    """
    return not isinstance(spec.subject, type) and "." not in spec.subject.capability.id


def entity_name(
    spec: EntitySpec, specs: Collection[EntitySpec], label: str, main: str = ""
) -> str | None:
    """Return the name of an entity: empty for that of its device, None if it is translated.

    It is named after its component if it is the main feature, else by its subject. `specs` are all
    of the component; `label` is its name, empty if it is a device of its own. `main` is the name
    of the main component, if it has one: that of its main feature, and of nothing else in it.
    """
    if isinstance(spec.subject, type) or _is_only_button(spec, specs):
        return label or main  # "Home", not "Home push"
    if not label and is_standard(spec):
        return None
    subject = spec.subject.label or in_words(spec.subject.name)
    return f"{label} {subject}".strip()


def entity_category(spec: EntitySpec, specs: Collection[EntitySpec]) -> EntityCategory | None:
    """Return the category of an entity.

    A setting in a component with a main feature, such as a lamp or a player, is configuration,
    unless it is used daily. In a component that consists of settings, these are the main feature.
    """
    subject = spec.subject
    if subject is Refresh.refresh:
        return EntityCategory.DIAGNOSTIC
    if not isinstance(subject, Attribute):
        return None
    is_diagnostic = subject.kind is Kind.DIAGNOSTIC
    if spec.platform in _SETTINGS:
        is_secondary = not subject.daily and has_main_feature(specs)
        return EntityCategory.CONFIG if is_diagnostic or is_secondary else None
    return EntityCategory.DIAGNOSTIC if is_diagnostic else None


def has_main_feature(specs: Collection[EntitySpec]) -> bool:
    """Return whether a component has an entity of a rule, a firmware update aside."""
    return any(
        isinstance(spec.subject, type) and spec.platform is not Platform.UPDATE for spec in specs
    )


def _is_only_button(spec: EntitySpec, specs: Collection[EntitySpec]) -> bool:
    """Return whether there is nothing else to use in a part of the device than this button."""
    same = [each for each in specs if each.platform is spec.platform]
    is_button = spec.platform in {Platform.BUTTON, Platform.EVENT} and len(same) == 1
    return is_button and spec.component != MAIN and not has_main_feature(specs)
