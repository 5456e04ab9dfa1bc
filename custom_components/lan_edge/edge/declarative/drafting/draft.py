"""A description that is made step by step: what is entered goes in, a text comes out."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
import json
from typing import Any, cast

from ..description import Description
from ..picking.answer_field import AnswerField
from ..texts import description_of, description_text
from .byte_messages import AS_BYTES
from .changing import PLACE_FIELDS, merged, truth_words, unshown_truth
from .known_secrets import KnownSecrets, secret_in_query
from .logging_in import PASSWORD, USERNAME, DraftLogin, login_in
from .messages import number_reading
from .naming import kind_name, request_name
from .order import ordered
from .polling import poll_in, say_poll
from .readings import place_values, truth_values
from .recognition import NO_NUMBER, greeting_of, kind_apart, recognition_of
from .sources import say_first_source, say_sources
from .thing import DraftThing, ThingKind
from .things import (
    add_thing,
    change_thing,
    remove_thing,
    thing_at,
    things_in,
    unlisted_in,
)
from .trial import TrialAnswer

CALLBACK_PLACEHOLDER = "{callback_url}"
DRAFT_ID = "draft"
_OF_ITS_WAY = ("found_by", "options", "tls", "login", "parameters", "requests", "messages")
"""What is of no use for another way to talk."""


class DescriptionDraft:
    """A description that need not be complete yet, as the values of its text."""

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        """Begin with the values of a text, or with nothing."""
        empty = {"description": 1, "id": DRAFT_ID, "name": "", "talks": "http"}
        self.values: dict[str, Any] = deepcopy(dict(values or empty))
        """What `description_of` takes, once it is complete."""

    # how it talks

    def talk(self, talks: str, options: Mapping[str, Any], *, tls: bool = False) -> None:
        """Say how it talks, and with which options; another way has nothing of the one before."""
        if talks != self.talks or (options.get("messages") == AS_BYTES) != self.is_bytes:
            for key in _OF_ITS_WAY:
                self.values.pop(key, None)
            self.values["components"] = {}
        self.values["talks"] = talks
        self._set("options", {key: value for key, value in options.items() if value})
        self._set("tls", {"trust": "pin"} if tls else None)
        for request in self.requests.values():
            self.note_number(request)

    @property
    def talks(self) -> str:
        """How it talks, such as `http`."""
        return str(self.values["talks"])

    @property
    def is_bytes(self) -> bool:
        """Whether its messages are bytes."""
        options: dict[str, Any] = self.values.get("options", {})
        said = options.get("messages")
        return said == AS_BYTES or (not said and any("bytes" in r for r in self.requests.values()))

    def connect(self, *, port: int, tls: bool) -> None:
        """Say at which port it is, 0 for the usual one, and whether by TLS."""
        options = {**self.values.get("options", {}), "port": port}
        self._set("options", {key: value for key, value in options.items() if value})
        self._set("tls", {"trust": "pin"} if tls else None)

    def log_in(self, login: DraftLogin) -> None:
        """Say how it is logged in to; raise TypedError for what cannot be sent."""
        values = login.values(self.talks, is_bytes=self.is_bytes)
        self._set("login", values)
        parameters = self.values.get("parameters", {})
        kept = {key: each for key, each in parameters.items() if key not in {USERNAME, PASSWORD}}
        for name, label in login.labels(values).items():
            kept[name] = {"kind": "secret" if name == PASSWORD else "text", "label": label}
        self._set("parameters", kept)

    def without_secrets(
        self, sending: Mapping[str, Any], settings: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return what is sent with parameters instead of the secrets in `settings`.

        What the login adds to each request is left out.
        """
        return KnownSecrets(self.values, settings).without_in(sending)

    @staticmethod
    def secret_in_query(request: Mapping[str, Any]) -> tuple[str, str] | None:
        """Return the name and value of the only field of a query that is a secret by its name."""
        return secret_in_query(request)

    def hide_secrets(self, settings: Mapping[str, Any]) -> None:
        """Do so in all requests and commands."""
        secrets = KnownSecrets(self.values, settings)
        for key in ("requests", "components"):
            if key in self.values:
                self.values[key] = secrets.without_in(self.values[key])

    @property
    def login(self) -> DraftLogin | None:
        """How it is logged in to; None: in a way that a form cannot show."""
        return login_in(self.values, self.talks, is_bytes=self.is_bytes)

    @property
    def requests(self) -> dict[str, Any]:
        """What is asked for to read it, by name."""
        found: dict[str, Any] = self.values.get("requests", {})
        return found

    def ask(self, request: Mapping[str, Any], name: str = "") -> str:
        """Read it by a request; return the request's name, which is found if it is not given."""
        name = name or request_name(request, self.requests)
        say_sources(self.values, name)
        self.values["requests"] = {**self.requests, name: dict(request)}
        return name

    @property
    def poll(self) -> float | None:
        """Seconds between two readings; None: it is not read again and again."""
        return poll_in(self.values)

    @poll.setter
    def poll(self, seconds: float) -> None:
        say_poll(self.values, seconds)

    def say_sources(self) -> None:
        """Say what each value is read from where an older draft of several requests does not."""
        say_first_source(self.values)

    def change_request(
        self, name: str, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> None:
        """Change a request as `after` differs from `before`; the rest of it stays."""
        self.values["requests"] = {
            **self.requests,
            name: merged(self.requests[name], dict(before), dict(after)),
        }

    def note_number(self, sending: Mapping[str, Any]) -> None:
        """Expect the number of a message, if it has one, at the same place in its answer."""
        if reading := number_reading(sending):
            self.values["options"] = {**self.values.get("options", {}), "key": reading}

    @property
    def greeting(self) -> str:
        """A pattern for the line with which it begins each connection; empty: it need not."""
        return str(self.values.get("options", {}).get("greeting", ""))

    def greet(self, line: str) -> None:
        """Say that it begins each connection with lines like one; empty: that it does not."""
        options = {**self.values.get("options", {}), "greeting": line and greeting_of(line)}
        self._set("options", {key: value for key, value in options.items() if value})

    def hear(self, message: TrialAnswer, answers: Mapping[str, TrialAnswer]) -> str:
        """Expect messages like one that it sent by itself; return the name of their kind.

        That is the name of the request whose answer is of the same kind, if there is one among
        `answers`: what is read from it is then read from these messages, too.
        """
        known = {name: each for name, each in answers.items() if name in self.requests}
        found = recognition_of(message, known, self._number)
        messages, taken = self.messages, {**self.requests, **self.messages}
        name = found.request or kind_name(found.kind, message, messages, taken)
        say_sources(self.values, name)
        self.values["messages"] = {**messages, name: found.kind}
        self._set("posts", self.posts_to_entered_url)
        return name

    @property
    def messages(self) -> dict[str, Any]:
        """The kinds of messages that it sends, by name."""
        found: dict[str, Any] = self.values.get("messages", {})
        return found

    @messages.setter
    def messages(self, messages: Mapping[str, Any]) -> None:
        self._set("messages", dict(messages))

    @property
    def is_numbered(self) -> bool:
        """Whether an answer is known by a number that it has in common with its request."""
        return self.talks == "json_rpc" or "key" in self.values.get("options", {})

    def answer_with(self, name: str, message: TrialAnswer, others: Iterable[TrialAnswer]) -> None:
        """Say that a request is answered by messages like one, not by `others`."""
        kind = kind_apart(message, others, self._number)
        self.values["messages"] = {**self.messages, name: kind}

    @property
    def _number(self) -> Mapping[str, Any]:
        """Where messages have the number of their request, as a reading."""
        return cast("Mapping[str, Any]", self.values.get("options", {}).get("key", NO_NUMBER))

    @property
    def posts_to_entered_url(self) -> bool:
        """Whether it can post only to a URL which its owner enters in it: nothing gives it one."""
        return self.talks in {"http", "sse"} and CALLBACK_PLACEHOLDER not in json.dumps(self.values)

    # what it has

    def add(self, thing: DraftThing) -> None:
        """Add a thing."""
        add_thing(self.values, thing)

    @property
    def things(self) -> dict[str, tuple[ThingKind, str]]:
        """The kind and name of all it has, by where it is: `main`, or `main.own.power`."""
        return dict(things_in(self.values))

    def thing(self, place: str) -> DraftThing:
        """Return what it has at a place in `things`; what a form does not show is left out."""
        return thing_at(self.values, place)

    def change(self, place: str, before: DraftThing, after: DraftThing) -> None:
        """Change what it has at a place as `after` differs from `before`; the rest of it stays."""
        change_thing(self.values, place, before, after)

    @property
    def unlisted(self) -> list[str]:
        """What it has besides `things`, as in `main.powerMeter`: only its text shows it."""
        return unlisted_in(self.values)

    def remove(self, place: str) -> None:
        """Remove a thing, by where it is."""
        remove_thing(self.values, place)

    @staticmethod
    def place(request: str, field: AnswerField) -> dict[str, Any]:
        """Return the reading of a value that was picked in the answer to a request."""
        return {"from": request, **place_values(field.reading)}

    @staticmethod
    def place_of(reading: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a reading says of where its value is, without what is done to it."""
        return {key: reading[key] for key in PLACE_FIELDS if key in reading}

    @staticmethod
    def truth(on: str, off: str) -> dict[str, Any]:
        """Return the conversion of values that mean on and off; empty: those that usually do."""
        return truth_values(on, off)

    @staticmethod
    def truth_words(conversion: Mapping[str, Any]) -> tuple[str, str]:
        """Return the values that mean on and off, as `truth` takes them."""
        return truth_words(conversion)

    @staticmethod
    def unshown_truth(conversion: Mapping[str, Any]) -> dict[str, Any]:
        """Return a conversion that `truth_words` leaves out, as a value has a `;` itself."""
        return unshown_truth(conversion)

    def name(self, name: str, manufacturer: str, model: str, requirements: str) -> None:
        """Say what it is; the maker and model are those of the first product."""
        self.values["name"] = name
        product = {"manufacturer": manufacturer, "model": model}
        known = {key: value for key, value in product.items() if value}
        others = self.values.get("products", [])[1:]
        self._set("products", [*([known] if manufacturer else []), *others])
        self._set("requirements", requirements)

    def identify(self, reading: Mapping[str, Any] | None) -> None:
        """Say where the device's own id is; None: it has none."""
        self._set("identity", dict(reading) if reading else None)

    def described(self) -> Description:
        """Return the description; raise DescriptionError with all that is wrong."""
        return description_of(ordered(self.values))

    def check(self) -> None:
        """Raise DescriptionError if it cannot be used; it need not have a name yet."""
        DescriptionDraft({**self.values, "name": self.values.get("name") or "Draft"}).described()

    def text(self) -> str:
        """Return the text."""
        return description_text(ordered(self.values))

    def _set(self, key: str, value: Any) -> None:
        if value:
            self.values[key] = value
        else:
            self.values.pop(key, None)
