"""The text of the worded switch, for each way by which it talks."""

from typing import Any

from lan_edge import Driver
from tests.emulators.worded_switch import PASSWORD, USER

from .described import compiled

OPTIONS = {
    "lines": "{port: 7000, timeout: 0.3}",
    "frames": "{port: 7000, framer: {size: 2}, messages: text, timeout: 0.3}",
    "websocket": "{messages: text, timeout: 0.3}",
    "udp": "{port: 7000, messages: text, timeout: 0.3}",
    "calls by websocket": "{messages: text, timeout: 0.3}",
    "calls by lines": "{messages: text, timeout: 0.3}",
}
TEXT = """\
description: 1
id: worded_switch
name: Worded switch
found_by: FOUND_BY
talks: TALKS
options: OPTIONS
requests:
  id: {text: "ID?"}
  state: {text: "STATE?"}
messages:
  id: {pattern: 'ID (?P<id>.{1,20})'}
  state: {pattern: 'STATE (?P<state>on|off)'}
  done: {pattern: OK}
refused: {pattern: 'ERROR (.{1,40})'}
identity: {from: id, group: id}
components:
  main:
    switch:
      switch: {from: state, group: state, map: {"on": true, "off": false}}
      "on": {text: "ON", answered: done}
      "off": {text: "OFF", answered: done}
"""
LOGIN = """\
parameters:
  user: {}
  password: {kind: secret}
login:
  send: {text: "LOGIN {user} {password}", answered: welcome}
  refused: {pattern: 'DENIED (.{1,40})'}
"""
KEEP = 'connected: {text: "KEEP {callback_url}", answered: done}\n'
CALLS = "[{calls: worded}]"
ANNOUNCED = '[{mdns: _worded._tcp.local., unique_id: "{txt[id]}"}]'
CREDENTIALS = {"user": USER, "password": PASSWORD}
"""The settings with which it lets in."""


def text_for(way: str, *, has_login: bool = False) -> str:
    """Return the text of the switch by one of the ways to talk."""
    calls = way.startswith("calls")
    found = (
        "[{calls: worded}]" if calls else "[{mdns: _worded._tcp.local., unique_id: '{txt[id]}'}]"
    )
    text = TEXT.replace("FOUND_BY", found).replace("TALKS", "inbound" if calls else way)
    text = text.replace("OPTIONS", OPTIONS[way])
    if has_login:
        head, _, rest = text.partition("requests:")
        text = f"{head}{LOGIN}requests:{rest}".replace(
            "  done:", "  welcome: {pattern: WELCOME}\n  done:"
        )
    if way == "udp":  # a push may be lost, as when the switch has restarted and knows nobody
        text = text.replace("requests:", "poll: 7\nrequests:", 1)
    if calls:
        text = text.replace("requests:", f"{KEEP}requests:", 1)
    return text.replace("{text:", "{line:") if way == "lines" else text


def worded(way: str, *, has_login: bool = False) -> type[Driver[Any]]:
    """Return the driver of that text."""
    return compiled(text_for(way, has_login=has_login))
