"""Texts of described devices: what there is of them, read, saved and fetched."""
