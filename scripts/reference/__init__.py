"""The API reference: the library's signatures and docstrings, for docs/reference.

A page there is written manually, except for the text between two markers:

    <!-- reference: driver.pairing -->      everything public in `lan_edge.driver.pairing`
    <!-- reference: driver.registry.Registry -->    one name of a module
    <!-- reference: names -->               every public name, by its page
    <!-- /reference -->
"""

from .library import Library
from .pages import Pages

__all__ = ["Library", "Pages"]
