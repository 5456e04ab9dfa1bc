"""Devices that dial in."""
