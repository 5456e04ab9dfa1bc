"""Tests of the transport for UPnP devices."""
