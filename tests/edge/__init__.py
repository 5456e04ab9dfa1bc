"""Tests of the library: real sockets on loopback, no Home Assistant."""

import pytest

pytest.register_assert_rewrite("tests.edge.peers", "tests.edge.transports.contract")
