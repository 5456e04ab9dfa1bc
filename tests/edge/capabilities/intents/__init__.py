"""Tests of what is wanted at once, and of the commands that express it."""
