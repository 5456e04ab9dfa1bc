"""Runs the command line as `python -m lan_edge.cli`."""

import sys

from .main import main

if __name__ == "__main__":
    sys.exit(main())
