"""Devices that say which of their parts exist, and so which are gone."""

from typing import Any

from lan_edge import Driver, Profile


def replace_profile(driver: Driver[Any], profile: Profile) -> None:
    """Have exactly the components of a profile: what is missing from it is gone."""
    driver.set_profile(profile)
    driver.remove_components(*driver._context.profile.components.keys() - profile.components)
