"""Tests of a device at run time."""
