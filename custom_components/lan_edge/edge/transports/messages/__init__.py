"""Messages without I/O: framing, encoding, and which reply answers which request."""
