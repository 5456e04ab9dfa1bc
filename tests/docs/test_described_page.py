"""What the page of described devices shows is right: each text can be used."""

import re

from jsonschema import Draft202012Validator
import pytest

from lan_edge import description_of, description_values
from lan_edge.declarative.schema.published import json_schema

from .pages import ROOT

PAGE = (ROOT / "docs/described-devices.md").read_text()
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
WHOLE = [block for block in BLOCKS if "description: 1" in block]
PARTS = [block for block in BLOCKS if block not in WHOLE and not block.startswith("# yaml-lang")]
SWITCH = """\
components:
  main:
    switch:
      switch: {from: status, %s}
      on: {get: /on}
      off: {get: /off}
"""
BASE = """\
description: 1
id: example
name: Example
talks: http
requests:
  status: {get: /status}
"""
BY_LINES = """\
description: 1
id: example
name: Example
talks: lines
options: {port: 7000}
requests:
  status: {line: "POWER?"}
"""
METER = "components: {main: {powerMeter: {power: {from: status, word: 1}}}}\n"
READINGS = re.findall(r"`((?:path|xml|map|pattern|template|invert|word): [^`]+)`", PAGE)
VALIDATOR = Draft202012Validator(json_schema())


def check(text: str) -> None:
    values = description_values(text)
    description_of(values)
    assert [error.message for error in VALIDATOR.iter_errors(values)] == []


def test_there_is_something_to_check() -> None:
    assert (len(WHOLE), len(PARTS)) == (5, 6)
    assert len(READINGS) > 8


@pytest.mark.parametrize("text", WHOLE)
def test_a_whole_description(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", PARTS)
def test_a_part_of_one(text: str) -> None:
    if "{line:" in text:
        check(BY_LINES + text + METER)
        return
    components = "" if "components:" in text else SWITCH % "path: on"
    check(BASE + text + components)


@pytest.mark.parametrize("reading", READINGS)
def test_a_reading(reading: str) -> None:
    check(BASE + SWITCH % reading)


def test_all_fields_are_in_the_tables() -> None:
    schema = json_schema()
    names = [*schema["properties"], *schema["$defs"]["request"]["properties"]]
    assert all(f"\n| `{name}` | " in PAGE for name in names)
