"""The drivers of a registry, their sub-drivers, and the sightings that they match."""

import pytest

from lan_edge import (
    Address,
    DriverError,
    DriverFile,
    HttpOptions,
    Mdns,
    Registry,
    Sighting,
    Ssdp,
    UdpProbe,
    register,
)

from .lamps import family, sub


@pytest.fixture
def registry() -> Registry:
    """Return an empty registry."""
    return Registry()


def test_register_returns_the_class(registry: Registry) -> None:
    lamp = family()
    assert register(lamp) is lamp
    registry.add(lamp)
    assert dict(registry.drivers) == {"test_lamp": lamp}
    assert registry.driver("test_lamp") is lamp
    with pytest.raises(DriverError, match="there is no driver 'none'"):
        registry.driver("none")


def test_a_driver_replaces_another_one_of_the_same_id(registry: Registry) -> None:
    registry.add(register(family()))
    registry.add(newer := register(family()))
    assert dict(registry.drivers) == {"test_lamp": newer}


def test_registries_are_independent(registry: Registry) -> None:
    lamp, other = register(family()), Registry()
    registry.add(lamp)
    assert not other.drivers
    other.add(newer := register(family()))
    assert registry.driver("test_lamp") is lamp
    assert other.driver("test_lamp") is newer
    with pytest.raises(TypeError):
        registry.drivers["test_lamp"] = newer  # type: ignore[index]


def test_sub_drivers_belong_to_their_parents() -> None:
    lamp = register(family())
    a = register(sub(lamp, "a"))
    aa = register(sub(a, "aa"))
    assert (lamp.sub_drivers, a.sub_drivers, aa.sub_drivers) == ([a], [aa], [])


def test_match(registry: Registry) -> None:
    lamp = register(family())
    both = register(family("test_both"))
    for driver in (lamp, family("test_other", discovery=(Mdns("_other._tcp.local."),)), both):
        registry.add(driver)
    sighting = Sighting(
        "mdns", "_lamp._tcp.local.", Address("10.0.0.1", 80), "L", {"txt": {"id": "1"}}
    )
    candidates = registry.match(sighting)
    assert [(c.driver, c.match.unique_id) for c in candidates] == [(lamp, "1"), (both, "1")]


@pytest.mark.parametrize(
    ("options", "named", "port"),
    [
        (None, "", 0),
        (None, "{reply[port]}", 8080),
        (HttpOptions(port=4003), "", 0),
        (HttpOptions(port=4001), "", 4001),
        (HttpOptions(port=0), "", 4001),
    ],
)
def test_where_a_device_answers_a_probe_is_its_port_unless_its_driver_has_another(
    registry: Registry, options: HttpOptions | None, named: str, port: int
) -> None:
    probe = UdpProbe(4001, b"who?", port=named)
    registry.add(register(family(discovery=(probe,), options=options)))
    answer = {"reply": {"port": "8080"}}
    sighting = Sighting("probe", probe.kind, Address("10.0.0.1", 4001), "", answer)
    [candidate] = registry.match(sighting)
    assert candidate.match.address == Address("10.0.0.1", port)


def test_the_likeliest_driver_is_the_first(registry: Registry) -> None:
    """One of a file, then one that looks at more of what is announced."""
    exact = Mdns("_lamp._tcp.local.", where={"txt[id]": "1", "name": "*"})
    general, precise = register(family()), register(family("test_exact", discovery=(exact,)))
    own = register(family("test_own"))
    registry.add(general)
    registry.add(precise)
    registry.use_file(DriverFile("own.py", (own,), (), (), 0.0))
    sighting = Sighting(
        "mdns", "_lamp._tcp.local.", Address("10.0.0.1", 80), "L", {"txt": {"id": "1"}}
    )
    assert [each.driver for each in registry.match(sighting)] == [own, precise, general]
    registry.drop_file("own.py")
    assert [each.driver for each in registry.match(sighting)] == [precise, general]


def test_matchers_of_a_kind(registry: Registry) -> None:
    by_name, by_target = Mdns("_other._tcp.local."), Ssdp("urn:other")
    for driver in (family(), family("test_other", discovery=(by_target, by_name))):
        registry.add(driver)
    assert registry.matchers(Ssdp) == [by_target]
    assert registry.matchers(Mdns) == [*family().discovery, by_name]
