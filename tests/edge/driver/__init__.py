"""Tests of what a driver is, and of what reads, checks and finds one."""
