"""The ways to talk to a device, one file each."""

from .base import Link, Options, Transport
from .codec import Codec, JsonCodec, PlainCodec
from .datagrams import Datagrams, Receiver
from .event_stream import SseEvent
from .frame_requests import FrameRequests
from .frames import Frames, FramesOptions
from .http import Http, HttpOptions
from .http_login import Login
from .json_rpc import JsonRpc, JsonRpcOptions, RpcMessage
from .lines import Lines, LinesOptions
from .sse import Sse, SseOptions
from .udp import Udp, UdpOptions
from .upnp import Upnp, UpnpOptions
from .upnp_events import UpnpEvent
from .websocket import WebSocket, WebSocketOptions

__all__ = [
    "Codec",
    "Datagrams",
    "FrameRequests",
    "Frames",
    "FramesOptions",
    "Http",
    "HttpOptions",
    "JsonCodec",
    "JsonRpc",
    "JsonRpcOptions",
    "Lines",
    "LinesOptions",
    "Link",
    "Login",
    "Options",
    "PlainCodec",
    "Receiver",
    "RpcMessage",
    "Sse",
    "SseEvent",
    "SseOptions",
    "Transport",
    "Udp",
    "UdpOptions",
    "Upnp",
    "UpnpEvent",
    "UpnpOptions",
    "WebSocket",
    "WebSocketOptions",
]
