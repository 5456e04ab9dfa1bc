"""A folder of descriptions is used as one of driver files: live, each file by itself."""

from collections.abc import AsyncGenerator
from pathlib import Path
import shutil

import pytest

from lan_edge import (
    Device,
    DriverFolder,
    Identity,
    Record,
    Registry,
    Switch,
    check_description,
    description_folder,
    load_drivers,
)
from lan_edge.declarative.files import MAX_FILE

RELAY = """\
description: 1
id: own_relay
name: Own relay
talks: http
poll: 10
requests:
  state: {get: /state}
components:
  main:
    switch:
      switch: {path: on}
      on: {get: /on}
      off: {get: /off}
    own:
      night: {switch: true, path: night, set: {get: "/night/{value}"}}
"""


class Descriptions:
    """A folder of descriptions that a registry uses beside the bundled drivers."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.registry = Registry()
        load_drivers(self.registry)
        self.folder = description_folder(self.registry, str(path / "devices"))

    def write(self, name: str, text: str | bytes = RELAY) -> Path:
        """Write a file, as an editor saves it."""
        file = self.path / "devices" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    async def settle(self) -> frozenset[str]:
        """Look twice; return the ids that are concerned."""
        return await self.folder.look() | await self.folder.look()

    async def failure(self, name: str) -> str:
        """Load everything now; return why a file cannot be used."""
        await self.folder.reload()
        failure = self.folder.files[str(self.path / "devices" / name)].failure
        assert failure is not None
        return str(failure)


@pytest.fixture
async def descriptions(tmp_path: Path) -> AsyncGenerator[Descriptions]:
    """Return an empty folder; in the end, nothing of it is in use."""
    made = Descriptions(tmp_path)
    yield made
    shutil.rmtree(tmp_path / "devices", ignore_errors=True)
    await made.settle()
    await made.folder.close()


async def test_a_description_is_a_driver(descriptions: Descriptions) -> None:
    file = descriptions.write("relay.yaml")
    assert await descriptions.folder.reload() == {"own_relay"}
    driver = descriptions.registry.driver("own_relay")
    assert (driver.name, driver.poll) == ("Own relay", 10)
    assert Switch in driver.profile.components["main"].capabilities
    origin = descriptions.registry.origin("own_relay")
    assert origin.file is not None
    assert origin.file.path == str(file)
    assert len(origin.file.capabilities) == 1


async def test_a_change_is_used_by_the_devices_that_there_are(descriptions: Descriptions) -> None:
    descriptions.write("relay.yaml")
    await descriptions.folder.reload()
    device = Device(descriptions.registry.driver("own_relay"), Record(Identity("1")))
    descriptions.write("relay.yaml", RELAY.replace("poll: 10", "poll: 20"))
    assert await descriptions.folder.look() == frozenset()
    assert await descriptions.folder.look() == {"own_relay"}
    await device.replace_driver(descriptions.registry.driver("own_relay"))
    assert device.driver.poll == 20


async def test_a_broken_edit_leaves_the_last_good_version(descriptions: Descriptions) -> None:
    descriptions.write("relay.yaml")
    await descriptions.folder.reload()
    driver = descriptions.registry.driver("own_relay")
    descriptions.write("relay.yaml", RELAY.replace("path: on", "pth: on"))
    assert await descriptions.settle() == frozenset()
    assert descriptions.registry.driver("own_relay") is driver
    [status] = descriptions.folder.files.values()
    assert status.file is not None
    assert status.claims == {"own_relay"}
    assert str(status.failure) == (
        "relay.yaml:11: components.main.switch.switch.pth is an unknown field: did you mean path?"
    )
    descriptions.write("relay.yaml")
    await descriptions.settle()
    assert descriptions.folder.failures == []


async def test_all_faults_are_reported_each_with_its_line(descriptions: Descriptions) -> None:
    text = RELAY.replace("path: on", "pth: on").replace("poll: 10", "poll: soon")
    file = descriptions.write("relay.yaml", text)
    await descriptions.failure("relay.yaml")
    [status] = descriptions.folder.files.values()
    assert status.failure is not None
    assert [f.line for f in (status.failure, *status.failure.others)] == [5, 11]
    assert [failure.line for failure in check_description(str(file))] == [5, 11]


async def test_a_description_that_goes_and_comes_back(descriptions: Descriptions) -> None:
    file = descriptions.write("relay.yaml")
    await descriptions.folder.reload()
    file.unlink()
    assert await descriptions.settle() == {"own_relay"}
    assert "own_relay" not in descriptions.registry.drivers
    descriptions.write("other name.yml")
    assert await descriptions.settle() == {"own_relay"}


async def test_of_two_with_one_id_the_first_stays(descriptions: Descriptions) -> None:
    descriptions.write("b.yaml")
    await descriptions.folder.reload()
    descriptions.write("a.yaml", RELAY.replace("Own", "Other"))
    assert "b.yaml has a driver with the id 'own_relay' already" in await descriptions.failure(
        "a.yaml"
    )
    assert descriptions.registry.driver("own_relay").name == "Own relay"


async def test_a_driver_file_and_a_description_of_one_id(
    descriptions: Descriptions, tmp_path: Path
) -> None:
    descriptions.write("relay.yaml")
    await descriptions.folder.reload()
    drivers = tmp_path / "drivers"
    drivers.mkdir()
    code = (
        "from lan_edge import Driver, Http, Profile, register\n\n\n@register\n"
        'class Relay(Driver[Http]):\n    id = "own_relay"\n    profile = Profile()\n'
    )
    (drivers / "relay.py").write_text(code)
    folder = DriverFolder(descriptions.registry, drivers)
    await folder.reload()
    assert "relay.yaml has a driver with the id 'own_relay'" in str(folder.failures[0])
    shutil.rmtree(descriptions.path / "devices")
    await descriptions.settle()
    assert await folder.look() == {"own_relay"}
    shutil.rmtree(drivers)
    await folder.look()
    await folder.look()
    await folder.look()


async def test_one_that_is_used_instead_of_a_bundled_driver(descriptions: Descriptions) -> None:
    bundled = descriptions.registry.driver("wemo")
    file = descriptions.write("wemo.yaml", RELAY.replace("own_relay", "wemo"))
    assert await descriptions.folder.reload() == {"wemo"}
    assert descriptions.registry.origin("wemo").overridden is bundled
    file.unlink()
    assert await descriptions.settle() == {"wemo"}
    assert descriptions.registry.driver("wemo") is bundled


async def test_what_is_left_out(descriptions: Descriptions) -> None:
    for name in ("_draft.yaml", ".hidden.yaml", "notes.txt", "relay.py"):
        descriptions.write(name)
    assert await descriptions.folder.reload() == frozenset()
    assert descriptions.folder.files == {}


async def test_what_cannot_be_read(descriptions: Descriptions) -> None:
    descriptions.write("large.yaml", b"#" * (MAX_FILE + 1))
    descriptions.write("binary.yaml", bytes(range(256)))
    (descriptions.path / "devices" / "folder.yaml").mkdir()
    (descriptions.path / "devices" / "link.yaml").symlink_to("nowhere")
    assert "at most 0.26 MB are read" in await descriptions.failure("large.yaml")
    assert "the text is not YAML" in await descriptions.failure("binary.yaml")
    assert "it is not a file" in await descriptions.failure("folder.yaml")
    assert "a link to a file that does not exist" in await descriptions.failure("link.yaml")
