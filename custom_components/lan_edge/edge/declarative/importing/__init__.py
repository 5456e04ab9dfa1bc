"""Imports: what owners already have for a device, as the draft of a description."""
