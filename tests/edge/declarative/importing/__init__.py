"""Imports: what becomes of real texts, and what is said of the rest."""
