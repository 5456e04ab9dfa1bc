"""Tests of what is kept of the past."""
