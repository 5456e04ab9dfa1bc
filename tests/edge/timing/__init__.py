"""Tests of our own asyncio pieces."""
