"""Driver files."""
