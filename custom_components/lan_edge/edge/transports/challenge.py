"""How a device asks for a Digest login: remembered, so that no other challenge is answered.

An answer to a challenge can be tried against all passwords afterwards, and a weak algorithm, or
none of the client's own numbers in it (`qop`), makes that fast.
"""

from dataclasses import dataclass
import re
from typing import override

from ..errors import CredentialsError

_TEXT = r'"((?:[^"\\]|\\.)*)"'
_ANSWER = re.compile(
    rf"Digest username={_TEXT}, realm={_TEXT}, nonce={_TEXT}, uri={_TEXT}, response={_TEXT}"
    rf", algorithm=([\w-]+)(?:, opaque={_TEXT})?(?:, qop=([a-z-]+), nc=\w+, cnonce={_TEXT})?"
)
"""An Authorization header as aiohttp writes it."""
_STRENGTHS = ("MD5", "SHA", "SHA256", "SHA512")


@dataclass(frozen=True, slots=True)
class _Terms:
    """What a challenge asked for."""

    algorithm: str
    qop: str
    realm: str

    @override
    def __str__(self) -> str:
        """Return them as they are stored."""
        return f"{self.algorithm} {self.qop} {self.realm}"

    @property
    def strength(self) -> tuple[int, bool]:
        """The rank of the algorithm, and whether there is a qop."""
        name = self.algorithm.upper().removesuffix("-SESS").replace("-", "")
        return _STRENGTHS.index(name) if name in _STRENGTHS else -1, self.qop != "-"


class KnownChallenge:
    """How a device asked for its login so far."""

    __slots__ = ("may_learn", "value")

    def __init__(self, value: str = "") -> None:
        """Start with what was stored."""
        self.value = value
        """Algorithm, qop ("-": none) and realm, separated by blanks; empty: no challenge yet."""
        self.may_learn = True
        """Whether the first challenge may be answered, and remembered."""

    def check(self, answer: str) -> str:
        """Return how `answer`, an Authorization header, was asked for, to `learn` it later.

        Raises CredentialsError if it must not be sent.
        """
        asked = _terms(answer)
        if str(asked) == self.value:
            return self.value
        if self.value:
            _compare(asked, _known_terms(self.value))
        elif not self.may_learn:
            raise CredentialsError(t"the device has not requested a login of this kind before")
        return str(asked)

    def learn(self, asked: str) -> None:
        """Remember how the device asked first: it has accepted the answer.

        Stronger terms later are not remembered: whoever has the device's address may ask for them,
        accept any answer, and so shut the device out.
        """
        if self.may_learn and not self.value:
            self.value = asked


def _compare(asked: _Terms, known: _Terms) -> None:
    """Raise CredentialsError for another realm, or for weaker terms."""
    if asked.realm != known.realm:
        before, now = known.realm, asked.realm
        raise CredentialsError(t"the login is for {before!r:.80}, not {now!r:.80}")
    if any(now < before for now, before in zip(asked.strength, known.strength, strict=True)):
        now, before = (f"{each.algorithm}, qop {each.qop}" for each in (asked, known))
        raise CredentialsError(t"the requested login ({now}) is weaker than before ({before})")


def _known_terms(value: str) -> _Terms:
    algorithm, _, rest = value.partition(" ")
    qop, _, realm = rest.partition(" ")
    return _Terms(algorithm, qop, realm)


def _terms(answer: str) -> _Terms:
    """Return what an answer was asked for with; raise CredentialsError."""
    if (match := _ANSWER.fullmatch(answer)) is None:
        raise CredentialsError(t"the device requests a login of an unknown kind")
    return _Terms(match[6], match[8] or "-", match[2])
