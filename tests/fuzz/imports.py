"""What owners paste: command lines, and the configuration of other programs."""

from lan_edge import Imported, import_curl, import_home_assistant, import_openapi, read_openapi
from tests.edge.declarative.importing.imported import assert_described
from tests.edge.declarative.importing.openapi_documents import BOILER, HEATER, STATION
from tests.edge.declarative.importing.test_home_assistant import COMMANDS, SENSORS, SWITCH

from .target import target


def usable(imported: Imported) -> None:
    """Each draft is a description, and notes are bounded."""
    assert imported.drafts
    assert len(imported.notes) <= 101
    assert_described(imported)


@target(
    "edge/declarative/importing/curl.py",
    "edge/declarative/importing/curl_command.py",
    "edge/declarative/importing/shell.py",
    "edge/declarative/importing/sendings.py",
    "edge/declarative/importing/urls.py",
    "edge/declarative/importing/credentials.py",
    "edge/declarative/importing/jq.py",
    "edge/declarative/importing/naming.py",
    "edge/declarative/importing/pasted.py",
    "edge/declarative/importing/places_to_fill.py",
    "edge/declarative/importing/forms.py",
    "edge/declarative/importing/request_names.py",
    "edge/declarative/importing/variables.py",
    "edge/declarative/importing/commands.py",
    "edge/declarative/importing/opposites.py",
    seeds=(
        b"curl -s http://10.0.0.5/status | jq -r '.meters[0].\"w\"' > x",
        b"curl -X POST -H 'Content-Type: application/json' -d '{\"on\":true}' http://a:b@h:81/x/on",
        b'curl ^"http://h/x?a=%TOKEN%^" ^\n -H ^"accept: */*^" --data-raw ^"^{^\\^"a^\\^":1^}^" -k',
        b'curl.exe -G `\n "http://$env:IP/x" -d a=1 -u u:p --digest -F b=2 -m 3; curl [::1]/off',
        b"x=$(curl -c j -d @- h/login <<E\nu=1\nE\n)\n# curl -b j h/x | jq '.a | .b, .c'",
        b"$ curl $'http://h/\\x41\\n' -b c=1 --next -X PUT h/y?k=1 -H 'Authorization: Basic YTpi'",
    ),
)
def curl_lines(data: bytes) -> None:
    """A command line becomes drafts that can be used, or a fault says why not."""
    usable(import_curl(data.decode(errors="replace")))


@target(
    "edge/declarative/importing/home_assistant/fields.py",
    "edge/declarative/importing/home_assistant/jinja_source.py",
    "edge/declarative/importing/home_assistant/value_template.py",
    "edge/declarative/importing/home_assistant/importing.py",
    "edge/declarative/importing/home_assistant/configuration.py",
    "edge/declarative/importing/home_assistant/entities.py",
    "edge/declarative/importing/home_assistant/plain_template.py",
    "edge/declarative/importing/home_assistant/text_variables.py",
    seeds=(SWITCH.encode(), SENSORS.encode(), COMMANDS.encode()),
)
def home_assistant_yaml(data: bytes) -> None:
    """A configuration becomes drafts that can be used, or a fault says why not."""
    usable(import_home_assistant(data.decode(errors="replace")))


@target(
    "edge/declarative/importing/openapi/source.py",
    "edge/declarative/importing/openapi/references.py",
    "edge/declarative/importing/openapi/units.py",
    "edge/declarative/importing/openapi/offered.py",
    "edge/declarative/importing/openapi/requests.py",
    "edge/declarative/importing/openapi/servers.py",
    seeds=(HEATER.encode(), BOILER.encode(), STATION.encode()),
)
def openapi_documents(data: bytes) -> None:
    """A document offers what becomes a draft that can be used, or a fault says why not."""
    text = data.decode(errors="replace")
    picked = [each.id for each in read_openapi(text).choices]
    usable(import_openapi(text, picked[:20]))
