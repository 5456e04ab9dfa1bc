"""The challenges of a 401 (RFC 9110, 11.6.1): several in one header, or in several. No I/O."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest
import re

_QUOTED_STRING = r"\"(?:[^\"\\]|\\.)*+(?:\"|\\?\Z)"
"""A text in quotes; one that does not end is read only once."""
_SCHEME = re.compile(
    rf"{_QUOTED_STRING}|(?:^|,)\s*+([A-Za-z][\w-]*+)(?=[ \t]*+(?:,|\Z)|[ \t]++[^=,])"
)
_NAME = re.compile(rf"{_QUOTED_STRING}|\w+(?=\s*+=)")
_ALGORITHM = re.compile(r"(?:^|[\s,])algorithm\s*=\s*\"?([\w-]+)")
_ALGORITHMS = {"MD5", "SHA", "SHA256", "SHA512"}
"""Those that are supported, also as `-sess`; hyphens in their names do not count."""


def offered_digest(headers: Iterable[str]) -> str:
    """Return the first Digest challenge in WWW-Authenticate headers of which we can do the rest.

    If there is none, it is any Digest challenge; empty: a login of that kind is not offered. The
    names in it are in lower case.
    """
    digests = [_lower_names(rest) for scheme, rest in _challenges(headers) if scheme == "digest"]
    return next((d for d in digests if _is_supported(d)), digests[0] if digests else "")


def _challenges(headers: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the scheme of each challenge, in lower case, and what follows it."""
    for header in headers:
        schemes = [each for each in _SCHEME.finditer(header) if each[1]]
        for each, after in zip_longest(schemes, schemes[1:]):
            rest = header[each.end() : after.start() if after else None]
            yield each[1].lower(), rest.strip(" \t,")


def _lower_names(parameters: str) -> str:
    return _NAME.sub(lambda m: m[0] if m[0].startswith('"') else m[0].lower(), parameters)


def _is_supported(parameters: str) -> bool:
    algorithm = _ALGORITHM.search(parameters)
    name = algorithm[1].upper().removesuffix("-SESS").replace("-", "") if algorithm else "MD5"
    return name in _ALGORITHMS
