"""Describing a device in dialogs: what it talks, what it has, and its text."""
