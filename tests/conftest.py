"""What all tests share: the integration found first, sockets for what is no mock, Kasa devices."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
import warnings

from hypothesis import settings
from hypothesis.internal.conjecture import providers
import pytest
import pytest_socket

from tests.clock import VirtualTimeLoop, now
from tests.emulators.kasa import Simulators, install, missing

# Imported before the Home Assistant plugin can put its own custom_components package first.
# tests/wheel runs the library's tests where there is none.
if find_spec("custom_components"):
    import_module("custom_components")

HERE = Path(__file__).parent
LIBRARY_TESTS = tuple(HERE / room for room in ("edge", "drivers", "emulators", "docs"))

# The same code is tried with the same inputs, so that no run fails by chance; others are found with
# --hypothesis-profile explore, and by scripts/fuzz.
settings.register_profile("explore", deadline=None, print_blob=True)
settings.register_profile(
    "lan_edge", settings.get_profile("explore"), derandomize=True, database=None
)
settings.load_profile("lan_edge")


def pytest_sessionstart() -> None:
    """Try the same inputs in each run: else, they contain constants of whatever was imported."""
    if settings.default is not None and settings.default.derandomize:
        nothing = providers._local_constants
        assert not len(nothing)
        providers._get_local_constants = lambda: nothing


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the tests of tests/network that take chances take more of them, or the same again."""
    group = parser.getgroup("lan_edge")
    group.addoption("--kills", type=int, default=4, help="how often Home Assistant is killed")
    group.addoption("--kill-seed", type=int, help="kill it at the moments of an earlier run")


def is_home_assistant_test(item: pytest.Item) -> bool:
    """Tell whether the Home Assistant plugin's rules are meant for this test."""
    return item.path.is_relative_to(HERE / "homeassistant")


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Take back the plugin's socket rules: our devices answer on all of 127.0.0.0/8."""
    if not is_home_assistant_test(item):
        pytest_socket.enable_socket()
        pytest_socket._remove_restrictions()


@pytest.fixture(autouse=True)
def library_leaves_nothing(request: pytest.FixtureRequest) -> None:
    """Ask for the next fixtures in the library's tests; Home Assistant's have the like of them."""
    if any(request.path.is_relative_to(path) for path in LIBRARY_TESTS):
        request.getfixturevalue("nobody_else_blocks")
        request.getfixturevalue("nothing_unhandled")
        request.getfixturevalue("nothing_left_running")


@pytest.fixture
def nobody_else_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure how long a driver blocks by no clock that a busy machine moves.

    By the same is told, after a change, whether it has worked for long.
    """

    def measured() -> float:
        return now() if isinstance(asyncio._get_running_loop(), VirtualTimeLoop) else 0.0

    for module in ("guard", "subscribers"):
        monkeypatch.setattr(f"lan_edge.device.{module}.perf_counter", measured)
    never = SimpleNamespace(mark=lambda _: None, since_mark=lambda: 0.0)
    monkeypatch.setattr("lan_edge.device.guard._processor", never)


@pytest.fixture
async def nothing_unhandled() -> AsyncGenerator[None]:
    """Fail a test in which something failed that nobody waited for, such as its own device."""
    unhandled: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
    yield
    assert not unhandled


@pytest.fixture
async def unhandled() -> AsyncGenerator[list[BaseException]]:
    """Note what fails that nobody waits for, instead of failing the test by it."""
    seen: list[BaseException] = []
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    loop.set_exception_handler(lambda _, context: seen.append(context["exception"]))
    yield seen
    loop.set_exception_handler(before)


@pytest.fixture
async def nothing_left_running() -> AsyncGenerator[None]:
    """Fail a test that leaves a task behind."""
    before = asyncio.all_tasks()
    yield
    if left := asyncio.all_tasks() - before - {asyncio.current_task()}:
        _, left = await asyncio.wait(left, timeout=1)  # what was told to end may need some rounds
    assert not left, f"left running: {left}"


@pytest.fixture(scope="module")
def simulators(request: pytest.FixtureRequest) -> Generator[Simulators]:
    """Run the simulator of Kasa devices, installed once for this checkout."""
    if lacking := missing():
        message = f"Kasa is NOT tested: {' and '.join(lacking)} not found"
        warnings.warn(message, stacklevel=1)
        pytest.skip(message)
    folder = request.config.cache.mkdir("kasa-simulator")
    install(folder)
    made = Simulators(folder)
    yield made
    made.close()
