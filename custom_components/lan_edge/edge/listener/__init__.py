"""The hub as a server: one port on which all devices that call the hub reach it.

device ── HTTP, datagram, WebSocket ──► Server ── whose is it? ──► Listener
                                                                      │
driver ◄── on_callback, on_message ── Device ◄── Guest ── Callback ◄──┘
"""

from .callback import Callback, Guest
from .listener import PORT, Listener, ListenerSettings
from .request import CallbackRequest
from .routes import source_towards

__all__ = [
    "PORT",
    "Callback",
    "CallbackRequest",
    "Guest",
    "Listener",
    "ListenerSettings",
    "source_towards",
]
