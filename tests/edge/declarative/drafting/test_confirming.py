"""What stands in for reading goes once a thing is read; what others need of it stays."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from lan_edge import DescriptionDraft

SENT = {"on": {"get": "/on"}, "off": {"get": "/off"}}
VALUES: dict[str, Any] = {
    "description": 1,
    "id": "odd",
    "name": "Odd",
    "talks": "http",
    "confirm": "echo",
    "requests": {"status": {"get": "/status"}},
    "components": {
        "main": {
            "switch": SENT,
            "own": {"level": {"number": True, "set": {"get": "/l"}, "assumed": True}},
        }
    },
}


def read(draft: DescriptionDraft, place: str) -> None:
    """Have a thing read."""
    thing = draft.thing(place)
    draft.change(place, thing, replace(thing, reading={"from": "status", "path": "x"}))


@pytest.fixture
def draft() -> DescriptionDraft:
    return DescriptionDraft(deepcopy(VALUES))


def test_all_that_is_set_is_read(draft: DescriptionDraft) -> None:
    read(draft, "main")
    assert "confirm" not in draft.values
    assert draft.values["components"]["main"]["own"]["level"]["assumed"]
    draft.described()


def test_a_value_is_no_longer_assumed(draft: DescriptionDraft) -> None:
    read(draft, "main.own.level")
    assert "assumed" not in draft.values["components"]["main"]["own"]["level"]
    assert draft.values["confirm"] == "echo"
    draft.described()


def test_what_is_set_without_being_read_needs_its_echo(draft: DescriptionDraft) -> None:
    draft.values["components"]["main"]["own"]["text"] = {"text": True, "set": {"get": "/t"}}
    read(draft, "main")
    assert draft.values["confirm"] == "echo"
    draft.described()
