"""One TCP connection: lines, JSON-RPC, binary frames."""
