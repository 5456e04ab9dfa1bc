"""SOAP as a small UPnP device speaks it: actions with texts for arguments, and faults."""

import re

from .http_messages import Answer, Request

XML = {"Content-Type": 'text/xml; charset="utf-8"'}


def soap_action(request: Request) -> str:
    """Return the service and action that a request is for, a # between them."""
    return request.headers.get("soapaction", "").strip('"')


def arguments_of(request: Request) -> dict[str, str]:
    """Return an action's arguments."""
    text = request.body.decode(errors="replace")
    return dict(re.findall(r"<(\w+)>([^<]*)</\1>", text))


def envelope(body: str) -> bytes:
    """Return an answer's body."""
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
        's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">'
        f"<s:Body>\n{body}\r\n</s:Body> </s:Envelope>"
    ).encode()


def fault(code: int, words: str) -> Answer:
    """Return the answer that refuses an action."""
    body = (
        "<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail>"
        f'<UPnPError xmlns="urn:schemas-upnp-org:control-1-0"><errorCode>{code}</errorCode>'
        f"<errorDescription>{words}</errorDescription></UPnPError></detail></s:Fault>"
    )
    return Answer(500, envelope(body), XML)
