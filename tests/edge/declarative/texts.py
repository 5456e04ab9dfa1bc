"""Texts of descriptions, and what they say."""

from lan_edge.declarative.load import read_description
from lan_edge.declarative.places import DescriptionError, Fault

CHARGER = """\
description: 1
id: go_e_charger
name: go-e Charger
products: [{manufacturer: go-e, model: Gemini}]
requirements: Switch on "Local HTTP API v2" in the go-e app.
parameters:
  token: {kind: secret, label: Access token, required: false}
settings:
  fade: {kind: number, default: 0.5, minimum: 0, maximum: 30, unit: s}
found_by:
  - {mdns: _go-e._tcp.local., unique_id: "{txt[serial]}"}
talks: http
options: {port: 80, timeout: 5}
pace: {gap: 0.5}
login: {bearer: "{token}"}
poll: 10
confirm: read
requests:
  status: {get: /api/status, query: {filter: "alw,amp"}}
  meter: {get: /meter, optional: true}
identity: {from: status, path: sse}
device: {model: {from: status, path: typ}, firmware: {from: status, path: fwv}}
components:
  main:
    switch:
      switch: {from: status, path: alw}
      on: {get: /api/set, query: {frc: 0}}
      off: {get: /api/set, query: {frc: 1}}
    switchLevel:
      level: {from: status, path: bri, scale: 0.5, round: 0}
      setLevel: {post: /api/set, json: {bri: "{level}"}}
    own:
      current:
        number: [6, 32]
        unit: A
        from: status
        path: amp
        set: {get: /api/set, query: {amp: "{value}"}}
      car: {choice: {1: idle, 2: charging}, from: status, path: car}
      reboot: {button: {get: /api/set, query: {rst: 1}}}
  outlet_1:
    name: Outlet 1
    child: true
    switch:
      switch: {from: status, path: out, map: {ON: true, OFF: false}}
      on: [{get: /out/1}, {get: /save, wait: 1}]
      off: {get: /out/0}
"""
RECEIVER = """\
description: 1
id: receiver
name: Receiver
talks: lines
options: {port: 60128, delimiter: "\\r\\n", greeting: "HELLO.*"}
connected: [{line: SUB ALL}]
requests:
  power: {line: "PWR?"}
messages:
  volume: {pattern: 'VOL(?P<volume>\\d{1,3})'}
  state: {when: {path: method}, equals: state}
refused: {pattern: "ERR (.*)"}
components:
  main:
    switch:
      switch: {from: power, map: {PWRON: true, PWROFF: false}}
      on: {line: PWRON}
      off: {line: PWROFF}
    audioVolume:
      volume: {from: volume, group: volume}
      setVolume: {line: "VOL{volume:03d}"}
      volumeUp: {line: VOL+}
      volumeDown: {line: VOL-}
"""
SENSOR = """\
description: 1
id: sensor
name: Sensor
talks: frames
options: {port: 4000, framer: {size: 2, start: "AA55"}}
requests:
  all: {bytes: 01 02}
components:
  main:
    temperatureMeasurement:
      temperature: {bytes: 2, type: i16be, scale: 0.1}
"""
NESTED = """\
description: 1
id: nested
name: Nested
talks: websocket
options: {key: {path: id}}
requests:
  status: {message: {id: "{number}", method: get}, within: result.status}
messages:
  status: {when: {path: method}, equals: changed, within: "params[0]"}
  restarted: {when: {path: method, pattern: ^restart}, refresh: true}
components:
  main:
    switch:
      switch: {from: status, path: relay.on}
      on: {message: {id: "{number}", method: set, params: {"on": true}}}
      off: {message: {id: "{number}", method: set, params: {"on": false}}}
"""
TEXTS = {"charger": CHARGER, "receiver": RECEIVER, "sensor": SENSOR, "nested": NESTED}


def faults_of(text: str) -> list[Fault]:
    """Return what is wrong in a text; at least one fault."""
    try:
        read_description(text)
    except DescriptionError as err:
        return list(err.faults)
    raise AssertionError("nothing is wrong")


def said(text: str) -> list[str]:
    """Return what is wrong in a text, each with its line and field."""
    return [f"{f.line}: {f.place} {f.reason}: {f.remedy}" for f in faults_of(text)]
