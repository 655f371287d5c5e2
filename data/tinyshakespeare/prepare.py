"""Prepare Tiny Shakespeare (plays, by characters) for training: ``python data/tinyshakespeare/prepare.py --help``.

Takes a folder you have (``--from``) with ``train.txt`` and ``valid.txt``, or with the whole ``input.txt``, or fetches
that (``--download``). Keeps the files as they came in ``raw/`` and writes ``processed/``. Running it again changes
nothing.

NOT TRIED: the download, which could not be opened where this was written.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from seq2seq.recipes.texts import TextCorpus, main


def cut(text: str) -> Mapping[str, str]:
    """Return the split that everybody takes: the first 90 % of the characters, and the rest, to be tested on."""
    border = int(0.9 * len(text))
    return {"train": text[:border], "valid": text[border:]}


CORPUS = TextCorpus(
    title="Tiny Shakespeare",
    forms=({"train": "train.txt", "valid": "valid.txt"},),
    whole="input.txt",
    cut=cut,
    held_out=0.05,
    address="https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/{name}",
    checksums={
        "train": "1b8118cb0c900bb2732e31cf74304b7c92ae802124999b50ab65ac4fd600323f",
        "held_out": "71dd63284b04ce33f1e02fc80185b13f8bb37e9fbb28aaca068849de00a3e0fb",
        "valid": "c54f3753a4e6e3c3d1759212815a7caf826e68a33021b25312984400bed40a1f",
    },
)

if __name__ == "__main__":
    sys.exit(main(CORPUS, Path(__file__).parent, None))
