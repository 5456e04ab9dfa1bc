"""Home Assistant's schema library under the name it is documented by.

Home Assistant answers `import voluptuous` with probatio, its successor with the same interface;
a type checker must know that, or it takes a schema for a foreign object.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from probatio import All, Coerce, Optional, Required, Schema
else:
    from voluptuous import All, Coerce, Optional, Required, Schema

__all__ = ["All", "Coerce", "Optional", "Required", "Schema"]
