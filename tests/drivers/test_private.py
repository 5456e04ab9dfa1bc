"""What a device tells about its owner is not in what users publish, wherever the trace cuts it."""

import json
from typing import Any

import pytest

from lan_edge import Address, Device, Identity, Record
from lan_edge.diagnostics.trace import MAX_ENTRY
from tests.bundled import driver_for

from .answers import FAMILIES, traced

SECRET = "s3cret-Tøken/42"
families = pytest.mark.parametrize("family", FAMILIES)


def device_of(family: str) -> Device:
    record = Record(Identity("1" * 12, "Desk"), (Address("10.1.2.3"),), FAMILIES[family].profile)
    return Device(driver_for(family), record, secrets={"token": SECRET})


def published(device: Device, **more: Any) -> str:
    trace = [entry.text for entry in device.trace.entries()]
    profile = device.profile.as_dict()
    data = {"trace": trace, "profile": profile, "parts": dict.fromkeys(profile, 1), **more}
    return json.dumps(device.privacy.publisher()(data), ensure_ascii=False)


@families
def test_realistic_answers(family: str) -> None:
    device, told = device_of(family), FAMILIES[family]
    for answer in told.answers:
        device.trace.add("received", traced(answer))
    dumped = published(device, said=f"lost: {told.answers[0]}", answer=told.answers[0])
    for text in told.private:
        assert text.lower() not in dumped.lower(), text
    for text in told.kept:
        assert text in dumped.replace('\\"', '"'), text
    if told.profile is not None:
        assert len(json.loads(dumped)["parts"]) == len(told.profile.components)
        assert "laptop" not in dumped
        assert "attic" not in dumped.lower()


def test_the_name_of_the_driver_is_not_private() -> None:
    device = Device(driver_for("wiz"), Record(Identity("1" * 12, "WiZ")))
    assert "wiz" in published(device, driver="wiz")


@families
def test_wherever_the_trace_cuts_them(family: str) -> None:
    """No more than the first letters of any private text are left at the limit."""
    told = FAMILIES[family]
    for answer in told.answers:
        text = answer if isinstance(answer, str) else str(answer)
        for private in told.private:
            at = text.lower().find(private.lower())
            if at < 0:
                continue
            for offset in range(len(private) + 2):
                device = device_of(family)
                device.trace.add("received", " " * (MAX_ENTRY - at - offset) + text)
                assert not beginning(private, published(device)), (private, offset)


@families
def test_a_secret_at_every_offset_around_the_limit(family: str) -> None:
    for secret in (SECRET, "0123456789", "with blanks and 'quotes'"):
        for offset in range(-2, len(secret) + 2):
            device = device_of(family)
            device._core.secrets["token"] = secret
            line = "z" * (MAX_ENTRY - offset - 1) + " "
            device.trace.add("sent", line + secret + " and more")
            (entry,) = device.trace.entries()
            assert len(entry.text) <= MAX_ENTRY
            assert not beginning(secret, entry.text), offset


def beginning(private: str, text: str) -> bool:
    """Return whether a text has the beginning of a private one that is more than a coincidence."""
    return private[:4].lower() in text.lower()
