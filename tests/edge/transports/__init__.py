"""Tests of the transports, each against the same contract."""
