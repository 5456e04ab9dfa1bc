"""Our own additions to asyncio; each that replaces a part of asyncio says what that gains.

The figures are of CPython 3.14 on a machine where the library spends about 20 us of processor time
on a command; `python -m benchmarks.timing` measures them again.
"""

from .slices import run_in_slices

__all__ = ["run_in_slices"]
