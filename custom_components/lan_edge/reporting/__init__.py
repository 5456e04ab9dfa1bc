"""What the owner and a bug report are told."""
