"""What is wrong with the placeholders in what is sent, in the options and in the login."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..sentences import Sayable
from .description import TOKEN, Description
from .faults import fault
from .places import DescriptionError, Fault, Path
from .schema.wrong import choices, nearest
from .sending.building import builder_of
from .sending.placeholders import Placeholder, pieces_of_text, placeholders_of
from .walk import LITERAL_OPTIONS, sendings_in

ALWAYS = ("number", "callback_url")
"""The placeholders that need no parameter: a number for each request, where the hub is called."""
OF_COMMANDS = ("identity",)
"""The same, for commands only: the device's own id."""


def faults_of_placeholders(description: Description) -> Iterator[Fault]:
    """Yield what cannot be put in where it stands, and the names that there are not."""
    for sent in sendings_in(description):
        try:
            uses = builder_of(sent.sending).uses
        except DescriptionError as err:
            yield from (replace(each, path=(*sent.path, *each.path)) for each in err.faults)
            continue
        more = OF_COMMANDS if sent.path[0] == "components" else ()
        known = {*sent.arguments, *description.parameters, *more}
        named = (((*sent.path, *path), each) for path, each in uses if each.name not in ALWAYS)
        yield from _unknown(named, known)
    yield from _of_login(description)
    values: dict[Path, Any] = {}
    values |= {
        ("options", n): v for n, v in description.options.items() if n not in LITERAL_OPTIONS
    }
    for path, value in values.items():
        if path[-1] in LITERAL_OPTIONS:
            continue
        try:
            yield from _unknown([*_uses_in(value, path)], description.parameters)
        except DescriptionError as err:
            yield from err.faults


def _of_login(description: Description) -> Iterator[Fault]:
    session = description.login_session
    has_token = session is not None and session.token is not None
    if has_token and TOKEN in description.parameters:
        reason = t"is also what the session gives"
        yield fault(("parameters", TOKEN), reason, t"give the parameter another name")
    known = {*description.parameters, *([TOKEN] if has_token else [])}
    try:
        uses = [*_uses_in(description.login, ("login",))]
    except DescriptionError as err:
        yield from err.faults
        return
    yield from _unknown(uses, known)
    if has_token and all(each.name != TOKEN for _, each in uses):
        token = f"{{{TOKEN}}}"
        yield fault(("login", "token"), t"is not sent anywhere", t"write {token} where it is sent")


def _uses_in(value: Any, path: Path) -> Iterator[tuple[Path, Placeholder]]:
    """Yield the placeholders in all texts of a value; raise DescriptionError."""
    if isinstance(value, str):
        yield from ((path, each) for each in placeholders_of(pieces_of_text(value, path)))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _uses_in(each, (*path, key))
    elif isinstance(value, list | tuple):
        for at, each in enumerate(value):
            yield from _uses_in(each, (*path, at))


def _unknown(uses: Iterable[tuple[Path, Placeholder]], known: Collection[str]) -> Iterator[Fault]:
    for path, placeholder in uses:
        if placeholder.name not in known:
            unknown = f"{{{placeholder.name}}}"
            yield fault(path, t"has an unknown {unknown}", _remedy(placeholder.name, known))


def _remedy(name: str, known: Collection[str]) -> Sayable:
    if close := nearest(name, known):
        meant = f"{{{close}}}"
        return t"did you mean {meant}?"
    return choices(sorted(known), len(known)) if known else t"add it to parameters"
