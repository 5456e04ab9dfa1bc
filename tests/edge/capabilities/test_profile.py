"""Which capabilities a device has, and on which of its components."""

from lan_edge import Component, Profile, Switch


def test_a_component_may_have_any_id_and_name() -> None:
    assert list(Profile(self=Component((Switch,))).components) == ["self"]
    assert Component((), "A\nlamp" + "p" * 999).name == "A lamp" + "p" * 250
