"""A flow without steps, which Home Assistant requires of every integration with entries."""

from homeassistant.config_entries import ConfigFlow


class LineConfigFlow(ConfigFlow, domain="bench_line"):
    """Has no steps: the benchmark creates the entries itself."""
