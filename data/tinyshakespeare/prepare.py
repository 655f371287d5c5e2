"""Prepare Tiny Shakespeare (plays, by characters) for training: ``python data/tinyshakespeare/prepare.py --help``.

Takes a folder you have (``--from``) with ``train.txt`` and ``valid.txt``, or with the whole ``input.txt``, or fetches
that (``--download``). Keeps the files as they came in ``raw/`` and writes ``processed/``. Running it again changes
nothing.

NOT TRIED: the download, which could not be opened where this was written.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from seq2seq.recipe_texts import TextCorpus, main


def cut(text: str) -> Mapping[str, str]:
    """Return the split that everybody takes: the first 90 % of the characters, and the rest."""
    border = int(0.9 * len(text))
    return {"train": text[:border], "valid": text[border:]}


CORPUS = TextCorpus(
    title="Tiny Shakespeare",
    forms=({"train": "train.txt", "valid": "valid.txt"},),
    whole="input.txt",
    cut=cut,
    address="https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/{name}",
    checksums={
        "train": "a9e24e23a1ec77744dad26844bfd5a09b6e041954e1eef0000e7f24cba6db735",
        "valid": "c54f3753a4e6e3c3d1759212815a7caf826e68a33021b25312984400bed40a1f",
    },
)

if __name__ == "__main__":
    sys.exit(main(CORPUS, Path(__file__).parent, None))
