"""Tests of the library: real sockets on loopback, no Home Assistant."""
