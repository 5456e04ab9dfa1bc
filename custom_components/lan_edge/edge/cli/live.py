"""Shows a device live: each change of its state and of its connection, as it happens."""

from collections.abc import Callable
from functools import partial
from typing import Any

from ..capabilities.definition import Attribute
from ..capabilities.profile import MAIN
from ..device import Device
from .output import Output, as_json

type Show = Callable[[str], None]


class LiveView:
    """Shows what changes about a device until `close`."""

    def __init__(self, device: Device, output: Output, show: Show) -> None:
        """Show the state of now, and then each change; `show` writes a line for people."""
        self._device = device
        self._output = output
        self._show = show
        self._unsubscribe: list[Callable[[], None]] = []
        self._is_available = device.available
        device.observer.on_profile = self._subscribe
        device.observer.on_available = self._on_available
        self.show_all()
        self._subscribe()

    def close(self) -> None:
        """Show nothing more."""
        self._device.observer.on_profile = self._device.observer.on_available = lambda: None
        while self._unsubscribe:
            self._unsubscribe.pop()()

    def show_all(self) -> None:
        """Show who the device is, and every value."""
        identity = self._device.identity
        name = identity.name or self._device.driver.name
        known = (name, identity.manufacturer, identity.model, identity.unique_id)
        who = ", ".join(filter(None, known))
        self._show(self._output.styled(who, "bold"))
        self._output.record(
            event="device", identity=identity, profile=self._device.profile.as_dict()
        )
        for component, attribute in self._attributes():
            self._show_value(component, attribute)

    def _attributes(self) -> list[tuple[str, Attribute[Any]]]:
        return [
            (name, attribute)
            for name, component in self._device.profile.components.items()
            for attribute in component.attributes
        ]

    def _subscribe(self) -> None:
        while self._unsubscribe:
            self._unsubscribe.pop()()
        for component, attribute in self._attributes():
            changed = partial(self._show_value, component, attribute)
            state = self._device.state
            self._unsubscribe.append(state.subscribe(attribute, component, changed))

    def _show_value(self, component: str, attribute: Attribute[Any]) -> None:
        value = self._device.state.get(attribute, component)
        name = attribute.id if component == MAIN else f"{component}.{attribute.id}"
        self._output.record(event="state", component=component, attribute=attribute.id, value=value)
        self._show(f"  {self._output.styled(name, 'cyan')} = {self._in_words(attribute, value)}")

    def _in_words(self, attribute: Attribute[Any], value: object) -> str:
        if value is None:
            return self._output.styled("unknown", "dim")
        if isinstance(value, bool) and attribute.words is not None:
            return self._output.styled(attribute.words[value], "green" if value else "yellow")
        unit = f" {attribute.unit}" if attribute.unit else ""
        shown = value if isinstance(value, str | int | float | tuple) else as_json(value)
        return self._output.styled(f"{shown}{unit}", "green")

    def _on_available(self) -> None:
        is_available, reason = self._device.available, self._device.connection.reason
        if is_available is self._is_available:
            return  # one of its components
        self._is_available = is_available
        address = self._device.connection.address
        self._output.record(
            event="available" if is_available else "unavailable",
            address=str(address),
            reason=str(reason) if reason else None,
        )
        text = f"available at {address}" if is_available else f"unavailable: {reason}"
        self._show(self._output.styled(text, "green" if is_available else "red"))
