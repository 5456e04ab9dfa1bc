"""The drivers that `new --from` writes do what their descriptions do, on the same devices."""

from collections.abc import Callable
from pathlib import Path
import subprocess
import sys
from typing import Any

import pytest

from lan_edge import Description, Driver, Runtime, compile_description, read_description
from lan_edge.cli.writing import written
from tests.docs import pages, test_described_examples as calling, test_examples as examples
from tests.drivers.described import EXAMPLES, text_of
from tests.edge.descriptions import test_descriptions as bundled
from tests.edge.descriptions.cases import CASES, Case

from .console import cli

runtime = calling.runtime

TEXTS = sorted((*EXAMPLES.glob("*.yaml"), *bundled.FOLDER.glob("*.yaml")))
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
each_example = pytest.mark.parametrize(
    "example", [each for each in examples.EXAMPLES if each.is_described], ids=str
)
MOST_LINES = 300
"""The longest driver that a person might write for the largest bundled description."""


def driver_of(description: Description) -> type[Driver[Any]]:
    """Return the driver that is written for a description."""
    return pages.driver_in(description.id, written(description))


@pytest.fixture
def is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the tests of descriptions drive their devices by written drivers."""
    monkeypatch.setattr(bundled, "compile_description", driver_of)
    for module in (examples, calling):
        monkeypatch.setattr(
            module, "described", lambda name: driver_of(read_description(text_of(name)))
        )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with all of them."""
    made = tmp_path_factory.mktemp("written")
    for path in TEXTS:
        text = written(read_description(path.read_text(encoding="utf-8")))
        (made / path.name).with_suffix(".py").write_text(text, encoding="utf-8")
    return made


async def test_all_load_without_a_mistake(folder: Path) -> None:
    ran = await cli("check", folder, "--types", "none")
    assert ran.code == 0, ran.out
    assert ran.out.startswith("no mistakes")


@pytest.mark.real_time  # what checks the types is a process of its own
def test_all_are_fully_typed(folder: Path) -> None:
    how = ("--strict", "--config-file=", "--cache-dir", str(folder / ".cache"))
    files = map(str, sorted(folder.glob("*.py")))
    command = [sys.executable, "-m", "mypy", *how, *files]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_it_declares_what_its_description_does(path: Path) -> None:
    text = read_description(path.read_text(encoding="utf-8"))
    driver, described = driver_of(text), compile_description(text)
    for name in ("id", "name", "help", "discovery", "confirm", "confirm_within", "fades"):
        assert getattr(driver, name) == getattr(described, name), name
    assert driver.poll == described.poll
    assert shape(driver) == shape(described)


def shape(driver: type[Driver[Any]]) -> Any:
    """Return all that a driver's profile has, by names and ids."""
    return {
        name: (
            (each.name, each.child, each.category, each.optional),
            sorted(member.id for member in each.may_lack),
            [*map(members, each.capabilities)],
        )
        for name, each in driver.profile.components.items()
    }


def members(capability: Any) -> Any:
    """Return what a capability has, as entities depend on it."""
    attributes = [
        (a.id, a.schema.type, a.unit, a.kind, a.device_class, a.words, a.step, a.label)
        for a in capability.attributes
    ]
    commands = [(c.id, c.sets.id if c.sets else "", c.label) for c in capability.commands]
    return capability.id, sorted(map(str, attributes)), sorted(commands)


@pytest.mark.usefixtures("is_written")
@each_case
@pytest.mark.parametrize(
    "test",
    [
        bundled.test_all_is_read,
        bundled.test_all_commands_are_carried_out,
        bundled.test_what_is_missing_is_unknown_and_nothing_else,
        bundled.test_a_device_that_does_nothing_is_found_out,
    ],
    ids=lambda test: test.__name__,
)
async def test_a_bundled_one_does_the_same(case: Case, test: Callable[..., Any]) -> None:
    await test(case)


@pytest.mark.usefixtures("is_written")
@bundled.each_with_login
async def test_a_wrong_login_is_refused_the_same(case: Case) -> None:
    await bundled.test_a_wrong_login_is_refused(case)


@pytest.mark.usefixtures("is_written")
@each_example
async def test_an_example_does_the_same(example: examples.Example, runtime: Runtime) -> None:
    await examples.test_it_is_connected_commanded_and_pushed_to(example, runtime)
    await examples.test_another_one_at_its_address_is_refused(example)
    if example.case.refuses:
        await examples.test_the_device_says_no(example, runtime)
    if example.page in examples.CONNECTED:
        await examples.test_a_broken_connection_is_made_anew_unseen(example, runtime)


@pytest.mark.usefixtures("is_written")
async def test_one_that_calls_does_the_same(runtime: Runtime) -> None:
    await calling.test_the_relay_calls_and_is_told_where(runtime)
