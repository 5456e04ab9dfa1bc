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
    def from_json(cls, data: object) -> Self:
        """Return what `StateFile` wrote; what makes no sense is left out."""
        known: dict[str, Any] = data if isinstance(data, dict) else {}
        secrets, record = known.get("secrets"), known.get("record")
        kept = secrets.items() if isinstance(secrets, dict) else ()
        return cls(
            Record.from_dict(record) if isinstance(record, dict) else Record(),
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
        return KeptDevice.from_json(self._devices.get(key))

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
            return devices_in(file.read(MAX_SIZE_OF_FILE))
    except (OSError, ValueError) as err:
        raise CallError(f"{path} cannot be read: {err}") from None
    except CallError as err:
        raise CallError(f"{path} {err}: choose another for --state") from None


def devices_in(text: str) -> dict[str, Any]:
    """Return the devices in the text of a file; raise CallError if there are none in it."""
    try:
        data = json.loads(text)
    except ValueError, RecursionError:
        data = None
    devices = data.get("devices") if isinstance(data, dict) and "lan_edge" in data else None
    if not isinstance(devices, dict):
        raise CallError("is not a file of devices")
    return devices
