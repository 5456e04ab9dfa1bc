"""Tests of addresses, hosts and reachability."""
