"""The texts of the user's described devices: listed, read, saved, fetched once from a URL."""
