"""Discovery of new devices, and of new addresses of known devices."""
