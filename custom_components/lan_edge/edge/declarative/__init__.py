"""Described devices: a text that says what a driver would, compiled into a driver."""
