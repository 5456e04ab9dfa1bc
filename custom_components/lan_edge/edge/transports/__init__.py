"""The ways to talk to a device, one file each."""

from .base import Link, Options, Transport
from .http import Http, HttpOptions
from .json_rpc import JsonRpc, JsonRpcOptions, RpcMessage
from .lines import Lines, LinesOptions
from .upnp import Upnp, UpnpOptions

__all__ = [
    "Http",
    "HttpOptions",
    "JsonRpc",
    "JsonRpcOptions",
    "Lines",
    "LinesOptions",
    "Link",
    "Options",
    "RpcMessage",
    "Transport",
    "Upnp",
    "UpnpOptions",
]
