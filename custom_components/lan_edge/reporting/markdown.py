"""Texts from the network, made safe for dialogs.

Home Assistant renders a dialog's texts as Markdown, in which the name of a device could become a
link or an image that the browser fetches.
"""

import re

MAX_LENGTH = 500
"""Characters of a text that are displayed."""
ZERO_WIDTH_SPACE = "\u200b"
MIN_FENCE = 3
"""The least backticks that begin a block of code."""
INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Letters without a shape, which count as printable."""

MARKUP = re.compile(
    r":(?=//)|www\.|@|_(?=_*(?!\w))|^[#=+-](?=[#=+-]*(?: |$))|^\d+[.)](?= )", re.IGNORECASE
)
"""What makes a link, emphasis, a heading or a list of a text, by its last character."""
WIDE = 0xFEE0
"""Between a character of ASCII and its wide form, which looks like it and means nothing."""


def as_plain_text(text: str) -> str:
    """Return one line without anything invisible, such as what reverses the direction."""
    text = text[:MAX_LENGTH].replace(ZERO_WIDTH_SPACE, "")
    text = "".join(c if c.isprintable() and c not in INVISIBLE else " " for c in text)
    return " ".join(text.split())


def as_plain_markdown(text: str) -> str:
    """Return one line of Markdown that renders as plain text: no link, image, emphasis or HTML."""
    text = as_plain_text(text).translate(str.maketrans("[]<>`|*~", "()()'/\u2217\u223c"))
    return MARKUP.sub(lambda found: found[0][:-1] + chr(ord(found[0][-1]) + WIDE), text)


def as_name(text: str) -> str:
    """Return the name of a file as one line of Markdown from which it can be copied."""
    return text if as_plain_markdown(text) == text else as_code(text)


def as_code(text: str) -> str:
    """Return one line of Markdown that renders as a code span: what is copied is the text itself.

    Its delimiter is longer than any run of backticks in it (CommonMark, "Code spans").
    """
    text = as_plain_text(text)
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {text} {fence}" if longest else f"{fence}{text}{fence}"


def as_code_block(text: str, limit: int = 4000) -> str:
    """Return a text of several lines as a block of code, cut to so many characters.

    Its delimiter is longer than any run of backticks in it (CommonMark, "Fenced code blocks").
    """
    shown = text[:limit] + ("\n..." if len(text) > limit else "")
    lines = shown.replace("\r", "").replace("\t", "    ").split("\n")
    plain = "\n".join("".join(_visible(c) for c in line) for line in lines)
    fence = "`" * (max(map(len, re.findall("`+", plain)), default=2) + 1)
    fence = fence if len(fence) >= MIN_FENCE else "`" * MIN_FENCE
    return f"{fence}text\n{plain}\n{fence}"


def _visible(character: str) -> str:
    is_shown = character.isprintable() and character not in INVISIBLE
    return character if is_shown else "\N{REPLACEMENT CHARACTER}"


def placeholders(**texts: str) -> dict[str, str]:
    """Return the placeholders of a dialog, each as plain Markdown.

    A `reason` stays as it is: it is for the texts of errors, which are not rendered as Markdown.
    """
    return {
        name: as_plain_text(text) if name == "reason" else as_plain_markdown(text)
        for name, text in texts.items()
    }
