"""The schema library of Home Assistant, with its types.

At run time, `import voluptuous` returns probatio, Home Assistant's successor of it with the same
interface. Type checkers have to be told, or they reject our schemas as foreign objects.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from probatio import All, Coerce, Optional, Required, Schema
else:
    from voluptuous import All, Coerce, Optional, Required, Schema

__all__ = ["All", "Coerce", "Optional", "Required", "Schema"]
