"""What is wrong in what values are read from: names of requests and messages, and their parts."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from .description import Description
from .faults import fault
from .places import DescriptionError, Fault, Path
from .reading.path_steps import json_steps
from .schema.wrong import choices
from .walk import readings_in, recognizing_in


def faults_of_sources(description: Description, names: Collection[str]) -> Iterator[Fault]:
    """Yield the readings that name no request or message, or none of several."""
    known = {*description.requests, *description.messages, *names}
    for path, reading, _ in readings_in(description):
        if reading.source and reading.source not in known:
            remedy = choices(known, len(known)) if known else t"add it to requests"
            yield fault((*path, "from"), t"{reading.source} is not a request or a message", remedy)
        elif not reading.source and len(known) > 1:
            sources = ", ".join(sorted(known))
            remedy = t"write `from:` and one of {sources}"
            yield fault(path, t"does not say what it is read from", remedy)
    for path, reading, _ in recognizing_in(description):
        if reading.source:
            yield fault((*path, "from"), t"is only for what is read", t"remove it")


def faults_of_parts(description: Description) -> Iterator[Fault]:
    """Yield the parts of answers and messages that are no paths."""
    requests, messages = description.requests.items(), description.messages.items()
    parts: dict[Path, str] = {("requests", name): each.within for name, each in requests}
    parts |= {("messages", name): each.within for name, each in messages}
    for path, within in parts.items():
        try:
            json_steps(within)
        except DescriptionError as err:
            yield from (replace(each, path=(*path, "within")) for each in err.faults)
