"""A text that is changed where its values change; the rest of it stays, comments too."""

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

import yaml

from .places import DescriptionError
from .text import LOADER, text_of, values_of

__all__ = ["rewritten"]


class _Edit(NamedTuple):
    """A part of a text, from `start` to `end`, and what it becomes."""

    start: int
    end: int
    new: str


def rewritten(text: str, values: dict[str, Any]) -> str:
    """Return a text with other values; raise DescriptionError if it is no YAML.

    What it has in lines of its own, such as `requests` and each of them, is written anew only if
    its value is another. Where that cannot be done, all is written anew, without comments.
    """
    old, _ = values_of(text)
    root = yaml.compose(text, Loader=LOADER) if isinstance(old, dict) else None
    if isinstance(root, yaml.MappingNode) and not root.flow_style:
        edits = sorted(_edits(text, root, cast("dict[str, Any]", old), values))
        changed = _applied(text, edits)
        if _is_right(changed, values):
            return changed
    return text_of(values)


def _is_right(text: str, values: dict[str, Any]) -> bool:
    try:
        made, _ = values_of(text)
    except DescriptionError:
        return False
    return bool(made == values)


def _applied(text: str, edits: list[_Edit]) -> str:
    parts, done = list[str](), 0
    for start, end, new in edits:
        parts += text[done:start], new
        done = end
    return "".join([*parts, text[done:]])


def _edits(
    text: str, node: yaml.MappingNode, old: dict[str, Any], new: dict[str, Any]
) -> Iterator[_Edit]:
    """Yield what changes in a mapping that has each field in a line of its own."""
    last = 0
    for key_node, value_node in node.value:
        key, end = key_node.value, _content_end(value_node)
        start, column = key_node.start_mark.index, key_node.start_mark.column
        if key not in new:
            yield _Edit(start - column, min(_line_end(text, end) + 1, len(text)), "")
            continue
        last = end
        if new[key] == old[key] and type(new[key]) is type(old[key]):
            continue
        elif _is_block(value_node) and _have_common_fields(new[key], old[key]):
            yield from _edits(text, value_node, old[key], new[key])
        else:
            yield _Edit(start, end, _written(key, new[key], column))
    if added := [key for key in new if key not in old]:
        column = node.value[0][0].start_mark.column
        lines = (f"\n{' ' * column}{_written(key, new[key], column)}" for key in added)
        at = _line_end(text, last)
        yield _Edit(at, at, "".join(lines))


def _is_block(node: Any) -> bool:
    return isinstance(node, yaml.MappingNode) and not node.flow_style and bool(node.value)


def _have_common_fields(one: Any, other: Any) -> bool:
    return isinstance(one, dict) and isinstance(other, dict) and bool(one.keys() & other.keys())


def _written(key: str, value: Any, column: int) -> str:
    """Return a field as YAML; its further lines begin below its key or deeper."""
    other = "b" if key == "a" else "a"
    written = text_of({key: value, other: {}})  # alone, it might be written in braces
    lines = written.removesuffix(f"{other}: {{}}\n").rstrip("\n").split("\n")
    return "\n".join([lines[0], *(f"{' ' * column}{line}" if line else "" for line in lines[1:])])


def _content_end(node: Any) -> int:
    """Return where a value ends: before the comments and empty lines after it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _content_end(last[1] if isinstance(last, tuple) else last)
    end: int = node.end_mark.index
    return end


def _line_end(text: str, index: int) -> int:
    end = text.find("\n", index)
    return len(text) if end < 0 else end
