"""The library as a wheel, where nothing else of this repository is."""
