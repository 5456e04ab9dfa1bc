"""Descriptions that are made step by step."""
