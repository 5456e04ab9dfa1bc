"""Tests of the transports over TCP."""
