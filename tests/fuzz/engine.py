"""The coverage-guided engine (atheris, which is libFuzzer), on one target: what scripts/fuzz runs.

What fails is written down once for each place that fails, and it goes on.
"""

from pathlib import Path
from random import Random
import sys
import traceback

import atheris  # only scripts/fuzz has it

with atheris.instrument_imports(include=["custom_components.lan_edge", "lan_edge"]):
    from tests.fuzz.everything import TARGETS, Target
    from tests.fuzz.mutation import mutated

MAX_LENGTH = 4096


class Hunt:
    """One target, and the places where it failed."""

    def __init__(self, target: Target, failures: Path) -> None:
        self._target = target
        self._failures = failures
        self._places = set[str]()

    def __call__(self, data: bytes) -> None:
        """Examine an input."""
        try:
            self._target.examine(data)
        except Exception as err:  # noqa: BLE001  # any is what it is after
            self._note(err, data)

    def _note(self, err: Exception, data: bytes) -> None:
        frames = traceback.extract_tb(err.__traceback__)
        ours = [f for f in frames if "lan_edge" in f.filename] or frames
        place = f"{type(err).__name__} {Path(ours[-1].filename).name}:{ours[-1].lineno}"
        if place in self._places:
            return
        self._places.add(place)
        note = self._failures / f"{self._target.name}-{len(self._places)}.txt"
        note.write_text(f"{place}\n{data!r}\n\n{''.join(traceback.format_exception(err))}")
        print(f"{self._target.name}: {place}: see {note}", flush=True)


def mutate(data: bytes, max_size: int, seed: int) -> bytes:
    """Change a word mostly, a byte sometimes."""
    random = Random(seed)
    if random.random() < 0.3:
        return bytes(atheris.Mutate(data, max_size))
    return mutated(data, random)[:max_size]


def main() -> None:
    """Run a target on a folder of inputs. Arguments: TARGET SECONDS FOLDER FAILURES."""
    name, seconds, folder, failures = sys.argv[1:]
    options = (
        f"-max_total_time={seconds}",
        f"-max_len={MAX_LENGTH}",
        "-timeout=20",
        "-rss_limit_mb=1024",
        "-verbosity=0",
        "-print_final_stats=1",
        f"-artifact_prefix={failures}/{name}-",
    )
    hunt = Hunt(TARGETS[name], Path(failures))
    atheris.Setup([sys.argv[0], *options, folder], hunt, custom_mutator=mutate)
    atheris.Fuzz()  # which ends the process


if __name__ == "__main__":
    main()
