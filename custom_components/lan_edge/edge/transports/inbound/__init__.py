"""Devices that connect to the hub by themselves."""
