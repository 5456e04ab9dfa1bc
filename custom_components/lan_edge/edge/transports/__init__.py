"""The ways to talk to a device: a package for each kind of connection, `messages` for all."""

from .base import Options, Transport
from .http.http import Http
from .http.login import HttpSession, Login
from .http.options import HttpOptions
from .http.sse import Sse, SseOptions
from .inbound.inbound import Inbound, InboundOptions
from .messages.codec import Codec, JsonCodec, PlainCodec, TextCodec
from .messages.framing import EscapedFramer, FixedFramer, Framer, LengthFramer
from .messages.http_framing import HttpCodec, HttpFramer, HttpMessage
from .messages.varint import VarintFramer, read_varint, varint
from .pace import Pace
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
    "HttpCodec",
    "HttpFramer",
    "HttpMessage",
    "HttpOptions",
    "HttpSession",
    "Inbound",
    "InboundOptions",
    "JsonCodec",
    "JsonRpc",
    "JsonRpcOptions",
    "LengthFramer",
    "Lines",
    "LinesOptions",
    "Login",
    "Options",
    "Pace",
    "PlainCodec",
    "Sse",
    "SseOptions",
    "Standing",
    "Stream",
    "StreamOptions",
    "TextCodec",
    "Transport",
    "Udp",
    "UdpOptions",
    "Upnp",
    "UpnpOptions",
    "VarintFramer",
    "WebSocket",
    "WebSocketOptions",
    "read_varint",
    "varint",
]
