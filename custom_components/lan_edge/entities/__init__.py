"""Which entities and registry devices a device has, and how these follow its profile."""
