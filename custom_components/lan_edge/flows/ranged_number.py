"""The field for a number, whose error gives the range."""

from typing import Any, override

from homeassistant.helpers.selector import NumberSelector, NumberSelectorConfig, NumberSelectorMode

from ..vol import Invalid


class RangedNumberSelector(NumberSelector):
    """A box for a number; Home Assistant's own only says that a number is too large or small."""

    def __init__(self, config: NumberSelectorConfig) -> None:
        """Show a box."""
        super().__init__({"mode": NumberSelectorMode.BOX, **config})

    @override
    def __call__(self, data: Any) -> float:
        """Return the number; raise Invalid with the range."""
        try:
            return super().__call__(data)
        except Invalid:
            raise Invalid(f"{data} is not a number{self._range}") from None

    @property
    def _range(self) -> str:
        low, high = (self.config.get(limit) for limit in ("min", "max"))
        if low is not None and high is not None:
            return f" from {low:.12g} to {high:.12g}"
        if low is not None:
            return f" of at least {low:.12g}"
        return "" if high is None else f" of at most {high:.12g}"
