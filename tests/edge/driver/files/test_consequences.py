"""One mistake in a driver file is one mistake; what follows from it is not counted."""

from pathlib import Path

import pytest

from lan_edge import check_file

SCALE = '''"""Scale: a driver for the tests."""

from lan_edge import Attribute, Capability, Driver, Lines, Profile, command, handles, register


class Scale(Capability, id="acme.scale"):
    weight = Attribute(float)

    @command()
    def tare(self) -> None:
        "Set the weight to zero."

    @command(sets="weight")
    def weigh(self, weight: float) -> None:
        "Set it."


@register
class Kitchen(Driver[Lines]):
    id = "kitchen"
    profile = Profile(Scale)

    async def identify(self) -> str:
        return "1"

    @handles(Scale.tare)
    async def tare(self) -> None:
        await self.io.ask("T")

    @handles(Scale.weigh)
    async def weigh(self, weight: float) -> None:
        await self.io.ask("W")
'''

ONE: dict[str, tuple[str, str, int, str]] = {
    "a misspelt import": ("command, h", "comand, h", 3, "cannot import name 'comand'"),
    "a misspelt import of handles": ("handles, r", "handels, r", 3, "cannot import name 'handels'"),
    "a misspelt import of Attribute": ("import Attribute", "import Atribute", 3, "'Atribute'"),
    "no namespace": ('id="acme.scale"', 'id="scale"', 6, "namespace: write the maker or the fam"),
    "no id": (', id="acme.scale"', "", 6, "the id 'scale' has no namespace"),
    "a standard id": (
        '"acme.scale"',
        '"switch"',
        6,
        "Scale has the id 'switch' of a standard capability: write",
    ),
    "a type in quotes": (
        "Attribute(float)",
        'Attribute("float")',
        7,
        "'float' in quotes is not a supported type of value: write float without quotes",
    ),
    "another type": ("Attribute(float)", "Attribute(list)", 7, "use bool, int, float, str, bytes"),
    "no parentheses": ("@command()", "@command", 9, "write @command(), with parentheses"),
    "an argument without type": (
        'weight: float) -> None:\n        "S',
        'weight) -> None:\n        "S',
        13,
        "the argument weight has no type: write its type: weight: int",
    ),
    "a command that is called": ("(Scale.tare)", "(Scale.tare())", 26, "without calling it"),
    "a hook with other parameters": (
        "identify(self)",
        "identify(self, x)",
        23,
        "write async def identify(self)",
    ),
    "parentheses after register": ("@register", "@register()", 18, "without parentheses"),
}


@pytest.mark.parametrize("name", ONE)
def test_it_is_one_mistake_with_line_and_remedy(name: str, tmp_path: Path) -> None:
    old, new, line, said = ONE[name]
    assert old in SCALE
    file = tmp_path / "scale.py"
    file.write_text(SCALE.replace(old, new, 1))
    [found] = check_file(file)
    assert said in str(found)
    assert found.line == line


def test_the_file_has_none(tmp_path: Path) -> None:
    file = tmp_path / "scale.py"
    file.write_text(SCALE)
    assert check_file(file) == []


def test_others_are_found_beside_a_misspelt_import(tmp_path: Path) -> None:
    file = tmp_path / "scale.py"
    text = SCALE.replace("command, h", "comand, h").replace('id = "kitchen"', 'id = "kit-chen"')
    file.write_text(text.replace("Lines, P", "Line, P").replace("Driver[Lines]", "Driver[Line]"))
    assert [mistake.line for mistake in check_file(file)] == [3, 3]
