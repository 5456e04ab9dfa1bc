"""Each standard capability has a home: an entity, or the framework."""

from unittest.mock import MagicMock

import pytest

from custom_components.lan_edge import PLATFORMS
from custom_components.lan_edge.entities.mapping import EntitySpec, entity_specs
from custom_components.lan_edge.entities.rules import RULES, Rule
from lan_edge import STANDARD, Capability, HealthCheck, Profile

from .homes import HOMES, TOGETHER

FRAMEWORK = {HealthCheck}
"""What the framework itself sees to."""


def entities(*capabilities: type[Capability]) -> list[EntitySpec]:
    """Return the entities of a device that handles all commands."""
    device = MagicMock(profile=Profile(*capabilities))
    device.handles.return_value = True
    return list(entity_specs(device))


@pytest.mark.parametrize("capability", STANDARD, ids=lambda c: c.id)
def test_alone(capability: type[Capability]) -> None:
    assert bool(entities(capability)) is (capability not in FRAMEWORK)


@pytest.mark.parametrize("home", TOGETHER)
def test_together(home: str) -> None:
    platform, capabilities = TOGETHER[home]
    [rich] = [spec for spec in entities(*capabilities) if isinstance(spec.subject, type)]
    assert (rich.platform, set(rich.capabilities)) == (platform, set(capabilities))


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.platform)
def test_rules(rule: Rule) -> None:
    """Each capability that a rule takes is tried in the rule's entity."""
    tried = {
        capability
        for capabilities in HOMES.values()
        for spec in entities(*capabilities)
        if spec.platform == rule.platform and spec.subject is rule.subject
        for capability in spec.capabilities
    }
    assert {*rule.any_of, *rule.takes, *rule.needs} <= tried


def test_each_platform_is_set_up() -> None:
    known = {spec.platform for capabilities in HOMES.values() for spec in entities(*capabilities)}
    assert known <= set(PLATFORMS)
    assert {rule.platform for rule in RULES} <= set(PLATFORMS)
