"""The hub as a server: one port on which every device that calls the hub reaches it.

device ── HTTP, datagram, WebSocket ──► Server ── whose is it? ──► Listener
                                                                       │
driver ◄── on_callback, on_message ── Session ◄── CallbackRegistration ◄┘
"""

from .listener import Listener, ListenerSettings
from .request import CallbackRequest

__all__ = [
    "CallbackRequest",
    "Listener",
    "ListenerSettings",
]
