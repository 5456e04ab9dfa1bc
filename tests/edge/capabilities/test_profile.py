"""Which capabilities a device has, and on which of its parts."""

from lan_edge import Component, Profile, Switch


def test_a_part_may_have_any_name() -> None:
    assert list(Profile(self=Component((Switch,))).components) == ["self"]
    assert Component((), "A\nlamp" + "p" * 999).name == "A lamp" + "p" * 250
