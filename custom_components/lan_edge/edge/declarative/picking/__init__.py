"""Picking values from an example answer, so that nobody has to write their paths."""
