"""Chaos: many devices, a plan of faults, commands and changes from a seed, and a verdict."""
