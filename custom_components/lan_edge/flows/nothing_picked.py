"""What a required list suggests before anything is picked in it."""

NOTHING_PICKED = ""
"""The frontend would preset the first of its options otherwise."""
