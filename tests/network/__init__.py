"""Real programs in a network of their own: Home Assistant, demo devices, namespaces."""
