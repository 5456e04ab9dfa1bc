"""Which entities a device has, and how they come and go."""
