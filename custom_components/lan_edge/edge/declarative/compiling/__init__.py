"""The compiler: a description becomes a driver."""

from .compiler import compile_description, own_capabilities_of

__all__ = ["compile_description", "own_capabilities_of"]
