"""One bit of a number, as devices put several flags into one."""

from ...errors import ReplyError
from ...sentences import said
from .conversion import Convert
from .fitted import number_of
from .received import Raw


def bit_of(bit: int | None) -> Convert | None:
    """Return what takes a bit out of a number, 0 the lowest; None: the number is meant.

    What is made raises ReplyError for what is no whole number, or is below 0.
    """
    if bit is None:
        return None

    def convert(value: Raw, name: str) -> bool:
        number = number_of(value, name)
        if number < 0 or number != int(number):
            raise ReplyError(said(t"{name} is {number}, which has no bits"))
        return bool(int(number) >> bit & 1)

    return convert
