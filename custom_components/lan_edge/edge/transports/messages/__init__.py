"""Messages without I/O: framing, encoding, and the correlation of replies with requests."""
