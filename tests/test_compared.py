"""The comparison with other integrations: its devices, what is chosen, and its tables.

What it measures, it measures by hand: it takes a real Home Assistant and hours.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.compared import __main__ as compared
from benchmarks.compared.families import ALL
from benchmarks.compared.results import Result, since_of
from benchmarks.compared.table import markdown

MADE_HERE = [name for name in ALL if name != "kasa"]
"""Kasa's devices are programs."""


def told(what: str, seconds: float | None = None, words: str = "") -> dict[str, Any]:
    return {"what": what, "seconds": seconds, "words": words}


def test_a_table_has_a_line_for_each_thing_and_a_column_for_each_side() -> None:
    sides: dict[str, list[list[dict[str, Any]] | None]] = {
        "core": [[told("moves", 9.994), told("lies", words="on | off")], None],
        "ours": [[told("moves", 0.5)], [told("moves", 12.3), told("restarts", words="works")]],
    }
    assert markdown(ALL["wiz"], sides).splitlines() == [
        "| | Home Assistant: `wiz` | LAN Edge |",
        "| --- | --- | --- |",
        "| moves | 9.99 s | 0.50 s; 12 s |",
        "| lies | on / off | - |",
        "| restarts | - | works |",
    ]


def test_what_all_runs_say_is_said_once_and_a_custom_integration_is_linked() -> None:
    runs: list[list[dict[str, Any]] | None] = [[told("lies", words="seen")]] * 2
    table = markdown(ALL["meross"], {"custom": runs, "ours": []})
    assert table.splitlines()[0].startswith(
        "| | [meross_lan](https://github.com/krahabb/meross_lan)"
    )
    assert table.splitlines()[-1] == "| lies | seen | - |"


def test_what_did_not_come_in_time_has_no_seconds() -> None:
    assert since_of("back", 5.0, 7.5, 60.0) == Result("back", 2.5)
    assert since_of("back", 5.0, None, 60.0) == Result("back", words="not within 60 s")


@pytest.mark.parametrize("name", MADE_HERE)
async def test_two_devices_of_a_family_have_ids_and_keys_of_their_own(name: str) -> None:
    family = ALL[name]
    one, other = (family.make(number, "127.0.0.1") for number in (1, 2))
    assert (family.id_of(1), family.mac_of(1)) != (family.id_of(2), family.mac_of(2))
    assert type(family.control.true(one.state)) is bool  # type: ignore[attr-defined]
    for number, device in ((1, one), (2, other)):
        if key := family.key.of(number):
            assert getattr(device, family.key.attribute) == key
    for wanted in (True, False):
        action, _ = family.control.call(wanted)
        assert action.startswith(f"{family.control.platform}.")


@pytest.mark.parametrize("name", [name for name in MADE_HERE if ALL[name].custom])
def test_the_other_side_is_told_the_same_id_and_key(name: str) -> None:
    family = ALL[name]
    assert family.custom
    steps = json.dumps(family.custom.steps(7, "10.77.0.17"))
    configuration = family.custom.configuration([7])
    assert family.key.of(7) in steps + configuration
    assert ("10.77.0.17" in steps) is not bool(configuration)
    if configuration:
        assert family.id_of(7) in yaml.safe_load(configuration)[family.domain]["devices"]


def test_families_are_chosen_by_name_and_custom_ones_where_they_are_given(
    capsys: pytest.CaptureFixture[str],
) -> None:
    parser = argparse.ArgumentParser()
    folders = {"meross_lan": "folder"}
    names = ["wiz", "meross", "sonoff"]
    assert [f.name for f in compared.chosen_of(names, folders, parser)] == ["wiz", "meross"]
    assert "no sonoff without AlexxIT/SonoffLAN" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        compared.chosen_of(["toaster"], {}, parser)
    assert "unknown family: toaster" in capsys.readouterr().err


def test_a_custom_integration_is_found_by_its_manifest(tmp_path: Path) -> None:
    folder = tmp_path / "custom_components/any"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text('{"domain": "meross_lan"}')
    assert compared.custom_in(str(tmp_path)) == ("meross_lan", str(tmp_path))


def test_what_was_measured_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compared, "RESULTS", tmp_path / "results")
    kept = compared.keep(ALL["tuya34"], {"custom": [None], "ours": [[told("moves", 1.0)]]})
    assert kept.name.startswith("compared-tuya34-")
    assert json.loads(kept.read_text())["ours"][0][0]["seconds"] == 1.0
