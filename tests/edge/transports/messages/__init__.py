"""Tests of bytes made into messages."""
