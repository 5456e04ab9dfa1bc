"""Tests of custom_components/lan_edge/media_player."""
