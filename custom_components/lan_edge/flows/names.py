"""What a device is called that is not added yet."""

import re

from lan_edge import Candidate

ID_DIGITS = 4
"""The last digits of an id that are shown; makers print them on the devices."""

LEGAL_FORMS = "international|incorporated|inc|limited|ltd|llc|company|co|corporation|corp|gmbh|ag"


def name_of(candidate: Candidate) -> str:
    """Return a device's name, else its kind with the end of its id: `WiZ 3f9a`."""
    match = candidate.match
    digits = re.sub(r"[^0-9a-z]", "", match.unique_id.lower())[-ID_DIGITS:]
    return match.name or " ".join(filter(None, (kind_of(candidate), digits)))


def kind_of(candidate: Candidate) -> str:
    """Return a device's maker and model, as far as they are known, else what its driver is for."""
    maker, model = _maker_in(candidate.match.manufacturer), candidate.match.model
    if not model:
        return maker or candidate.driver.name
    return model if model.lower().startswith(maker.lower()) else f"{maker} {model}"


def title_of(candidate: Candidate) -> str:
    """Return the title of a card: a device's name, and its kind unless the name has it."""
    name, kind = name_of(candidate), kind_of(candidate)
    return name if kind.lower() in name.lower() else f"{name} ({kind})"


def label_of(candidate: Candidate) -> str:
    """Return a device's title with its address: a line in a list."""
    return f"{title_of(candidate)} at {candidate.match.address.host}"


def _maker_in(text: str) -> str:
    """Return a maker's name as people say it: `Belkin` for "Belkin International Inc."."""
    return re.sub(rf"(?i)([\s,]+({LEGAL_FORMS})\b\.?)+$", "", text)
