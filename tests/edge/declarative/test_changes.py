"""A description that is changed: what its devices lose, and its text under another id."""

from hypothesis import example, given, strategies as st
import pytest

from docs.examples.rest_switch import RestSwitch
from lan_edge import (
    DescriptionError,
    compile_description,
    described_by,
    members_lost,
    read_description,
    with_another_id,
)

from .texts import CHARGER


def lost(old: str, new: str) -> tuple[str, ...]:
    changed = CHARGER.replace(old, new)
    assert changed != CHARGER
    return members_lost(read_description(CHARGER), read_description(changed))


def test_a_renamed_component_or_value_is_lost() -> None:
    assert lost("outlet_1:", "socket_1:") == (
        "outlet_1.switch.switch",
        "outlet_1.switch.on",
        "outlet_1.switch.off",
    )
    assert lost("      reboot: {button", "      restart: {button") == ("main.own.reboot",)


def test_other_changes_lose_nothing() -> None:
    assert lost("poll: 10", "poll: 20") == ()
    assert (
        lost("      reboot: {button", "      again: {button: {get: /x}}\n      reboot: {button")
        == ()
    )
    assert lost("name: Outlet 1", "name: Socket 1") == ()


def test_the_description_behind_a_driver() -> None:
    description = read_description(CHARGER)
    assert described_by(compile_description(description)) is description
    assert described_by(RestSwitch) is None


def test_another_id_keeps_the_rest_of_the_text() -> None:
    text = f"# Mine: id: go_e_charger\n{CHARGER}"
    copy = with_another_id(text, "other", 'Say "hi": 2')
    assert copy == text.replace("\nid: go_e_charger", "\nid: other").replace(
        "\nname: go-e Charger", '\nname: "Say \\"hi\\": 2"'
    )
    assert read_description(copy).name == 'Say "hi": 2'


def test_a_text_that_is_one_mapping_in_braces() -> None:
    text = (
        "{id: a, name: A, description: 1, talks: http, requests: {s: {get: /s}},"
        " components: {main: {own: {on: {switch: true, path: x}}}}}"
    )
    copy = read_description(with_another_id(text, "b", "B"))
    assert (copy.id, copy.name) == ("b", "B")


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40)
)
@example(" ")
def test_any_name(name: str) -> None:
    try:
        copy = with_another_id(CHARGER, "other", name)
    except DescriptionError:
        return
    assert read_description(copy).name == name


def test_what_is_no_description() -> None:
    with pytest.raises(DescriptionError):
        with_another_id("id: x", "y", "Y")
    with pytest.raises(DescriptionError):
        with_another_id("- [", "y", "Y")
