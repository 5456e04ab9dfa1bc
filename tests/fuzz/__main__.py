"""Runs the engine on each target in turn, and keeps what it reached: see scripts/fuzz."""

from argparse import ArgumentParser
from pathlib import Path
import re
import subprocess
import sys
import tempfile

from . import corpus
from .everything import TARGETS, Target


def main() -> int:
    """Fuzz; return 1 where anything failed."""
    parser = ArgumentParser(
        prog="scripts/fuzz", description="Fuzz all that reads what others wrote."
    )
    parser.add_argument("--seconds", type=int, default=60, help="of each target")
    parser.add_argument("--failures", type=Path, default=Path(".fuzz/failures"))
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    told = parser.parse_args()
    told.failures.mkdir(parents=True, exist_ok=True)
    for name in told.targets or TARGETS:
        print(f"{name}: {_fuzzed(TARGETS[name], told.seconds, told.failures)}", flush=True)
    failures = sorted(told.failures.iterdir())
    print(*failures, sep="\n")
    return bool(failures)


def _fuzzed(target: Target, seconds: int, failures: Path) -> str:
    with tempfile.TemporaryDirectory(prefix="lan-edge-fuzz-") as name:
        folder = Path(name)
        for number, data in enumerate([*target.seeds, *corpus.load(target.name)]):
            (folder / f"known{number}").write_bytes(data)
        engine = (sys.executable, "-m", "tests.fuzz.engine")
        what = (target.name, str(seconds), str(folder), str(failures))
        done = subprocess.run([*engine, *what], capture_output=True, text=True, check=False)
        runs = re.findall(r"number_of_executed_units: (\d+)", done.stderr)
        kept = corpus.save(target, [path.read_bytes() for path in folder.iterdir()])
    told = f"{runs[-1]} runs" if runs else f"ended with {done.returncode}:\n{done.stderr[-2000:]}"
    return f"{told}, {kept} inputs kept\n{done.stdout}"


if __name__ == "__main__":
    sys.exit(main())
