"""The programs by which other projects play devices, in environments of their own.

`python -m tests.network.programs` installs them, which a network of one's own cannot.
"""

from pathlib import Path
import tarfile

from tests.drivers import miio_simulator
from tests.drivers.foreign import environment, has, run
from tests.real.process import REPOSITORY

from .counterparties import MiioSimulator, SonoffMock

FOLDER = REPOSITORY / ".venv-programs"
MIIO, SONOFF = FOLDER / "python-miio", FOLDER / "pysonofflanr3"
PACKAGE = "pysonofflanr3==1.1.4"
ITS_TIME = ("zeroconf==0.24.5", "urllib3<2", "flask==3.1.3")
"""What its mock and its client need, as they were then."""
MOCK = SONOFF / "sonoff_mock.py"


def missing() -> str:
    """Return what is not installed."""
    environments = {"python-miio": has(MIIO), "pysonofflanr3": has(SONOFF) and MOCK.exists()}
    return ", ".join(name for name, is_there in environments.items() if not is_there)


def install() -> None:
    """Install what is missing."""
    environment(MIIO, miio_simulator.PACKAGE)
    python = environment(SONOFF, PACKAGE, *ITS_TIME, pip=True)
    if not MOCK.exists():  # it is in the source archive, and not installed with the package
        options = ("--no-deps", "--no-binary", ":all:", "--dest", SONOFF)
        run(python, "-m", "pip", "download", *options, PACKAGE)
        MOCK.write_bytes(packed(next(SONOFF.glob("pysonofflanr3-*.tar.gz")), MOCK.name))


def packed(file: Path, name: str) -> bytes:
    """Return a file of an archive."""
    with tarfile.open(file) as archive:
        member = next(m for m in archive.getmembers() if m.name.endswith(f"/{name}"))
        content = archive.extractfile(member)
        assert content
        return content.read()


def xiaomi(host: str, model: str, folder: Path) -> MiioSimulator:
    """Return a simulator of a model, which has a folder of its own."""
    return MiioSimulator(host, environment(MIIO), folder / model, model)


def sonoff(host: str, own_id: str, kind: str, folder: Path) -> SonoffMock:
    """Return a mock of a kind, which has a folder of its own."""
    python = environment(SONOFF)
    return SonoffMock(host, python, folder / own_id, mock=MOCK, own_id=own_id, kind=kind)


if __name__ == "__main__":
    install()
