"""What a description gives its owner, asks for and sends, as it is shown before it is kept."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from lan_edge import MAIN, Description, Traffic, traffic_of

from ..const import DOMAIN
from ..description_files.changed import replaced_by
from ..description_files.listed import users_of, whole_label_of
from ..entities.names import in_words
from ..reporting.language import async_language
from ..reporting.markdown import as_code, as_plain_markdown
from .lost import async_lost
from .preview import async_grouped, async_previewed

MAX_REQUESTS = 40
"""Requests of one kind that are displayed."""
MAX_IN_SIGHT = 8
"""Rows of commands that are in sight: the choices are below them."""
MAX_ENTITIES = 60
"""Entities of one kind that are displayed."""
OWN_PART = "own"
"""The part of a component for which there is no capability."""
CARRIERS = {
    "http": "HTTP",
    "sse": "HTTP",
    "websocket": "WebSocket",
    "json_rpc": "JSON-RPC",
    "lines": "TCP",
    "frames": "TCP",
    "udp": "UDP",
    "inbound": "TCP",
}
"""What the transports are called; a family of points has its own name."""

type Words = Mapping[str, str]
"""What is said of a description in the user's language, by key."""


async def async_review(
    hass: HomeAssistant, description: Description, path: str, url: str
) -> dict[str, str]:
    """Return what a description does, as the placeholders of a dialog; raise DescriptionError.

    It would be in the file at a path, and was fetched from a URL, if there is one.
    """
    words = await _async_words(hass)
    traffic = await hass.async_add_executor_job(traffic_of, description)
    port = f", {words['port'].replace('{what}', str(traffic.port))}" if traffic.port else ""
    asked = ", ".join(_parameters(description, traffic.secrets, words))
    about = {
        **_about(hass, description, path, url),
        "asked": as_plain_markdown(asked),
        "lost": await async_lost(hass, description),
    }
    label = whole_label_of(description.name, [each.label for each in description.products])
    return {
        "name": as_plain_markdown(label),
        "about": "\n".join(
            words[key].replace("{what}", what) for key, what in about.items() if what
        ),
        "entities": await _async_entities(hass, description),
        "transport": f"{CARRIERS.get(traffic.talks, traffic.talks)}{port}",
        "sent": "\n\n".join(_sent(description, traffic, words)),
    }


async def _async_words(hass: HomeAssistant) -> dict[str, str]:
    language = await async_language(hass)
    texts = await async_get_translations(hass, language, "selector", [DOMAIN])
    prefix = f"component.{DOMAIN}.selector.review.options."
    return {k.removeprefix(prefix): v for k, v in texts.items() if k.startswith(prefix)}


def _about(hass: HomeAssistant, description: Description, path: str, url: str) -> dict[str, str]:
    """Return where it is from, what it needs, and what it replaces, by what is said of that."""
    return {
        "fetched": as_code(url) if url else "",
        "source": as_code(description.source) if description.source else "",
        "requirements": as_plain_markdown(description.requirements),
        "asked": "",  # in this order
        "replaces": as_plain_markdown(replaced_by(hass, description, path)),
        "used": as_plain_markdown(", ".join(users_of(hass, description.id))),
    }


def _parameters(description: Description, secrets: Collection[str], words: Words) -> Iterator[str]:
    """Yield what is asked for when a device is added; a secret is marked as such."""
    for key, each in description.parameters.items():
        if each.asked:
            secret = f" ({words['secret']})" if key in secrets else ""
            yield f"{each.label or in_words(key.replace('_', ' '))}{secret}"


async def _async_entities(hass: HomeAssistant, description: Description) -> str:
    """Return the entities of a device by what they are, as a list in Markdown."""
    entities = await async_previewed(hass, description)
    titles = {each.platform: description.name for each in entities}
    groups = await async_grouped(hass, entities, titles)
    language = await async_language(hass)
    texts = await async_get_translations(hass, language, "config", [DOMAIN])
    prefix = f"component.{DOMAIN}.config.step.describe_finish.sections."
    return "\n".join(
        f"- {texts[f'{prefix}{group}.name']}: " + _enumerated(names, MAX_ENTITIES)
        for group, names in groups.items()
    )


def _enumerated(names: list[str], most: int) -> str:
    more = [f"… (+{len(names) - most})"] if len(names) > most else []
    return ", ".join([*map(as_plain_markdown, names[:most]), *more])


def _sent(description: Description, traffic: Traffic, words: Words) -> Iterator[str]:
    """Yield all that is sent, by when that is."""
    polled = words["polled"].replace("{seconds}", f"{traffic.poll:g}") if traffic.poll else ""
    for said, requests in (
        (words["login"], traffic.login),
        (words["connected"], traffic.connected),
        (words["identifying"], traffic.identifying),
        (polled or words["read"], traffic.read),
    ):
        if requests:
            yield f"{said}\n{_list(map(as_code, requests))}"
    rows = list(_commands(description, traffic, words["device"]))
    if rows and len(rows) <= MAX_IN_SIGHT:
        yield f"{words['commands']}\n{_list(rows)}"
    elif rows:
        shown = f"<summary>{words['commands']}</summary>\n\n{_list(rows)}"
        yield f"<details>{shown}\n\n</details>"


def _list(rows: Iterable[str]) -> str:
    shown = list(rows)
    more = [f"… (+{len(shown) - MAX_REQUESTS})"] if len(shown) > MAX_REQUESTS else []
    return "\n".join(f"- {each}" for each in [*shown[:MAX_REQUESTS], *more])


def _commands(description: Description, traffic: Traffic, device: str) -> Iterator[str]:
    """Yield what is sent for the commands of each part of a device."""
    parts = dict[str, list[str]]()
    for place, request in traffic.commands:
        parts.setdefault(_part(description, place) or device, []).append(as_code(request))
    for name, requests in parts.items():
        yield f"{as_plain_markdown(name)}: {', '.join(requests)}"


def _part(description: Description, place: str) -> str:
    """Return the name of what a command belongs to; nothing for the device itself."""
    id_, capability, key, *_ = place.split(".")
    component = description.components[id_]
    if capability == OWN_PART:
        return component.own[key].name or in_words(key)
    return "" if id_ == MAIN else component.name or in_words(id_.replace("_", " "))
