"""Descriptions that are made step by step, as a form does."""
