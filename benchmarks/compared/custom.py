"""The side that has a custom integration, from the folder of its repository."""

from collections.abc import Mapping, Sequence
import json
from pathlib import Path
from typing import Any, override

from tests.real.home_assistant import CONFIGURATION, HomeAssistant

from .family import Custom
from .placed import Placed
from .sides import Core

MOST = 60
"""Devices that a configuration lists."""


class CustomSide(Core):
    """Has a custom integration that owners use, and no LAN Edge."""

    @override
    def _install(self, custom: Path) -> None:
        there = Path(self.custom).resolve() / "custom_components" / self.domain
        (custom / self.domain).symlink_to(there)
        configuration = self.folder / CONFIGURATION.name
        own = self._facts.configuration(range(1, MOST + 1))
        configuration.write_text(f"{CONFIGURATION.read_text()}\n{own}")
        self.home_assistant = HomeAssistant(self.folder / "config", configuration=configuration)
        for name, data in self._facts.stored.items():
            file = self.folder / "config/.storage" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps({"version": 1, "key": name, "data": data}))

    @override
    async def _add(self, devices: Sequence[Placed]) -> None:
        if not self._facts.copied:
            await super()._add(devices)
            return
        await self._enter(devices[0])
        await self.stop()
        ids = self._copy_entry(devices)
        await self.start()
        for device, entry_id in zip(devices, ids, strict=True):
            await self._note(device, entry_id)

    def _copy_entry(self, devices: Sequence[Placed]) -> list[str]:
        """Copy the entry of the first device for the others; return the ids of all."""
        path = self.home_assistant.config / ".storage/core.config_entries"
        stored = json.loads(path.read_text())
        entries = stored["data"]["entries"]
        (own,) = (entry for entry in entries if entry["domain"] == self.domain)
        first, text = self._words(devices[0]), json.dumps(own)
        ids = [own["entry_id"]]
        for device in devices[1:]:
            copy = text
            for old, new in zip(first, self._words(device), strict=True):
                copy = copy.replace(json.dumps(old), json.dumps(new))
            ids.append(f"{own['entry_id'][:-2]}{device.number:02}")
            entries.append(json.loads(copy) | {"entry_id": ids[-1]})
        path.write_text(json.dumps(stored))
        return ids

    def _words(self, device: Placed) -> list[str]:
        """Return what the dialog is told of a device."""
        steps = self._facts.steps(device.number, device.host.address).values()
        return [str(each) for step in steps for each in step.values()]

    @override
    def _told_at(self, step: str, device: Placed) -> Mapping[str, Any]:
        return self._facts.steps(device.number, device.host.address)[step]

    @property
    def _facts(self) -> Custom:
        if not self.family.custom:
            raise TypeError(f"{self.family.title} has no custom integration")
        return self.family.custom
