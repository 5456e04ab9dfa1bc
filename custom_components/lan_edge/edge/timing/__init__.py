"""Our own asyncio pieces. Where one replaces a piece of asyncio, it says what that gains.

The gains were measured with CPython 3.14 on one core of a shared machine, on which a command takes
the library about 20 us of processor time; `python -m benchmarks.timing` measures them again.
"""
