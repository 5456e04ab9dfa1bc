"""The bundled drivers against devices they did not write."""
