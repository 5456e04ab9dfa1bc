"""Where the token of a login is: in the body of the answer, or in a header."""

from typing import Any

import voluptuous as vol

from .compound import FieldSet, Reference
from .reading import READING_FIELDS, SELECTORS, reading_of
from .shapes import Text
from .wrong import Wrong

_HEADER = "header"
_NAME_OF_HEADER = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"


def _token_of(**fields: Any) -> dict[str, Any]:
    """Return the fields of a session that say where its token is."""
    header = fields.pop(_HEADER, "")
    if selectors := [name for name in SELECTORS if header and name in fields]:
        first = _HEADER
        raise Wrong(t"cannot be there beside {first}", t"remove one of them", selectors[:1])
    return {"token": reading_of(**fields), "header": header}


SESSION_TOKEN = Reference(
    "token",
    FieldSet(
        {
            vol.Optional(
                _HEADER, description="The header of the answer in which it is, not its body."
            ): Text(64, _NAME_OF_HEADER, t"the name of a header"),
            **READING_FIELDS,
        },
        _token_of,
    ),
)
"""The token of a session."""
