"""The API reference: what docs/reference prints of the library's signatures and docstrings.

A page there is written by hand, but for what stands between two marks:

    <!-- reference: driver.pairing -->      all that is public of `lan_edge.driver.pairing`
    <!-- reference: driver.registry.Registry -->    one name of a module
    <!-- reference: names -->               every public name, by its page
    <!-- /reference -->
"""

from .library import Library
from .pages import Pages

__all__ = ["Library", "Pages"]
