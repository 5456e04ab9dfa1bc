"""Whatever strangers and devices may send, thrown at all that reads it."""
