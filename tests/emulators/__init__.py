"""Devices made of software, written from their protocols, to test drivers against."""
