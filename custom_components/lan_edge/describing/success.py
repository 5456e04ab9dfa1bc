"""What a value in the answer to a command says of whether it has worked, by its name."""

from collections.abc import Mapping, Set as AbstractSet
import re

from lan_edge import AnswerField

_WORKED = {"done", "ok", "success", "true"}
_NAMES_OF_ERRORS = {"err", "errcode", "errno", "error", "errorcode", "errorno"}
_NAMES_OF_FLAGS = {"ok", "success"}
_NAMES_OF_RESULTS = {"code", "result", "resultcode", "ret", "retcode", "returncode"}
_STATE = "status"
"""The name whose numbers and booleans say something else, such as what the device is doing."""
_MEANS_SUCCESS: Mapping[str, AbstractSet[str]] = {
    **{name: {"", "0", "false", "no error", "none"} for name in _NAMES_OF_ERRORS},
    **{name: {*_WORKED, "1"} for name in _NAMES_OF_FLAGS},
    **{name: {*_WORKED, "0", "1", "200"} for name in _NAMES_OF_RESULTS},
    _STATE: _WORKED,
}
"""The values that mean success, by the names in lower case, without what is between words."""
_NUMBER_IN_TEXT = re.compile(r"-?\d+(?:\.\d+)?")
_FAILED = re.compile(
    r"^no$|\b(?:bad|denied|err(?:ors?)?|fail\w*|false|forbidden|illegal|invalid|nok|refused"
    r"|rejected|unauthori[sz]ed|unsupported|wrong)\b"
)
"""In a text: that it did not work. Other texts may say anything."""


def is_error(field: AnswerField) -> bool:
    """Return whether a value is called an error: whatever is empty, false or 0 means success."""
    return _name(field) in _NAMES_OF_ERRORS


def says_success(field: AnswerField) -> bool | None:
    """Return whether a value says that a command has worked, or has not; None: it says neither."""
    name, value, text = _name(field), field.value, _text(field)
    is_word = isinstance(value, str) and not _NUMBER_IN_TEXT.fullmatch(text)
    if name not in _MEANS_SUCCESS or (name == _STATE and not is_word):
        return None
    if value is None and name not in _NAMES_OF_ERRORS:
        return None
    if text in _MEANS_SUCCESS[name]:
        return True
    has_failed = bool(_FAILED.search(text)) or (name in _NAMES_OF_ERRORS and text not in _WORKED)
    return None if is_word and not has_failed else False


def _text(field: AnswerField) -> str:
    value = field.value
    return (f"{value:g}" if isinstance(value, float) else str(value)).strip().casefold()


def _name(field: AnswerField) -> str:
    return re.sub(r"[\s_-]", "", field.place.rpartition(".")[2]).casefold()
