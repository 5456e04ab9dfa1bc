"""Requests whose bodies are small as they are sent, and huge when they are unpacked."""

from base64 import b64decode
from compression import zstd
import gzip
import zlib

UNPACKED = 200 * 1024 * 1024
BROTLI = (
    "z///f/gnAOKxQCD3/p/////wTwDEYQGA7v0/////4Z8AiMMiAN37f/7//8M/ARCHBQC69//8//+HfwIgDgsAdO//+f//D/8E"
    "QBwWAOje//P//x/+CYA4LADQvf/n//8//BMAcVgAoHv/z///f/gnAOKwAED3/p/////wTwDEYQGA7v0/////4Z8AiMMCAN37"
    "f/7//8M/ARCHBQC69//5//+HfwIgDgsAdO//AA=="
)
"""UNPACKED zeros, which the standard library cannot pack so."""


def bombs(paths: list[str]) -> list[bytes]:
    """Return a POST to each path in each encoding."""
    zeros = bytes(UNPACKED)
    packed = {
        "gzip": gzip.compress(zeros),
        "deflate": zlib.compress(zeros, 9),
        "zstd": zstd.compress(zeros),
        "br": b64decode(BROTLI),
    }
    return [post(path, encoding, body) for path in paths for encoding, body in packed.items()]


def post(path: str, encoding: str, body: bytes) -> bytes:
    """Return a request with a body."""
    head = f"POST {path} HTTP/1.1\r\nHost: hub\r\nContent-Encoding: {encoding}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
