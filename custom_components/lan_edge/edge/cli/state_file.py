"""What is kept of devices between two calls, in a file that only its owner can read."""

from dataclasses import dataclass, field
import json
import os
from pathlib import Path
from typing import Any, Self

from ..device import Device, Record
from ..errors import EdgeError
from .exits import CallError

MAX_SIZE_OF_FILE = 4 * 1024 * 1024


@dataclass(slots=True)
class KeptDevice:
    """What is kept of one device: its record, and its tokens and passwords."""

    record: Record = field(default_factory=Record)
    secrets: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return what `StateFile` wrote; what makes no sense is left out."""
        secrets = data.get("secrets")
        kept = secrets.items() if isinstance(secrets, dict) else ()
        return cls(
            Record.from_dict(data["record"]) if isinstance(data.get("record"), dict) else Record(),
            {str(key): value for key, value in kept if isinstance(value, str)},
        )


class StateFile:
    """A file with what is kept of devices, by driver and address; without a path, nothing is."""

    def __init__(self, path: Path | None) -> None:
        """Read the file, if there is one; raise CallError if it is another kind of file."""
        self._path = path
        self._devices: dict[str, Any] = {}
        if path is not None and path.exists():
            self._devices = _read(path)

    def load(self, key: str) -> KeptDevice:
        """Return what is kept of a device."""
        known = self._devices.get(key)
        return KeptDevice.from_json(known) if isinstance(known, dict) else KeptDevice()

    def save(self, key: str, device: Device) -> None:
        """Keep a device as it is now. The file is complete at any time, and private from the start.

        Raises EdgeError if it cannot be written.
        """
        if self._path is None:
            return
        kept = {"record": device.record.as_dict(), "secrets": dict(device.secrets)}
        self._devices[key] = kept
        new = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123  # it is open
                json.dump({"lan_edge": 1, "devices": self._devices}, file, indent=2)
            new.replace(self._path)
        except OSError as err:
            new.unlink(missing_ok=True)
            raise EdgeError(f"{self._path} cannot be written: {err.strerror}") from err


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open(encoding="utf-8") as file:
            data = json.loads(file.read(MAX_SIZE_OF_FILE))
    except (OSError, ValueError) as err:
        raise CallError(f"{path} cannot be read as a file of devices: {err}") from None
    devices = data.get("devices") if isinstance(data, dict) and "lan_edge" in data else None
    if not isinstance(devices, dict):
        raise CallError(f"{path} is not a file of devices: choose another for --state")
    return devices
