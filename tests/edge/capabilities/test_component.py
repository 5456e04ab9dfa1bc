"""What a device may lack of a component, and what is stored of that."""

import pytest

from lan_edge import Component, DriverError, EnergyMeter, PowerMeter, Profile, Switch, SwitchLevel

PLUG = Component((Switch, PowerMeter, EnergyMeter), may_lack=(PowerMeter, EnergyMeter.energy))


def test_a_device_that_has_told_nothing_lacks_all_that_it_may_lack() -> None:
    lacking = PLUG.with_told(())
    assert lacking.capabilities == (Switch, EnergyMeter)
    assert lacking.lacks == (EnergyMeter.energy,)
    assert not lacking.has(PowerMeter.power)
    assert not lacking.has(EnergyMeter.energy)
    assert lacking.has(Switch.on)
    assert EnergyMeter.energy not in lacking.attributes


def test_what_was_told_is_there() -> None:
    told = ("powerMeter.power", "energyMeter.energy")
    assert PLUG.with_told(told).attributes == Component(PLUG.capabilities).attributes


def test_a_command_that_sets_what_is_lacking_is_none() -> None:
    lamp = Component((Switch, SwitchLevel), may_lack=(SwitchLevel.level,)).with_told(())
    assert SwitchLevel.set_level not in lamp.commands
    assert Switch.on in lamp.commands


def test_an_optional_component_is_there_once_it_was_told() -> None:
    profile = Profile(Switch, socket=Component((Switch,), optional=True))
    assert [*profile.with_told(()).components] == ["main"]
    assert [*profile.with_told(("socket switch.switch",)).components] == ["main", "socket"]
    assert [*profile.whole.with_told(()).components] == ["main", "socket"]


def test_it_is_stored() -> None:
    socket, added = Component((Switch,), optional=True), Component((Switch,), described=True)
    profile = Profile(main=PLUG, socket=socket, added=added)
    assert Profile.from_dict(profile.as_dict()) == profile


def test_what_is_stored_may_be_wrong() -> None:
    stored = Profile(main=PLUG).as_dict()
    stored["main"] |= {"optional": "yes", "may_lack": 5}
    assert Profile.from_dict(stored) == Profile(main=Component(PLUG.capabilities))


def test_what_it_does_not_have_it_cannot_lack() -> None:
    with pytest.raises(DriverError, match=r"may lack powerMeter\.power, but does not have"):
        Component((Switch,), may_lack=(PowerMeter.power,))
