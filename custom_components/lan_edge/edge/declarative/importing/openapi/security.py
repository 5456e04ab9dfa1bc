"""How a document says that the device is logged in to, as the login of a description."""

from collections.abc import Mapping
from dataclasses import dataclass
from string.templatelib import Template
from typing import Any

from ....errors import DriverError
from ....sentences import Said, said
from ..notes import Notes
from ..variables import SECRET_MARK, marked
from .references import References
from .values import list_in, object_in, one_line, text_in

_MAX_ALTERNATIVES = 16
_KEY_PARAMETER = "api_key"  # the name of a parameter
_USER_TEXTS = {"username": marked("username"), "password": marked(f"{SECRET_MARK}password")}
_REASONS: Mapping[str, Template] = {
    "oauth2": t"is OAuth 2, which a described device cannot do",
    "openIdConnect": t"is OpenID Connect, which a described device cannot do",
    "mutualTLS": t"is a certificate of the client, which a described device does not have",
}


@dataclass(frozen=True, slots=True)
class ApiLogin:
    """A login; its secrets are marked variables."""

    values: dict[str, Any]
    """As in the text of a description."""
    details: str = ""
    is_optional: bool = False


class Security:
    """The logins of a document."""

    def __init__(self, document: dict[str, Any], references: References, notes: Notes) -> None:
        """Take the whole document."""
        self._requirements = list_in(document, "security")
        schemes = object_in(document, "components", "securitySchemes")
        schemes = schemes or object_in(document, "securityDefinitions")
        self._schemes = {name: references.resolved(each) for name, each in schemes.items()}
        self._notes = notes

    def login(self, operation: Mapping[str, Any]) -> ApiLogin | None:
        """Return how an operation is logged in to; None if it is not, or cannot be."""
        own = operation.get("security")
        given: list[Any] = own if isinstance(own, list) else self._requirements
        alternatives = [each for each in given[:_MAX_ALTERNATIVES] if isinstance(each, dict)]
        problems: list[tuple[str, Said]] = []
        for each in filter(None, alternatives):
            try:
                return self._login(each, is_optional={} in alternatives)
            except _UnknownError as err:
                problems.append((err.where, err.said))
        for place, reason in problems:
            self._notes.not_understood(place, reason)
        return None

    def _login(self, names: Mapping[str, Any], *, is_optional: bool) -> ApiLogin:
        """Return the login that has all of some schemes; raise _UnknownError."""
        made: dict[str, Any] = {}
        for name in names:
            for way, values in self._way(name).items():
                both = isinstance(values, dict) and way in {"header", "query"}
                made[way] = {**made.get(way, {}), **values} if both else values
        if len(made) > 1:
            ways = ", ".join(made)
            raise _UnknownError("security", t"has several logins at once: {ways}")
        details = text_in(self._schemes.get(next(iter(names))), "description")
        return ApiLogin(made, one_line(details), is_optional=is_optional)

    def _way(self, name: str) -> dict[str, Any]:
        """Return one scheme as a login; raise _UnknownError."""
        scheme, place = self._schemes.get(name, {}), f"security {name[:60]}"
        kind, way = text_in(scheme, "type"), text_in(scheme, "scheme").lower()
        if kind == "basic" or (kind == "http" and way == "basic"):
            return {"basic": _USER_TEXTS}
        if kind == "http" and way == "digest":
            return {"digest": _USER_TEXTS}
        if kind == "http" and way == "bearer":
            return {"bearer": marked(f"{SECRET_MARK}token")}
        if kind == "apiKey":
            return _key(text_in(scheme, "name"), text_in(scheme, "in"), place)
        other = kind or way
        unknown = t"is a login of the kind {other!r:.40}" if other else t"is a login without a kind"
        raise _UnknownError(place, _REASONS.get(kind, unknown))


class _UnknownError(DriverError):
    """A login that a description cannot have."""

    def __init__(self, place: str, reason: Template) -> None:
        self.said = said(reason)
        super().__init__(self.said)
        self.where = place


def _key(name: str, where: str, place: str) -> dict[str, Any]:
    """Return the login by a key in a header or the query; raise _UnknownError."""
    if where == "cookie" or (where == "header" and name.lower() == "cookie"):
        raise _UnknownError(place, t"is a key in a cookie")
    if where not in {"header", "query"} or not name:
        raise _UnknownError(place, t"is a key whose place is not known here: {where!r:.40}")
    return {where: {name[:100]: marked(f"{SECRET_MARK}{_KEY_PARAMETER}")}}
