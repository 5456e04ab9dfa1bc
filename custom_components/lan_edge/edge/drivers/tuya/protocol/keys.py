"""IDs and local keys of Tuya devices, as people enter them."""

import re

from lan_edge import RefusedError

from .codec import DEVICE_ID, KEY_SIZE, VERSIONS

CHOICES = {version: version for version in reversed(VERSIONS)}
ASK_ID = (
    t"Enter the ID of the device. The Tuya or Smart Life app shows it in the information about the "
    t"device, as *Virtual ID*."
)
ASK_VERSION = (
    t"Choose the version of its protocol. If you do not know it, try 3.3 first, then 3.4 and 3.5."
)
ASK_KEY = (
    t"Enter the local key of the device: 16 characters. If your app is linked to an account at "
    t"platform.tuya.com, `python -m tinytuya wizard` lists the keys of all your devices."
)


async def check_id(text: str) -> None:
    """Raise RefusedError for what cannot be the ID of a device."""
    if not re.fullmatch(DEVICE_ID, text.strip()):
        raise RefusedError(t"a device ID has 8 to 40 letters and digits")


async def check_key(text: str) -> None:
    """Raise RefusedError for what cannot be a local key."""
    if len(clean_key(text).encode()) != KEY_SIZE:
        raise RefusedError(t"a local key has 16 characters")


def clean_key(text: str) -> str:
    """Return a key without blanks around it, and as it was before it was written as JSON."""
    return re.sub(r"\\u00([0-9a-f]{2})", lambda match: chr(int(match[1], 16)), text.strip())
