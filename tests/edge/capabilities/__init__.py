"""Tests of capabilities: their definition and their values."""
