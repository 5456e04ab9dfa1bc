"""Values in messages: short, and without what tells the reader nothing, such as an address."""

from reprlib import Repr
from types import BuiltinFunctionType, FunctionType
from typing import override


class BriefRepr(Repr):
    """Shows a function by its name, and an object that has no short repr by its class."""

    @override
    def repr_instance(self, x: object, level: int) -> str:
        """Return `len`, `a function` for one without a name, or `Mdns(...)`."""
        if isinstance(x, FunctionType | BuiltinFunctionType):
            return x.__name__ if x.__name__.isidentifier() else "a function"
        text = super().repr_instance(x, level)
        is_long = len(text) >= self.maxother or " at 0x" in text
        return f"{type(x).__name__}(...)" if is_long and not isinstance(x, bytes) else text
