"""Transports on one TCP connection: lines, JSON-RPC, binary frames."""
