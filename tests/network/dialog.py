"""The dialog in which a device is described, filled in by the API that the browser uses."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.real.client import FLOW, Client, Json


class Dialog:
    """A walk through its steps; what a form has in it already stays as it is."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.step: Json = {}
        """The step that is shown."""

    async def begin(self, *options: str) -> None:
        """Add an integration, and choose from one menu after another."""
        self.step = await self._client.request("POST", FLOW, {"handler": "lan_edge"})
        for option in options:
            await self.choose(option)

    async def choose(self, option: str) -> None:
        """Choose from a menu."""
        assert self.step["type"] == "menu", self.step
        assert option in self.step["menu_options"], self.step
        await self._go_on({"next_step_id": option})

    async def fill(self, step: str, **given: Any) -> None:
        """Fill in the form of a step, which is accepted."""
        await self.enter(step, **given)
        assert not self.step.get("errors"), self.step

    async def enter(self, step: str, **given: Any) -> None:
        """Fill in the form of a step, whatever comes of it."""
        self._is_at(step)
        await self._go_on(merged(shown_in(self.step["data_schema"]), given))

    async def refused(self, step: str, **given: Any) -> Json:
        """Fill in a form wrongly; return what is said of it."""
        await self.enter(step, **given)
        self._is_at(step)
        errors: Json = self.step["errors"]
        return errors

    def option(self, field: str, beginning: str) -> str:
        """Return the value of the only thing to pick in a field whose label begins so."""
        [found] = [each for each in self.step["data_schema"] if each["name"] == field]
        options = [
            each if isinstance(each, dict) else {"value": each, "label": each}
            for each in found["selector"]["select"]["options"]
        ]
        values = [each["value"] for each in options if each["label"].startswith(beginning)]
        assert len(values) == 1, options
        return str(values[0])

    def _is_at(self, step: str) -> None:
        assert (self.step["type"], self.step["step_id"]) == ("form", step), self.step

    async def _go_on(self, given: Json) -> None:
        self.step = await self._client.wait_out_flow(self.step["flow_id"], given)


def shown_in(fields: Iterable[Mapping[str, Any]]) -> Json:
    """Return what a form has in it, section by section, as the browser sends it."""
    made: Json = {}
    for each in fields:
        if each.get("type") == "expandable":
            made[each["name"]] = shown_in(each["schema"])
            continue
        value = (each.get("description") or {}).get("suggested_value", each.get("default"))
        if value not in (None, ""):
            made[each["name"]] = value
    return made


def merged(shown: Mapping[str, Any], given: Mapping[str, Any]) -> Json:
    """Return what a form has in it with what was entered, section by section."""
    return {**shown} | {
        key: merged(shown.get(key, {}), value) if isinstance(value, dict) else value
        for key, value in given.items()
    }
