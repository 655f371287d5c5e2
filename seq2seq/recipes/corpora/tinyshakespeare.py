"""Prepare Tiny Shakespeare (plays, character level) for training.

Reads a local folder (``--from``) with ``train.txt`` and ``valid.txt``, or with the whole text ``input.txt``, or
downloads the latter (``--download``). Copies the originals to ``raw/`` and writes ``processed/``. Running it again
changes nothing.

UNTESTED: the download URL could not be reached during development.
"""

from collections.abc import Mapping

from seq2seq.recipes.recipe import About
from seq2seq.recipes.texts import TextCorpus, recipe


def cut(text: str) -> Mapping[str, str]:
    """Split as usual: the first 90 % of the characters for training, the rest for testing."""
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

RECIPE = recipe(
    CORPUS,
    About(
        name="tinyshakespeare",
        task="generation",
        languages=("en",),
        size="1.1 million characters",
        source="karpathy/char-rnn on GitHub, data/tinyshakespeare/input.txt",
        licence="public domain",
        configs=("generation/tinyshakespeare",),
    ),
)
