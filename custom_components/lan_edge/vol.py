"""The schema library of Home Assistant, with its types.

At run time, `import voluptuous` imports probatio, Home Assistant's successor with the same
interface. Type checkers do not know that, and would reject schemas of voluptuous.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from probatio import All, Coerce, Invalid, Optional, Required, Schema
else:
    from voluptuous import All, Coerce, Invalid, Optional, Required, Schema

__all__ = ["All", "Coerce", "Invalid", "Optional", "Required", "Schema"]
