"""What would be unknown now by a draft: a value may be wrong, or the device may be off."""

from lan_edge import DescriptionDraft, DraftThing, said_in

from ..reporting.markdown import as_code, as_plain_markdown
from .noticed import READ_PARTS, async_noticed, async_unsent
from .session import DescribeSession
from .shown import label_of_thing


async def async_unknown_now(session: DescribeSession) -> str:
    """Return which values would be unknown by the answers at hand, as Markdown; empty if none."""
    draft, lines = session.open.draft, list[str]()
    for place, (kind, name) in draft.things.items():
        shown = as_plain_markdown(label_of_thing(place, kind, name, session.kind_words))
        lines += [
            f"- {shown}: {reason}" for reason in await _async_reasons(session, draft.thing(place))
        ]
    if not lines:
        return ""
    words = await session.words("unknown_now")
    return "\n".join([words["before"], "", *lines])


async def _async_reasons(session: DescribeSession, thing: DraftThing) -> list[str]:
    """Return why values of a thing would be unknown now."""
    reasons = list[str]()
    for part in READ_PARTS if thing.kind.is_read else ():
        place = DescriptionDraft.place_of(getattr(thing, part))
        if unsent := await async_unsent(session, place):
            words = await session.words("unknown_now")
            reasons.append(words["not_sent"].replace("{value}", as_code(unsent)))
    for each in (await async_noticed(session, thing)).values():
        if each.problem:
            reasons.append(as_plain_markdown(said_in(each.problem, session.patterns)))
    return reasons
