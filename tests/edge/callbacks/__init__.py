"""Tests of the hub as a server: devices call it on loopback."""
