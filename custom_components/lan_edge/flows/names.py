"""What a device is called that is not added yet, and what tells two of a kind apart."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
import re

from lan_edge import Candidate

from ..entities.names import without_address

ID_DIGITS = 4
"""The last digits of an id that are shown; makers print them on the devices."""
MAX_WORD = 32
"""Characters of an id that is a word, such as the name of a host, and shown as it is."""

MIN_CODE = 16
"""The least characters of a word of letters and digits that is a code, such as Tuya's products."""

LEGAL_FORMS = "international|incorporated|inc|limited|ltd|llc|company|co|corporation|corp|gmbh|ag"


def name_of(candidate: Candidate, *, is_alike: bool = False) -> str:
    """Return a device's name, else its kind with the end of its id: `WiZ 3f9a`.

    A device whose name is only its kind has none. `is_alike`: another device has the same name.
    """
    match, kind = candidate.match, kind_of(candidate)
    name = without_address(match.name)
    generic = {kind, match.model, _maker_in(match.manufacturer), kind_in(candidate.driver.name)}
    if name.lower() in {text.lower() for text in generic}:
        name = ""
    if name and not is_alike:
        return name
    apart = _end_of(match.unique_id) or (match.address.host if is_alike else "")
    return " ".join(filter(None, (name or kind, apart)))


def kind_of(candidate: Candidate) -> str:
    """Return a device's maker and model, else what its driver is for: a maker alone says less."""
    maker, model = _maker_in(candidate.match.manufacturer), _model_in(candidate.match.model)
    if not model:
        return kind_in(candidate.driver.name)
    return model if model.lower().startswith(maker.lower()) else f"{maker} {model}"


def title_of(candidate: Candidate, *, is_alike: bool = False) -> str:
    """Return the title of a card: a device's name, with its kind and room unless the name has them.

    A card is narrow, so its maker is named once. `is_alike`: another device has the same title.
    """
    name = name_of(candidate, is_alike=is_alike)
    kind, maker = kind_of(candidate), _maker_in(candidate.match.manufacturer)
    if maker and maker.lower() in name.lower():
        kind = re.sub(rf"(?i)^{re.escape(maker)}\s*", "", kind)
    details = (kind, candidate.match.room)
    missing = [detail for detail in details if detail.lower() not in name.lower()]
    return f"{name} ({', '.join(missing)})" if missing else name


def label_of(candidate: Candidate, *, is_alike: bool = False) -> str:
    """Return a device's title with its address: a line in a list."""
    return f"{title_of(candidate, is_alike=is_alike)} · {candidate.match.address.host}"


def told_apart(
    candidates: Iterable[Candidate], text_of: Callable[..., str] = label_of
) -> dict[Candidate, str]:
    """Return the text of each candidate; those that would have the same get another one."""
    texts = {candidate: text_of(candidate) for candidate in candidates}
    counts = Counter(texts.values())
    return {c: text_of(c, is_alike=True) if counts[t] > 1 else t for c, t in texts.items()}


def unlike(
    candidate: Candidate, others: Collection[str], text_of: Callable[..., str] = title_of
) -> str:
    """Return the text of a candidate, another one if it is among the `others`."""
    text = text_of(candidate)
    return text_of(candidate, is_alike=True) if text in others else text


def _end_of(unique_id: str) -> str:
    """Return the last digits of an id; if these are not hexadecimal, it is a word: all of it."""
    digits = re.sub(r"[^0-9a-z]", "", unique_id.lower())[-ID_DIGITS:]
    is_number = re.fullmatch(r"[0-9a-f]*", digits)
    is_word = not is_number and re.fullmatch(rf"[\w.-]{{1,{MAX_WORD}}}", unique_id)
    return unique_id if is_word else digits


def kind_in(text: str) -> str:
    """Return what a driver is for, without its protocols: `Xiaomi` for "Xiaomi (miIO, MIoT)"."""
    return re.sub(r"(?<=\S)\s*\([^()]*\)$", "", text)


def _maker_in(text: str) -> str:
    """Return a maker's name as people say it: `Belkin` for "Belkin International Inc."."""
    return re.sub(rf"(?i)([\s,]+({LEGAL_FORMS})\b\.?)+$", "", text)


def _model_in(text: str) -> str:
    """Return a model without the country that it is made for: `HS110` for "HS110(EU)".

    A code such as "ESP01_SHRGB_03" is no model: it is nowhere on the device.
    """
    is_code = "_" in text or re.fullmatch(rf"[0-9a-z]{{{MIN_CODE},}}", text)
    return "" if is_code else re.sub(r"\s*\([A-Z]{2}\)$", "", text)
