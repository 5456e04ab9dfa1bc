"""Tests of the transports over HTTP."""
