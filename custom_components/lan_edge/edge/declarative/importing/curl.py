"""Command lines of curl, as a draft: what reads becomes a request, everything else a button."""

from dataclasses import dataclass, replace
from itertools import dropwhile
import re

from ...sentences import said
from ..places import DescriptionError, Fault
from .commands import asks_for_value, is_command, is_name_of_value
from .curl_command import CurlCommand
from .device_draft import DeviceDraft
from .draft import Imported
from .drafts import DeviceDrafts
from .jq import jq_paths
from .notes import Notes
from .pasted import plain_commands
from .request import PlainRequest
from .shell import INPUT, PIPE, commands_of
from .urls import Url
from .variables import shown, without_marks

MAX_CURL = 64 * 1024
"""The longest text, in characters."""
_PROGRAMS = {"curl", "curl.exe"}
_BEFORE = {"sudo", "time", "exec", "command", "export", "do", "then", "else", "if", "!", "{", "("}
_ENDS_OF_LOOPS = {"done", "fi", "}", ")"}
_OF_ECHO = {"-n", "-e", "-ne", "%s", "%s\\n"}
_SHOWS_ALL = {"more", "cat", "tee", "json_pp", "prettyjson"}
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_LOGIN_IN_PATH = re.compile(
    r"(?i)log_?[io]n|sign_?in|(?:^|[/_.-])(?:auth|authenticate|session|token)(?:$|[/_.-])"
)


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
    for each, draft, url in found:
        is_alone = all(d is not draft or r is each for r, d, _ in found)
        if not is_alone and not draft.has_login and _logs_in(each.request, url):
            draft.session(each.request, url, "curl")
        elif _reads(each, url, found, notes):
            _read(draft, each, draft.request(each.request, url, "curl"))
        else:
            draft.command(each.request, url, "curl")
    return drafts.imported(t"it has no command line of curl", t"paste one that begins with curl")


def _logs_in(request: PlainRequest, url: Url) -> bool:
    """Return whether the cookies of an answer are a login."""
    sends = _has_body(request) or request.query or url.query
    return bool(request.keeps_cookies and sends and _LOGIN_IN_PATH.search(url.path))


def _reads(
    each: CurlRequest, url: Url, found: list[tuple[CurlRequest, DeviceDraft, Url]], notes: Notes
) -> bool:
    """Return whether a request reads, and so may be sent again and again."""
    if each.request.method.upper() not in {"GET", "HEAD"}:
        if reads := asks_for_value(each.request):
            notes.changed(shown(url.path), t"is taken for one that only reads")
        return reads
    set_by_body = {(url.device, url.path) for each, _, url in found if _has_body(each.request)}
    is_value = is_name_of_value(url, each.request) and (url.device, url.path) in set_by_body
    if is_value or not is_command(url, each.request):
        return True
    notes.changed(shown(url.path), t"is taken for a command, which is only sent when it is used")
    return False


def _has_body(request: PlainRequest) -> bool:
    return bool(request.body or request.form)


def _read(draft: DeviceDraft, each: CurlRequest, name: str) -> None:
    for path in each.paths if name else ():
        draft.own(path, {"text": True, "from": name, "path": path}, "jq")


@dataclass(frozen=True, slots=True)
class CurlRequest:
    """A request, and what of its answer the command line shows."""

    request: PlainRequest
    paths: tuple[str, ...] = ()
    """The paths of values to which it is reduced by jq."""
    is_reduced_otherwise: bool = False
    """Whether another program makes something else of the answer."""

    def only_path(self) -> str:
        """Return the path of the only value that is shown, empty if all is; raise ValueError."""
        if self.is_reduced_otherwise or len(self.paths) > 1:
            raise ValueError(said(t"another program computes its value from the answer"))
        return self.paths[0] if self.paths else ""


def curl_requests(text: str, notes: Notes) -> list[CurlRequest]:
    """Return what the command lines in a text send; raise DescriptionError if it is too long."""
    if len(text) > MAX_CURL:
        reason, remedy = t"it has more than {MAX_CURL} characters", t"paste fewer commands"
        raise DescriptionError(Fault((), said(reason), said(remedy), 1))
    reader = _CommandReader(notes)
    for words in commands_of(plain_commands(without_marks(text))):
        reader.read(words)
    reader.end()
    return reader.found


class _CommandReader:
    """Reads one command after another: those of curl, and what gives to or takes from them."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._echoed: list[str] = []
        """A command that may give its words to the next one."""
        self.found: list[CurlRequest] = []

    def read(self, words: list[str]) -> None:
        """Read a command; note it if it is not understood."""
        is_piped = words[0] == PIPE
        given = [each.removeprefix(INPUT) for each in words if each.startswith(INPUT)]
        plain = [each for each in words if not each.startswith(("\ue000|", INPUT))]
        rest = [*dropwhile(_is_before, plain)]
        if rest and rest[0].replace("\\", "/").rpartition("/")[2].lower() in _PROGRAMS:
            if is_piped and self._echoed:
                given.append(" ".join(each for each in self._echoed[1:] if each not in _OF_ECHO))
                self._echoed = []
            self.end()
            command = CurlCommand(rest[1:], self._notes, given[0] if given else None)
            self.found += [CurlRequest(each) for each in command.requests()]
        elif is_piped and not self._echoed:
            self._take_answer(plain)
        elif rest and rest[0] not in _ENDS_OF_LOOPS:
            self.end()
            self._echoed = plain

    def end(self) -> None:
        """Note a command that gave nothing to curl."""
        if self._echoed:
            self._notes.not_understood(shown(self._echoed[0])[:60], t"is not curl")
        self._echoed = []

    def _take_answer(self, words: list[str]) -> None:
        """Take what reads the answer of the command before, or what that was reduced to."""
        before = self.found[-1] if self.found else CurlRequest(PlainRequest(url=""))
        if words[:1] and _shows_all(words, before):
            return
        paths = jq_paths(words) if self.found else None
        if paths is None:
            reason = t"what reads the answer of curl is left out"
            self._notes.left_out(shown(words[0])[:60] if words else "|", reason)
        if not self.found:
            return
        is_clear = paths is not None and (not before.paths or len(before.paths) == 1 >= len(paths))
        joined = tuple(
            _joined(around, path) for around in before.paths or ("",) for path in paths or ()
        )
        self.found[-1] = replace(
            before,
            paths=(joined or before.paths) if is_clear else (),
            is_reduced_otherwise=before.is_reduced_otherwise or not is_clear,
        )


def _shows_all(words: list[str], before: CurlRequest) -> bool:
    """Return whether a program only shows what it gets."""
    if words[0] in {"python", "python3"}:
        return "json.tool" in words
    is_one_line = words[0] in {"head", "tail", "tr"} and bool(before.paths)
    return words[0] in _SHOWS_ALL or is_one_line


def _joined(around: str, path: str) -> str:
    return around + (path if path.startswith("[") or not around else f".{path}")


def _is_before(word: str) -> bool:
    """Return whether a word before a program's name means nothing to it, as in `KEY=a curl`."""
    return word in _BEFORE or _ASSIGNMENT.match(word) is not None
