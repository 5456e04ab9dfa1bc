"""Driver files: drivers that lie in a folder of the user's, and may change at any time."""
