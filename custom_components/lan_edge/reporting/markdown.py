"""What strangers say, made safe to be shown.

Home Assistant takes the words of a dialog for Markdown, in which a name may be a link, or a
picture that is fetched.
"""

import re

LONGEST = 500
"""Characters that are shown."""
GAP = "\u200b"
"""Nothing to be seen, and the end of what would be taken for an address."""


def plain(text: str) -> str:
    """Return a text with nothing in it that would be shown as anything but text."""
    text = re.sub(r"[\s\x00-\x1f]+", " ", text[:LONGEST]).strip()
    text = text.translate(str.maketrans("[]<>`|", "()()'/"))
    return re.sub(r"(?i)(:)(?=//)|(www)(?=\.)|(@)", rf"\g<0>{GAP}", text)


def shown(**words: str) -> dict[str, str]:
    """Return the words of a dialog, each made plain."""
    return {name: plain(text) for name, text in words.items()}
