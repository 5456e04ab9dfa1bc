"""The command line, `lan-edge`: a file for each of its commands."""
