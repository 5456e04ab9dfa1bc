"""How frames are cut, as the form has it: what it does not know stays."""

from typing import Any

import pytest

from custom_components.lan_edge.describing.message_form import (
    address_schema,
    suggested_address,
    take_address,
)
from custom_components.lan_edge.describing.open_draft import OpenDraft
from tests.docs.devices import HOST

LONG = {"size": 5, "order": "little", "start": "55 AA", "header": 2, "extra": -1}


@pytest.mark.parametrize(
    ("framer", "length"),
    [
        ({"size": 8}, "kept"),
        ({"size": 6, "inclusive": True}, "kept"),
        (LONG, "kept"),
        ({"size": 3, "order": "little"}, "u24le"),
        ({"size": 4}, "u32be"),
        ({"fixed": 7}, "fixed"),
    ],
)
def test_how_frames_are_cut_stays(framer: dict[str, Any], length: str) -> None:
    open_draft = OpenDraft()
    open_draft.draft.talk("frames", {"port": 1, "framer": framer})
    open_draft.where = {"host": HOST}
    shown = suggested_address(open_draft, "frames")
    assert shown["length"] == length
    schema = address_schema(open_draft, "frames", is_access_open=False).schema
    assert (length == "kept") is ("kept" in schema["length"].config["options"])
    take_address(open_draft, "frames", shown)
    assert open_draft.draft.values["options"]["framer"] == framer


def test_the_order_of_one_byte_says_nothing() -> None:
    open_draft = OpenDraft()
    open_draft.draft.talk("frames", {"framer": {"size": 1, "order": "little"}})
    assert suggested_address(open_draft, "frames")["length"] == "u8"
