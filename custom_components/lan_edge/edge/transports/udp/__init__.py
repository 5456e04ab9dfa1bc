"""UDP: datagrams to a device, and from it."""
