"""Tests of one device kept connected, mostly with a scripted one."""
