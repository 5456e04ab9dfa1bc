"""Tests of custom_components/lan_edge/entities."""
