"""Each target at its seeds, at what the engine found in hours, at changes of these, at too much."""

import logging
from pathlib import Path
from random import Random
import re
import tracemalloc

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from lan_edge import Device
from tests.bundled import registered

from . import corpus, drivers
from .everything import TARGETS, Target
from .mutation import MUCH, monsters, mutated

INTEGRATION = Path(__file__).parents[2] / "custom_components/lan_edge"
READS = re.compile(
    r"loads\(|fromstring\(|\.decode\(|urlsplit\(|\bURL\(|from_bytes\(|parse_qsl|ip_address\(|"
    r"\bre\.(?:match|fullmatch|search|findall|finditer|compile)\(|getaddrinfo\(|async_load\(|"
    r"\(Driver\[|\bparse_(?:json|xml)\("
)
"""What a module does that makes something of others' words."""
HARMLESS = {
    "description_files/fetch.py": "takes any text as it is",
    "description_files/texts.py": "takes any text as it is",
    "describing/said_of_itself.py": "looks for short forms in values that a target has read",
    "describing/entered_commands.py": "looks for `{value}` in what an owner types",
    "describing/drafts.py": "reads the drafts that it has stored itself",
    "describing/command_value.py": "looks for placeholders in a message that a target has read",
    "describing/field_label.py": "takes the name of a field apart that a target has read",
    "describing/framing_form.py": "takes pairs of digits that an owner types, matched as a whole",
    "describing/in_common.py": "compares commands that a target has read",
    "describing/names_form.py": "looks for words in the names of fields that a target has read",
    "describing/value_names.py": "makes words of the names of fields that a target has read",
    "describing/request_form.py": "only looks whether a path that an owner types begins as a URL",
    "describing/message_form.py": "reads a name and an id that an owner types, matched as a whole",
    "edge/declarative/drafting/changing.py": "takes what `description_of` has checked",
    "edge/declarative/drafting/known_secrets.py": "compares what an owner types with his secrets",
    "edge/declarative/drafting/names.py": "decodes the ASCII letters of a name",
    "edge/driver/color.py": "takes a number within its limits apart",
    "edge/driver/files/loaded.py": "reads driver files, which are code",
    "edge/driver/files/modules.py": "shows the lines of driver files, which are code",
    "edge/driver/parts.py": "reads nothing; the drivers on it are targets",
    "edge/driver/signs.py": "reads the table of a driver, which is code",
    "edge/driver/beside.py": "reads nothing: its docstring has an example of a driver",
    "edge/declarative/compiling/sending_driver.py": "reads nothing; `reading` is a target",
    "edge/transports/http/session_login.py": "only looks for words, by a pattern without choices",
    "edge/declarative/compiling/logins.py": "encodes a login",
    "edge/sentences.py": "reads only the sentences in code and in translations",
    "edge/declarative/bundled.py": "reads the index of the library itself",
    "edge/cli/check.py": "looks for drivers in files of the author, which are code",
    "edge/cli/lines_in.py": "takes any line as it is",
    "edge/cli/writing/small_functions.py": "reads nothing: it has the text of functions",
    "edge/cli/new.py": "reads the name that an author gives",
    "edge/cli/type_checkers.py": "reads what the author's own type checker writes",
    "edge/driver/validation.py": "reads classes of drivers, which are code",
    "edge/capabilities/spelling.py": "reads the names in declarations, which are code",
    "edge/transports/hiding.py": "decodes a secret of the device's own, to take it out of texts",
    "event.py": "reads the names of buttons that drivers give",
    "discovery/controllers.py": "reads the entries that Home Assistant has",
    "flows/setting_words.py": "reads the values of choices that drivers have",
    "flows/own_ports.py": "reads what the system says of this process",
}
MEMORY = 200 * MUCH  # XML's elements are large

every = pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)


@every
def test_what_was_found_before(target: Target) -> None:
    for data in (*target.seeds, *corpus.load(target.name)):
        target.examine(data)


@every
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(data=st.data(), random=st.randoms(use_true_random=False))
def test_changes_of_it(target: Target, data: st.DataObject, random: Random) -> None:
    known = st.sampled_from([*target.seeds, *corpus.load(target.name)])
    for _ in range(5):
        target.examine(mutated(data.draw(known), random))


@every
@settings(max_examples=20)
@given(st.binary(max_size=300))
def test_anything(target: Target, data: bytes) -> None:
    target.examine(data)


@every
def test_too_much(target: Target) -> None:
    for monster in monsters(target.seeds[0]):
        tracemalloc.start()
        try:
            target.examine(monster)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < MEMORY, f"{peak} bytes for {len(monster)}, {monster[:20]!r}"


# that it is worth something


@pytest.mark.parametrize("driver", registered())
def test_a_driver_understands_its_seeds(driver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[Device] = []
    monkeypatch.setattr(drivers, "check", checked.append)
    target = TARGETS[f"driver_{driver}"]
    for seed in target.seeds:
        target.run(seed)
        assert checked[-1].state.values()
        assert checked[-1].identity.unique_id
        assert not checked[-1].state.rejected


@pytest.mark.parametrize("logger", ["custom_components.lan_edge.switch", "lan_edge.device"])
def test_a_broken_promise_is_seen(logger: str) -> None:
    def read(data: bytes) -> None:
        if data == b"raise":
            raise KeyError(data)
        logging.getLogger(logger).error("%s", "x" * len(data))

    target = Target("x", read, (), ())
    target.examine(b"fine")
    for data in (b"raise", b"x" * 5000):
        with pytest.raises((KeyError, AssertionError)):
            target.examine(data)


def test_all_that_reads_others_words_is_a_target() -> None:
    covered = {name for target in TARGETS.values() for name in target.covers}
    sources = {str(p.relative_to(INTEGRATION)): p.read_text() for p in INTEGRATION.rglob("*.py")}
    assert covered <= sources.keys()
    reading = {name for name, source in sources.items() if READS.search(source)}
    assert reading - covered == HARMLESS.keys()


def test_an_input_is_kept_as_it_is() -> None:
    data = bytes(range(256)) + b"\\n\\\\"
    assert corpus._bytes(corpus._line(data)) == data
    assert "\n" not in corpus._line(data)


def test_the_corpus_is_small_and_of_targets() -> None:
    files = list(corpus.FOLDER.iterdir())
    assert {file.stem for file in files} == TARGETS.keys()
    assert sum(file.stat().st_size for file in files) < 1024 * 1024


# of the library, of the integration
@pytest.mark.parametrize("name", ["records", "typed_settings_forms"])
def test_what_an_input_reaches_is_seen(name: str) -> None:
    target = TARGETS[name]
    assert len(corpus.reached(target, target.seeds[0])) > 10
