"""How often a device is read, in a draft."""

import pytest

from lan_edge import DescriptionDraft


@pytest.fixture
def draft() -> DescriptionDraft:
    made = DescriptionDraft()
    made.ask({"get": "/state"})
    return made


def test_it_is_the_usual_one_unless_another_is_said(draft: DescriptionDraft) -> None:
    assert draft.poll == 10
    draft.poll = 30
    assert (draft.poll, draft.values["poll"]) == (30, 30)
    draft.poll = 10
    assert (draft.poll, draft.values.get("poll")) == (10, None)


def test_one_that_is_not_asked_again_and_again_has_none(draft: DescriptionDraft) -> None:
    assert DescriptionDraft().poll is None  # nothing is asked for
    draft.values["poll"] = "never"
    assert draft.poll is None
    draft.values = {**draft.values, "talks": "tuya"}
    assert draft.poll is None
