"""Lets `python -m lossacc_gui` start the program."""

import sys

from lossacc_gui.cli import main

if __name__ == "__main__":
    sys.exit(main())
