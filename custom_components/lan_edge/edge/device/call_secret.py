"""The secret in the URL at which a device reaches the hub by itself."""

import secrets

from .core import DeviceCore


def secret_of(core: DeviceCore) -> str:
    """Return the secret of a device, which is kept over restarts; it is made if there is none."""
    record = core.record
    record.call_token = record.call_token or secrets.token_urlsafe(16)
    return record.call_token
