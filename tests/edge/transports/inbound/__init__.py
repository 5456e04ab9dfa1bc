"""Tests of the transport over WebSocket."""
