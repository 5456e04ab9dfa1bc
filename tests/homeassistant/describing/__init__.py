"""Describing a device in dialogs."""
