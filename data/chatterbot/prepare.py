"""Prepare this corpus in this folder: ``seq2seq data prepare chatterbot``."""

import sys
from pathlib import Path

from seq2seq.cli import main

if __name__ == "__main__":
    sys.exit(main(["data", "prepare", "chatterbot", "--output", str(Path(__file__).parent), *sys.argv[1:]]))
