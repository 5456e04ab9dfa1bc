"""Makes the folder `edge` importable as `lan_edge`, the only name by which the library is used.

Outside Home Assistant, the same folder is installed as the package `lan_edge`. Inside, it takes
precedence over an installed package of that name. Its other name,
`custom_components.lan_edge.edge`, leads to the same modules, or each class would exist twice.
"""

from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
import sys
from types import ModuleType
from typing import override

NAME = "lan_edge"
LONG_NAME = f"{__package__}.edge"
FOLDER = Path(__file__).parent / "edge"


class LibraryFinder(MetaPathFinder, Loader):
    """Finds the library by both of its names; comes first on `sys.meta_path`."""

    @override
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname == NAME:
            return spec_from_file_location(
                NAME, FOLDER / "__init__.py", submodule_search_locations=[str(FOLDER)]
            )
        is_long = f"{fullname}.".startswith(f"{LONG_NAME}.")
        return ModuleSpec(fullname, self) if is_long else None

    @override
    def exec_module(self, module: ModuleType) -> None:
        """Replace the empty module of the long name by the module of the short name."""
        long_name = module.__name__
        sys.modules[long_name] = import_module(NAME + long_name.removeprefix(LONG_NAME))


def provide_library() -> None:
    """Make `import lan_edge` import this folder; unload a package that came from elsewhere."""
    if not any(isinstance(finder, LibraryFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, LibraryFinder())
    if (other := sys.modules.get(NAME)) is not None and not _is_library(other):
        for name in [n for n in sys.modules if f"{n}.".startswith(f"{NAME}.")]:
            del sys.modules[name]


def _is_library(module: ModuleType) -> bool:
    file = FOLDER / "__init__.py"
    return module.__file__ is not None and file.samefile(module.__file__)


provide_library()
