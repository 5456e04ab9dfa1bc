"""Drivers of one's own, where their authors put them: in the integration's folder of drivers."""

import os
from pathlib import Path
import shutil

from .process import REPOSITORY

INTEGRATION = "custom_components/lan_edge"


def install(config: Path, *drivers: Path) -> None:
    """Give a config folder the integration as it is here, and those drivers with it."""
    there = config / INTEGRATION
    shutil.copytree(REPOSITORY / INTEGRATION, there, copy_function=os.symlink)
    for driver in drivers:
        (there / "edge/drivers" / driver.name).symlink_to(driver)
