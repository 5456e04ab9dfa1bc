"""Which capabilities a device has, and on which of its components."""

import pytest

from lan_edge import Component, Profile, ReplyError, Switch


def test_a_component_may_have_any_id_and_name() -> None:
    assert list(Profile(self=Component((Switch,))).components) == ["self"]
    assert Component((), "A\nlamp" + "p" * 999).name == "A lamp" + "p" * 250


def test_a_component_has_a_maker_of_its_own() -> None:
    lamp = Component((Switch,), "Lamp", child=True, manufacturer="IKEA\nof", model="m" * 999)
    assert lamp.details == {"manufacturer": "IKEA of", "model": "m" * 256}
    profile = Profile(lamp=lamp, plain=Component((Switch,)))
    stored = profile.as_dict()
    assert set(stored["plain"]) == {"capabilities", "name", "child", "category"}
    assert Profile.from_dict(stored) == profile
    newer = Component((Switch,), "Lamp", child=True, manufacturer="IKEA of", firmware="2")
    assert Profile(lamp=newer) != Profile(lamp=lamp)


def test_an_id_that_cannot_be_stored_is_refused() -> None:
    header = b"kitchen \xff".decode(errors="surrogateescape")  # as HTTP headers are decoded
    with pytest.raises(ReplyError, match="not valid text"):
        Profile(**{header: Component((Switch,))}).check()
