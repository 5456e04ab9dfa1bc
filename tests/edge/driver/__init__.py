"""Tests of the driver class, and of what checks, registers and dispatches to it."""
