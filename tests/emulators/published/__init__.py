"""Devices with an API that their makers publish, for which there are bundled descriptions.

Each is written from the page that its description names, not from the description.
"""
