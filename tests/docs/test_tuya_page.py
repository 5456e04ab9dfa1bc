"""The description on the page of Tuya."""

from pathlib import Path
import re

from lan_edge import compile_description, read_description

PAGE = Path(__file__).parents[2] / "docs/families/tuya.md"


def test_its_description_can_be_used() -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    driver = compile_description(read_description(text))
    assert driver.family_id == "tuya"
    assert len(driver.discovery) == 3
