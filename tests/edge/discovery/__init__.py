"""Tests of sightings, matchers and active searches."""
