"""Command lines of curl, as a draft: what reads becomes a request, everything else a button."""

from dataclasses import dataclass, replace
from itertools import dropwhile
import re

from ...sentences import said
from ..places import DescriptionError, Fault
from .commands import is_command, is_name_of_value
from .curl_command import CurlCommand
from .device_draft import DeviceDraft
from .draft import Imported
from .drafts import DeviceDrafts
from .jq import jq_path
from .notes import Notes
from .request import PlainRequest
from .shell import PIPE, commands_of
from .variables import shown, without_marks

MAX_CURL = 64 * 1024
"""The longest text, in characters."""
_PROGRAMS = {"curl", "curl.exe"}
_BEFORE = {"sudo", "time", "exec", "command", "export"}
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")


def import_curl(text: str) -> Imported:
    """Return a draft for each device that command lines of curl are for.

    Raises DescriptionError if there is none.
    """
    notes = Notes()
    drafts = DeviceDrafts(notes)
    found = [
        (each, *device)
        for each in curl_requests(text, notes)
        if (device := drafts.device(each.request.url, "curl")) is not None
    ]
    set_by_body = {(url.device, url.path) for each, _, url in found if _has_body(each.request)}
    for each, draft, url in found:
        if each.request.method.upper() not in {"GET", "HEAD"}:
            draft.command(each.request, url, "curl")
            continue
        is_value = is_name_of_value(url, each.request) and (url.device, url.path) in set_by_body
        if is_value or not is_command(url, each.request):
            _read(draft, each, draft.request(each.request, url, "curl"))
        else:
            reason = t"is taken for a command, which is only sent when it is used"
            notes.changed(shown(url.path), reason)
            draft.command(each.request, url, "curl")
    return drafts.imported(t"it has no command line of curl", t"paste one that begins with curl")


def _has_body(request: PlainRequest) -> bool:
    return bool(request.body or request.form)


def _read(draft: DeviceDraft, each: CurlRequest, name: str) -> None:
    if name and each.path:
        draft.own(each.path, {"text": True, "from": name, "path": each.path}, "jq")


@dataclass(frozen=True, slots=True)
class CurlRequest:
    """A request, and the path in its answer to which the command line is reduced by jq."""

    request: PlainRequest
    path: str = ""


def curl_requests(text: str, notes: Notes) -> list[CurlRequest]:
    """Return what the command lines in a text send; raise DescriptionError if it is too long."""
    if len(text) > MAX_CURL:
        reason, remedy = t"it has more than {MAX_CURL} characters", t"paste fewer commands"
        raise DescriptionError(Fault((), said(reason), said(remedy), 1))
    found: list[CurlRequest] = []
    for words in commands_of(without_marks(text)):
        if words[0] == PIPE:
            path = jq_path(words[1:]) if found else ""
            if path:
                found[-1] = replace(found[-1], path=path)
            else:
                notes.left_out(shown(words[1])[:60], t"what reads the answer of curl is left out")
            continue
        rest = [*dropwhile(_is_before, words)]
        if not rest:  # its variables are asked for as parameters
            continue
        if rest[0].replace("\\", "/").rpartition("/")[2].lower() in _PROGRAMS:
            found += [CurlRequest(each) for each in CurlCommand(rest[1:], notes).requests()]
        else:
            notes.not_understood(shown(words[0])[:60], t"is not curl")
    return found


def _is_before(word: str) -> bool:
    """Return whether a word before a program's name means nothing to it, as in `KEY=a curl`."""
    return word in _BEFORE or _ASSIGNMENT.match(word) is not None
