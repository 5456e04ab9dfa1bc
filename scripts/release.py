"""Checks and builds a release.

check VERSION   check that all files have this version, and that the changelog has its section
notes VERSION   print that section
build FOLDER    build the archive for HACS and the Marketplace, the wheel and the sdist in FOLDER
"""

import argparse
import json
from pathlib import Path
import re
import subprocess
import sys
import tomllib
import zipfile

ROOT = Path(__file__).parent.parent
INTEGRATION = Path("custom_components/lan_edge")
ARCHIVE = "lan_edge.zip"
"""The archive's name, as hacs.json has it."""
VERSION = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}")
UNRELEASED = "Unreleased"


def versions(root: Path) -> dict[str, str]:
    """Return the versions in the repository's files, by file."""
    manifest = INTEGRATION / "manifest.json"
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    return {
        str(manifest): json.loads((root / manifest).read_text())["version"],
        "pyproject.toml": project["version"],
    }


def sections(changelog: str) -> dict[str, str]:
    """Return the text under each heading of a changelog; a date in the heading is left out."""
    parts = re.split(r"^## +(\S+).*\n", changelog, flags=re.MULTILINE)[1:]
    return {heading: text.strip() for heading, text in zip(parts[::2], parts[1::2], strict=True)}


def problems(version: str, root: Path) -> list[str]:
    """Return the reasons why this version cannot be released."""
    found: list[str] = []
    if not VERSION.fullmatch(version):
        found.append(f"{version} is not a version: use three numbers, as in 1.2.3")
    found += [
        f"{file} has the version {other}"
        for file, other in versions(root).items()
        if other != version
    ]
    changes = sections((root / "CHANGELOG.md").read_text())
    if not changes.get(version):
        found.append(f"CHANGELOG.md has no text under {version}")
    if changes.get(UNRELEASED):
        found.append(f"CHANGELOG.md still has changes under {UNRELEASED}")
    return found


def notes(version: str, root: Path) -> str:
    """Return the text of a release: its section of the changelog."""
    return sections((root / "CHANGELOG.md").read_text())[version]


def pack(root: Path, archive: Path) -> None:
    """Write the integration's committed files into a reproducible archive."""
    folder = root / INTEGRATION
    listing = ["git", "-C", str(folder), "ls-files", "-z"]
    listed = subprocess.check_output(listing, text=True)  # noqa: S603  # a command of our own
    with zipfile.ZipFile(archive, "w") as packed:
        for name in sorted(filter(None, listed.split("\0"))):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, (folder / name).read_bytes(), zipfile.ZIP_DEFLATED)


def build_library(root: Path, folder: Path) -> None:
    """Build the sdist, and from it the wheel, with the packages that are installed here."""
    uv = [sys.executable, "-m", "uv", "build", "--quiet", "--python", sys.executable]
    command = [*uv, "--no-build-isolation", "--out-dir", str(folder), str(root)]
    subprocess.run(command, check=True)  # noqa: S603  # a command of our own


def build(root: Path, folder: Path) -> None:
    """Build everything that is attached to a release."""
    folder.mkdir(parents=True, exist_ok=True)
    pack(root, folder / ARCHIVE)
    build_library(root, folder)
    (folder / ".gitignore").unlink(missing_ok=True)  # uv creates one


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["check", "notes", "build"])
    parser.add_argument("argument", metavar="VERSION|FOLDER")
    given = parser.parse_args(arguments)
    if given.what == "build":
        build(root, Path(given.argument))
        return 0
    found = problems(given.argument, root)
    for problem in found:
        print(problem, file=sys.stderr)
    if given.what == "notes" and not found:
        print(notes(given.argument, root))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
