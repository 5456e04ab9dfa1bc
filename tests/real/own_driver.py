"""A driver of one's own, where its author puts it: in the integration's folder of drivers."""

import os
from pathlib import Path
import shutil

from .process import REPOSITORY

INTEGRATION = "custom_components/lan_edge"


def install(driver: Path, config: Path) -> None:
    """Give a config folder the integration as it is here, and that driver with it."""
    there = config / INTEGRATION
    shutil.copytree(REPOSITORY / INTEGRATION, there, copy_function=os.symlink)
    (there / "edge/drivers" / driver.name).symlink_to(driver)
