"""Tests of keeping one device connected, mostly a scripted one."""
