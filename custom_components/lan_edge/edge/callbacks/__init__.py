"""The hub as a server: one port on which devices call it.

device ── HTTP, datagram, WebSocket ──► Server ── for whom? ──► Listener
                                                                    │
driver ◄── on_callback, on_message ── Session ◄── CallbackRegistration
"""

from .listener import Listener, ListenerSettings
from .reporting import Reporting
from .request import CallbackRequest

__all__ = [
    "CallbackRequest",
    "Listener",
    "ListenerSettings",
    "Reporting",
]
