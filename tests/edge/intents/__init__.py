"""Tests of what is wanted in one go."""
