"""Builds the draft of one device: requests, values and commands, each checked as it is added."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from ...sentences import said
from ..load import description_of
from ..places import DescriptionError
from ..schema.sending import SENDING
from ..schema.wrong import Invalid
from ..sending.building import builder_of
from .draft import Draft
from .faulty_parts import without_part
from .naming import own_name, plain_number, simple_name
from .notes import Notes
from .opposites import opposite, opposite_names
from .parameters import ImportedParameters
from .request import PlainRequest, UserLogin
from .request_names import detailed_name, in_words, last_name
from .sendings import sending_values
from .urls import Url
from .variables import with_placeholders

_MAX_REQUESTS = 32
_MAX_OWN = 64
_MAX_COMPONENTS = 32
_MIN_POLL = 1.0
_MAX_POLL = 86_400.0
_PORTS_BY_TLS = {False: 80, True: 443}


class DeviceDraft:
    """The draft of the device at one address."""

    def __init__(self, url: Url, notes: Notes) -> None:
        """Take the address, and where to note what cannot be there."""
        self._url = url
        self._notes = notes
        self._parameters = ImportedParameters()
        self._login: dict[str, Any] = {}
        self._requests: dict[str, Any] = {}
        self._components: dict[str, dict[str, Any]] = {"main": {}}
        self._timeout = 0.0
        self._poll = 0.0
        self._is_verified = True
        self._is_assumed = False
        self._whole_answers: list[str] = []

    def request(self, request: PlainRequest, url: Url, place: str, name: str = "") -> str:
        """Add what is asked to read the device; return its name, empty if it cannot be."""
        sending = self.sending(request, url, place)
        if sending is None:
            return ""
        for known, values in self._requests.items():
            if values == sending:
                return known
        if len(self._requests) >= _MAX_REQUESTS:
            self._notes.not_understood(place, t"the device has more than {_MAX_REQUESTS} requests")
            return ""
        name = simple_name(name or last_name(url), "status", self._requests)
        self._requests[name] = sending
        if request.poll:
            self._poll = min(self._poll or request.poll, request.poll)
        return name

    def sending(self, request: PlainRequest, url: Url, place: str) -> dict[str, Any] | None:
        """Return what is sent for a request, in the format of a description; None if it cannot."""
        made = sending_values(request, url, self._parameters, self._notes, place)
        login = request.login or made.login
        if login is None and url.username:
            login = UserLogin(request.url_login_way, url.username, url.password)
        if made.bearer:
            self._log_in({"bearer": made.bearer}, place)
        if login is not None:
            self._log_in(self._user(login), place)
        self._timeout = max(self._timeout, request.timeout or 0)
        self._is_verified &= request.is_verified
        try:
            builder_of(SENDING(deepcopy(made.values)))
        except DescriptionError as err:
            fault = err.faults[0]
            where, why = fault.place, said(fault.reason)
            self._notes.not_understood(place, t"{where} {why}")
            return None
        except (ValueError, Invalid) as err:
            self._notes.not_understood(place, str(err))
            return None
        return made.values

    def is_xml(self, request: str) -> bool:
        """Return whether a request answers XML, by the ending of its path."""
        path: str = self._requests.get(request, {}).get("get", "")
        return path.lower().endswith(".xml")

    def own(self, name: str, values: dict[str, Any], place: str, *, is_read: bool = True) -> str:
        """Add a value or a button of the device's own to its main component; return its name.

        The name is empty if there are too many.
        """
        own = self._components["main"].setdefault("own", {})
        if len(own) >= _MAX_OWN:
            self._notes.not_understood(place, t"the device has more than {_MAX_OWN} values")
            return ""
        free = own_name(name, "value", own)
        own[free] = values
        self._is_assumed |= not is_read
        return free

    def switch(
        self, name: str, values: dict[str, Any], place: str, *, is_main: bool = True
    ) -> None:
        """Add a switch: to the main component if it has none yet, otherwise as a component."""
        if len(self._components) >= _MAX_COMPONENTS:
            self._notes.not_understood(place, t"the device has more than {_MAX_COMPONENTS} parts")
            return
        if is_main and "switch" not in self._components["main"]:
            self._components["main"]["switch"] = values
        else:
            component = simple_name(name, "switch", self._components)
            self._components[component] = {"name": name[:200], "switch": values}
        self._is_assumed |= "switch" not in values

    def command(self, request: PlainRequest, url: Url, place: str, name: str = "") -> None:
        """Add a button for a request, or a switch if there is one that does the opposite."""
        if (sending := self.sending(request, url, place)) is None:
            return
        own = self._components["main"].get("own", {})
        if any(each.get("button") == sending for each in own.values()):
            if name:
                self._notes.left_out(place, t"sends the same as another command")
            return
        for key, values in list(own.items()):
            one = values.get("button")
            shared = opposite_names(key, name) if one is not None and name else None
            pair = opposite(one, sending)
            if pair is None and shared is not None:
                pair = (one, sending) if shared.is_first_on else (sending, one)
            if pair is not None:
                del own[key]
                called = in_words(shared.name if shared else last_name(url))
                self.switch(called, {"on": pair[0], "off": pair[1]}, place)
                return
        self._button(name or last_name(url), sending, url, place)

    def _button(self, name: str, sending: dict[str, Any], url: Url, place: str) -> None:
        """Add a button; with what it sends in its name, if another has that name."""
        values: dict[str, Any] = {"button": sending}
        if own_name(name, "value") in self._components["main"].get("own", {}):
            name = detailed_name(url, sending)
            values["name"] = in_words(name)[:60]
        self.own(name, values, place)

    def session(self, request: PlainRequest, url: Url, place: str) -> None:
        """Say which request logs in: the cookies of its answer are sent by others."""
        if (sending := self.sending(request, url, place)) is not None:
            self._log_in({"session": sending}, place)

    @property
    def has_login(self) -> bool:
        """Whether it is known how it is logged in to."""
        return bool(self._login)

    def ask(self, variable: str, fields: Mapping[str, Any]) -> None:
        """Say what the parameter for a variable is, such as its kind."""
        name = self._parameters.of_variable(variable)
        if name in self._parameters.values:
            self._parameters.values[name].update(fields)

    def log_in(self, login: Mapping[str, Any], place: str) -> None:
        """Say how it is logged in to, with marked variables in the texts."""
        self._log_in(
            {
                way: self._text(each)
                if isinstance(each, str)
                else {name: self._text(text) for name, text in each.items()}
                for way, each in login.items()
            },
            place,
        )

    def draft(self) -> Draft | None:
        """Return the draft, without what does not go together; None if nothing is left."""
        self._read_what_is_not_read()
        while True:
            draft = Draft(self._values(), self._url.host, tuple(self._whole_answers))
            if not draft.values["components"]:
                return None
            try:
                description_of(draft.described("imported", "Imported"))
            except DescriptionError as err:
                removed = [self._without(fault.path, fault.reason) for fault in err.faults]
                if not any(removed):
                    return None
                continue
            return draft

    def _read_what_is_not_read(self) -> None:
        """Make a text of the answer to each request of which nothing is read."""
        read = {own.get("from") for own in self._components["main"].get("own", {}).values()}
        for component in self._components.values():
            read.add(component.get("switch", {}).get("switch", {}).get("from"))
        for name in self._requests:
            if name not in read:
                values = {"text": True, "name": in_words(name), "from": name}
                if own := self.own(name, values, name):
                    self._whole_answers.append(f"main.own.{own}")

    def _values(self) -> dict[str, Any]:
        port, is_tls = self._url.port, self._url.is_tls
        options: dict[str, Any] = {} if port == _PORTS_BY_TLS[is_tls] else {"port": port}
        if self._timeout:
            options["timeout"] = plain_number(min(max(self._timeout, 1.0), 60.0))
        values: dict[str, Any] = {
            "parameters": self._parameters.values,
            "talks": "http",
            "options": options,
            "tls": {"trust": "verify" if self._is_verified else "pin"} if is_tls else {},
            "login": self._login,
            "poll": self._poll_seconds(),
            "confirm": "echo" if self._is_assumed else None,
            "requests": self._requests,
            "components": {name: each for name, each in self._components.items() if each},
        }
        return {name: each for name, each in values.items() if each or name == "components"}

    def _poll_seconds(self) -> float | None:
        return plain_number(min(max(self._poll, _MIN_POLL), _MAX_POLL)) if self._poll else None

    def _without(self, path: tuple[Any, ...], reason: str) -> bool:
        """Take out what has a fault, and note it; return whether there was something."""
        whole = {
            "components": self._components,
            "requests": self._requests,
            "parameters": self._parameters.values,
            "login": {"login": self._login},
        }
        if not without_part(whole, path):
            return False
        self._components = {
            n: {k: v for k, v in c.items() if v} for n, c in self._components.items()
        }
        self._notes.not_understood(".".join(map(str, path)), reason)
        return True

    def _user(self, login: UserLogin) -> dict[str, Any]:
        username = self._parameters.of_credential("username", login.username)
        password = self._parameters.of_credential("password", login.password)
        texts = {"username": self._text(username), "password": self._text(password)}
        return {login.way: texts}

    def _text(self, text: str) -> str:
        return with_placeholders(text, self._parameters.of_variable)

    def _log_in(self, login: dict[str, Any], place: str) -> None:
        if self._login and self._login != login:
            self._notes.not_understood(place, t"has another login than a request before it")
            return
        self._login = login
