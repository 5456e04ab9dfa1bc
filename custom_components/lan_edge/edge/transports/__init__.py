"""The ways to talk to a device."""

from .base import Options, Transport
from .http.http import Http
from .http.login import Login
from .http.options import HttpOptions
from .http.sse import Sse, SseOptions
from .messages.codec import Codec, JsonCodec, PlainCodec
from .messages.framing import EscapedFramer, FixedFramer, Framer, LengthFramer
from .tcp.byte_stream import Stream, StreamOptions
from .tcp.frame_requests import FrameRequests
from .tcp.frames import Frames, FramesOptions
from .tcp.json_rpc import JsonRpc, JsonRpcOptions
from .tcp.lines import Lines, LinesOptions
from .tcp.standing import Standing
from .udp.udp import Udp, UdpOptions
from .upnp.upnp import Upnp, UpnpOptions
from .websocket.websocket import WebSocket, WebSocketOptions

__all__ = [
    "Codec",
    "EscapedFramer",
    "FixedFramer",
    "FrameRequests",
    "Framer",
    "Frames",
    "FramesOptions",
    "Http",
    "HttpOptions",
    "JsonCodec",
    "JsonRpc",
    "JsonRpcOptions",
    "LengthFramer",
    "Lines",
    "LinesOptions",
    "Login",
    "Options",
    "PlainCodec",
    "Sse",
    "SseOptions",
    "Standing",
    "Stream",
    "StreamOptions",
    "Transport",
    "Udp",
    "UdpOptions",
    "Upnp",
    "UpnpOptions",
    "WebSocket",
    "WebSocketOptions",
]
