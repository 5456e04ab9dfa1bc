"""Tests of the transport over UDP, and of asking by it."""
