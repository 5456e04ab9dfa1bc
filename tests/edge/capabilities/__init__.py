"""Tests of capabilities: how one is declared, and what its values can be."""
