"""Finding devices, and keeping them, for programs of their own."""
