"""Driver files in a running Home Assistant."""
