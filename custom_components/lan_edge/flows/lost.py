"""What devices lose if their description is changed, as their owner knows it."""

from collections.abc import Iterator

from homeassistant.core import HomeAssistant

from lan_edge import Description

from ..description_files.changed import lost_with, used_before
from ..reporting.markdown import as_code, as_plain_markdown
from .preview import PreviewedEntity, async_grouped, async_previewed

MAX_LOST = 20
"""Names that are displayed."""


async def async_lost(hass: HomeAssistant, description: Description) -> str:
    """Return the names of the entities that the devices lose, then what they lose beside.

    It is empty if they lose nothing. Raises DescriptionError.
    """
    if (former := used_before(hass, description)) is None:
        return ""
    left = {(each.platform, each.key) for each in await async_previewed(hass, description)}
    before = await async_previewed(hass, former)
    gone = [each for each in before if (each.platform, each.key) not in left]
    titles = {each.platform: former.name for each in gone}
    groups = await async_grouped(hass, gone, titles)
    names = [as_plain_markdown(name) for names in groups.values() for name in names]
    shown = [*names, *map(as_code, _others(lost_with(hass, description), gone))]
    more = [f"… (+{len(shown) - MAX_LOST})"] if len(shown) > MAX_LOST else []
    return ", ".join([*shown[:MAX_LOST], *more])


def _others(members: tuple[str, ...], gone: list[PreviewedEntity]) -> Iterator[str]:
    """Yield what belongs to no entity that is gone, such as the brightness of a light."""
    covered = {place for entity in gone for place in entity.members}
    for member in members:
        if member not in covered and member.rpartition(".")[0] not in covered:
            yield member
