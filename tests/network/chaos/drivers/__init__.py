"""Drivers of families that are only here: copied among those of the integration."""
