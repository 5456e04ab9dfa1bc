"""The pages of the reference, with links between the names that they show."""

from functools import partial
from pathlib import Path
import re

from .entry import Entry, heading
from .library import Library

MARK = re.compile(r"<!-- reference: (\S+) -->.*?<!-- /reference -->", re.DOTALL)
NAMES = "names"
"""The marker of the list of all names."""
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
MENTION = re.compile(r"`([^`]+)`|\b([A-Z]\w+Error)\b")
"""What may be a name: code, and an error also without backticks."""


class Pages:
    """The pages in a folder, which show a library."""

    def __init__(self, folder: Path, library: Library) -> None:
        """Read which names each page shows."""
        self._library = library
        self._titles: dict[str, str] = {}
        self._links: dict[str, str] = {}
        for page in sorted(folder.glob("*.md")):
            self._read(page.name, page.read_text())

    def _read(self, page: str, text: str) -> None:
        title = TITLE.search(text)
        self._titles[page] = title[1] if title else page
        for path in MARK.findall(text):
            for thing in self._library.defined_in(path) if path != NAMES else ():
                name = self._library.names[thing.path]
                self._links[name] = f"{page}#{slug(heading(thing, name))}"
                methods = [m for m in thing.members.values() if m.is_function]
                for each in (f"{name}.{m.name}" for m in methods):
                    self._links[each] = f"{page}#{slug(each)}"

    def fill(self, page: str, text: str) -> str:
        """Return a page with the text between its markers generated from the source."""
        return MARK.sub(lambda mark: self._filled(page, mark[1]), text)

    def _filled(self, page: str, path: str) -> str:
        entries = [self._list()] if path == NAMES else self._entries(page, path)
        return "\n\n".join([f"<!-- reference: {path} -->", *entries, "<!-- /reference -->"])

    def _entries(self, page: str, path: str) -> list[str]:
        entries = [self._linked(page, "", self._library.introduction(path))]
        for thing in self._library.defined_in(path):
            linked = partial(self._linked, page, self._library.names[thing.path])
            entries.append(str(Entry(thing, self._library, linked)))
        return list(filter(None, entries))

    def _linked(self, page: str, own: str, text: str) -> str:
        """Return a text in which the names that a page shows are links."""

        def link(mention: re.Match[str]) -> str:
            name = mention[1] or mention[2]
            is_word = name.isalpha() and name.islower()  # more likely a parameter
            if name == own or name not in self._links or is_word:
                return mention[0]
            return f"[`{name}`]({self._links[name].removeprefix(page)})"

        lines = text.splitlines()
        return "\n".join(x if x.startswith("    ") else MENTION.sub(link, x) for x in lines)

    def _list(self) -> str:
        """Return the names of each page."""
        exported = {self._library.names[path] for path in self._library.exported}
        names = {name: link for name, link in self._links.items() if name in exported}
        rows = ["| Page | Names |", "| --- | --- |"]
        for page, title in self._titles.items():
            own = [f"[`{n}`]({to})" for n, to in sorted(names.items()) if to.startswith(f"{page}#")]
            if own:
                rows.append(f"| [{title}]({page}) | {', '.join(own)} |")
        return "\n".join(rows)


def slug(title: str) -> str:
    """Return the anchor of a heading, as GitHub and Markdown converters create it."""
    return re.sub(r"[^\w-]", "", title.lower().replace(" ", "-"))
