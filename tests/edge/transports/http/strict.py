"""HTTP answers, read as the RFC has them (RFC 9112) and in no other way."""

import re

_HEAD = re.compile(rb"HTTP/1\.1 [1-9][0-9]{2} [^\n]*\r\n(?:[^\s:]+: [^\n]*\r\n)*\r\n")
_LENGTH = re.compile(rb"\r\nContent-Length: ([0-9]+)\r\n")
_CHUNK = re.compile(rb"([0-9a-f]+)\r\n")


def strictly_read(data: bytes, is_spoiled: bool = False) -> tuple[bytes, bytes, bool, bool]:
    """Return the head, the body, whether it is whole, and whether there was more."""
    if (head := _HEAD.match(data)) is None:
        return b"", data, False, is_spoiled
    body = data[head.end() :]
    if b"\r\nTransfer-Encoding: chunked\r\n" in head[0]:
        return (head[0], *_from_chunks(body), is_spoiled)
    length = _LENGTH.search(head[0])
    return head[0], body, length is None or len(body) == int(length[1]), is_spoiled


def _from_chunks(data: bytes) -> tuple[bytes, bool]:
    body = b""
    while chunk := _CHUNK.match(data):
        begin, size = chunk.end(), int(chunk[1], 16)
        if not size:
            return body, data[begin:] == b"\r\n"
        body += data[begin : begin + size]
        if data[begin + size : begin + size + 2] != b"\r\n":
            return body, False
        data = data[begin + size + 2 :]
    return body, False
