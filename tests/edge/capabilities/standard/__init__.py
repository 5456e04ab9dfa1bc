"""Tests of the standard capabilities."""
