"""The id of a device in one spelling: it is not spelled alike in all that a device sends."""

import re

from .address import mac_address

_PREFIXES = re.compile(r"[\s{]*((urn:)?uuid:[\s{]*)*", re.IGNORECASE)


def one_id(text: str) -> str:
    """Return an id in lower case, without `uuid:`; a MAC address as `mac_address` returns it."""
    bare = _PREFIXES.sub("", text, count=1).rstrip("} \t")
    return mac_address(bare) or bare.lower()
