"""What must not get out of a device, and how its texts are cleaned of that where they leave it."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any, cast

from ..errors import DriverError, EdgeError, RefusedError
from ..sentences import Said, one_line
from .kinds import COMMON_FIELDS, without_kinds, without_path_tokens
from .private_fields import PrivateFields
from .redaction import CUT, Redaction

MAX_KEPT = 16
"""The most secrets that are kept beside the stored ones."""
MAX_FORMER_GRANTS = 3
"""The most former grants of each owner that are kept, as they may be valid for a while."""
MAX_OWNERS = 8
"""The most owners of grants: those that were renewed last."""
MAX_SCRUBBED = 2000
"""More characters of a text are not looked at for one line of it."""
MIN_VALUE = 4
"""A shorter value of a private field is redacted only where it stands."""
MAX_VALUES = 500
"""Of more different values of private fields, the shortest are redacted only where they stand."""
_NO_SECRETS = Redaction(())


class Privacy:
    """The secrets and private texts of one device; a subclass knows where they are.

    Nothing here is done per message: errors are cleaned when they are raised, logs when they are
    written, the trace when it is read.
    """

    __slots__ = ("_grants", "_kept", "_redaction", "_secrets")

    def __init__(self) -> None:
        """Know of no secret."""
        self._kept: tuple[str, ...] = ()
        self._grants: dict[Hashable, tuple[tuple[str, ...], ...]] = {}
        """The secrets of each owner's last grants, the present one last."""
        self._secrets: tuple[str, ...] = ()
        self._redaction = _NO_SECRETS
        """The redaction of these secrets."""

    # what a subclass knows

    def secrets(self) -> Iterable[str]:
        """Return what grants access to the device."""
        return ()

    def personal(self) -> Iterable[str]:
        """Return what identifies the device, its network or its owner."""
        return ()

    def names(self) -> Iterable[str]:
        """Return what people call the device and its parts."""
        return ()

    def fields(self) -> Iterable[str]:
        """Return the fields of messages that are private."""
        return ()

    def harmless(self) -> Iterable[str]:
        """Return values that stay, whatever field they are in."""
        return ()

    # cleaning

    def keep(self, secret: str) -> None:
        """Treat a text as a secret that is not stored, such as a password just entered."""
        if secret not in self._kept:
            self._kept = (*self._kept[1 - MAX_KEPT :], secret)

    def renew(self, owner: Hashable, secrets: Iterable[str]) -> None:
        """Treat texts as the secrets that an owner, such as a transport, has been granted now.

        However often one is granted others, these take the place of its own former ones only.
        """
        former, granted = self._grants.pop(owner, ()), tuple(dict.fromkeys(secrets))
        if former[-1:] != (granted,):
            former = (*former[-MAX_FORMER_GRANTS:], granted)
        self._grants[owner] = former
        if len(self._grants) > MAX_OWNERS:
            del self._grants[next(iter(self._grants))]

    def text(self, text: str) -> str:
        """Return a text as one printable line of bounded length, without the secrets."""
        if len(text) > MAX_SCRUBBED:
            text = text[:MAX_SCRUBBED] + CUT
        line, limit = one_line(self.scrub(text)), EdgeError.max_length
        return line if len(line) <= limit else line[: limit - len(CUT)] + CUT

    def sentence(self, words: str) -> str:
        """Return the words of an error without the secrets; what has none stays as it was made.

        A sentence that can be said in other languages still can be, without them.
        """
        text = self.text(words)
        if text == words:
            return words
        if isinstance(words, Said) and len(words) <= MAX_SCRUBBED:
            cleaned = words.with_arguments(self.scrub)
            return cleaned if self.scrub(cleaned) == cleaned else text
        return text

    def scrub(self, text: str) -> str:
        """Return a text without the secrets; if it ends with CUT, without a part of one as well."""
        return self.scrubber()(text)

    def scrubber(self) -> Callable[[str], str]:
        """Return what `scrub` does at present, for many texts."""
        redaction = self._redaction_of_secrets()
        return lambda text: without_path_tokens(redaction.text(text))

    def data(self, data: Any) -> Any:
        """Return JSON data without the secrets."""
        return self.cleaner()(data)

    def cleaner(self) -> Callable[[Any], Any]:
        """Return what `data` does at present, which may run in another thread."""
        return self._redaction_of_secrets().data

    def clean(self, error: BaseException) -> None:
        """Take the secrets out of an error, and of those that led to it, before it gets out."""
        if isinstance(error, EdgeError):
            if error.is_clean:
                return
            error.args, error.is_clean = (self.sentence(Exception.__str__(error)),), True
        if isinstance(error, RefusedError):
            error.body = self.scrub(error.body)
        error.__notes__ = [self.text(note) for note in _notes(error)]
        cause = error.__cause__
        if cause is None and not error.__suppress_context__:
            cause = error.__context__
        if isinstance(cause, EdgeError) or (cause is not None and self._is_clean(cause)):
            self.clean(cause)
        elif cause is not None:
            error.__cause__ = None  # which hides its context, too

    def loggable(self, error: Exception) -> DriverError:
        """Return an error of the library that says what another one says, with its traceback."""
        shown = DriverError(self.text(repr(error))).with_traceback(error.__traceback__)
        shown.__cause__ = error.__cause__
        self.clean(shown)
        return shown

    def _is_clean(self, error: BaseException) -> bool:
        """Return whether a traceback may show an error, and what led to it, as it is."""
        if isinstance(error, BaseExceptionGroup) or error.__cause__ is error:
            return False
        return all(self.text(text) == text for text in (str(error), *_notes(error)))

    def publisher(
        self, also: Iterable[str] = (), *, named: Iterable[str] = ()
    ) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        """Return what makes JSON data publishable: without secrets and anything personal.

        It takes a while, and may run in another thread. `also` are further private texts, `named`
        further names.
        """
        fields = PrivateFields((*COMMON_FIELDS, *self.fields()))
        harmless = {text.lower() for text in self.harmless()}
        personal = {text for text in (*self.personal(), *also) if text.lower() not in harmless}
        secrets = self._all_secrets()
        private = personal.union(secrets)
        names = {*self.names(), *named}

        def publish(data: Mapping[str, Any]) -> dict[str, Any]:
            values = {v for t in _texts(data) for v in fields.values(t) if len(v) >= MIN_VALUE}
            longest = sorted(values, key=len, reverse=True)[:MAX_VALUES]
            redaction = Redaction(
                private,
                tokens=secrets,
                words={text for text in names.union(longest) if text.lower() not in harmless},
                fields=fields,
                without_kinds=without_kinds,
            )
            return cast("dict[str, Any]", redaction.data(data))

        return publish

    def _redaction_of_secrets(self) -> Redaction:
        secrets = self._all_secrets()
        if secrets != self._secrets:
            self._secrets, self._redaction = secrets, Redaction(secrets, tokens=secrets)
        return self._redaction

    def _all_secrets(self) -> tuple[str, ...]:
        granted = (each for grants in self._grants.values() for grant in grants for each in grant)
        return (*self.secrets(), *self._kept, *granted)


def _notes(error: BaseException) -> list[str]:
    return [str(note) for note in getattr(error, "__notes__", ())]


def _texts(value: object) -> Iterator[str]:
    """Yield every text within JSON data, its keys aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in cast("list[Any]", value):
            yield from _texts(each)
