"""Tests of intents, and of the commands that express them."""
