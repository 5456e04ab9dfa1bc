"""Home Assistant wants one of every integration with entries."""

from homeassistant.config_entries import ConfigFlow


class LineConfigFlow(ConfigFlow, domain="bench_line"):
    """No steps: the benchmark makes the entries itself."""
