"""Prepare Multi30k (task 1, raw text) for training.

Reads a local folder (``--from``) or the dataset's public repository (``--download``), copies the originals to ``raw/``
and writes normalized, aligned text to ``processed/``. Running it again changes nothing.

UNTESTED: the download URLs come from the repository's list of files, but could not be reached during development.
Downloaded files pass the same checks as your own.
"""

import sys
from pathlib import Path

from seq2seq.corpus.normalization import normalize
from seq2seq.errors import UserError, nearest
from seq2seq.files.text_lines import lines
from seq2seq.recipes.recipe import About, Recipe, checksum, fetch, joined, write_once

ADDRESS = "https://raw.githubusercontent.com/multi30k/dataset/master/data/task1/raw/{name}.gz"
LANGUAGES = ("en", "de", "fr", "cs")
LINES = {"train": 29_000, "val": 1_014, "test_2016_flickr": 1_000, "test_2017_flickr": 1_000}
NEVER_MADE = {"test_2017_flickr.cs"}
# SHA-256 of the uncompressed text that the scores in docs/results.md were measured on.
CHECKSUMS = {
    "train.en": "460a15fbd157e34a7a9957ee388c1ca247fe47af3ef25fb50442af6c274e0fc6",
    "train.de": "2c2b73fd2b548fbcde3a875e0a78d6ee94d498bfdee6bd3eae3945779e9ddf72",
    "train.fr": "5925a3c18f1587b6b54b87743106e6e8ab93618edb6f65d19eac0621f853a10d",
    "train.cs": "2be68b38c8d586ff4f54eb13cc6e1baaaa053695b3f070d3038303a47f2268da",
    "val.en": "1f2a23d992769b5b3d209b0a10dd0b77c08cceb1f20dfb97ed0aafa49d107227",
    "val.de": "660e09eb7e1da2f856ea13ee5ad3cf6d36b3d5b0b733c857e94c5747a3dfc660",
    "val.fr": "5304e444d842e962b2dda4d816b70b22a1765b15401642b7ca37a67477e708dc",
    "val.cs": "d53827e469b0a1ca8d57e9e26b2b64c4bc4b33f5479c7b03ae87ae5c882c3e33",
    "test_2016_flickr.en": "399a4382932c1aadd3ceb9bef1008d388a64c76d4ae4e9d4728c6f4301cac182",
    "test_2016_flickr.de": "4be6b5b3236b79c25475c6bb829800a7ce559e9ba7a1f6c2394fe4d40be46d16",
    "test_2016_flickr.fr": "cb3160d69b002bb638e66cc7612fcd56cb0af82eadc9c142dedc438afb885ef6",
    "test_2016_flickr.cs": "45adb85f688de8407fddcbe1b36dca15d12aab868149b337e2576f2d6d2ff8d8",
    "test_2017_flickr.en": "ce1450ddc5ab0834502579d77a170849952e15a2938b34cc503bdc25ebb4fb98",
    "test_2017_flickr.de": "c3078bc3b36808bf9d20eb2347ed6137016179ef59ec0d2b9b8ecc3fb2880081",
    "test_2017_flickr.fr": "6f3764e31dac41e9455e612958bcfd4e877c5e15cd66df2c2b2be6d9bd83e5b6",
}


def obtain(name: str, raw: Path, given: Path | None, is_download: bool) -> Path:
    """Return the raw file of one split and language, copying or downloading it if needed.

    Args:
        name: Split and language, such as ``train.en``.
        raw: Folder of raw files.
        given: The user's folder, if there is one.
        is_download: Whether to download a missing file.

    Raises:
        UserError: If the file is missing and cannot be copied or downloaded.
    """
    kept = [path for path in (raw / name, raw / f"{name}.gz") if path.exists()]
    if given is not None:
        if not given.is_dir():
            raise UserError(f"There is no folder {given}: --from must name the folder with the files of Multi30k.")
        theirs = [path for path in (given / name, given / f"{name}.gz") if path.exists()]
        if not theirs:
            raise UserError(
                f"{given} has neither {name} nor {name}.gz; name the languages that you have with --languages."
            )
        copy = raw / theirs[0].name
        for stale in kept:
            if stale != copy:
                stale.unlink()
        write_once(copy, theirs[0].read_bytes())
        return copy
    if kept:
        return kept[0]
    if not is_download:
        raise UserError(f"There is no {raw / name}.gz yet: give --from FOLDER with your copy, or --download.")
    fetch(ADDRESS.format(name=name), raw / f"{name}.gz")
    return raw / f"{name}.gz"


def prepare(
    folder: Path, languages: list[str], given: Path | None, is_download: bool, expected: dict[str, int]
) -> None:
    """Write ``raw/`` and ``processed/`` for the chosen languages.

    Raises:
        UserError: If a language is unknown, or a file is missing, is not UTF-8, has an empty line,
            or has the wrong number of lines.
    """
    changed = 0
    for language in languages:
        if language not in LANGUAGES:
            raise UserError(
                f"There is no language '{language}'. {nearest(language, LANGUAGES)}There are: {', '.join(LANGUAGES)}."
            )
    for split, count in expected.items():
        for language in languages:
            name = f"{split}.{language}"
            if name in NEVER_MADE:
                continue
            source = obtain(name, folder / "raw", given, is_download)
            text = list(lines(source))
            if len(text) != count:
                raise UserError(f"{source} has {len(text):,} lines, but {split} of Multi30k has {count:,}.")
            if CHECKSUMS.get(name) != checksum(joined(text)):
                print(f"note: {source} differs from the text that docs/results.md was measured on", file=sys.stderr)
            clean = [normalize(line, "nfc") for line in text]
            if "" in clean:
                raise UserError(
                    f"{source}, line {clean.index('') + 1} is empty, so its translation has no counterpart."
                )
            changed += write_once(folder / "processed" / name, joined(clean))
    print(f"{folder / 'processed'}: {changed} files written, the others were up to date")


RECIPE = Recipe(
    "Multi30k (task 1)",
    About(
        name="multi30k",
        task="translation",
        languages=("en", "de", "fr", "cs"),
        size="31,014 captions, each in 4 languages",
        source="multi30k/dataset on GitHub, data/task1/raw",
        licence="none stated for the texts; for research, do not ship the text",
        configs=(
            "size/small translation/multi30k-en-de",
            "size/small translation/multi30k-de-en",
            "size/small translation/multi30k-en-fr",
        ),
    ),
    "train.en, train.de, val.en, ... (each may be gzipped)",
    tuple(
        f"{split}.{language}" for split in LINES for language in LANGUAGES if f"{split}.{language}" not in NEVER_MADE
    ),
    lambda request: prepare(
        request.folder, list(request.languages or LANGUAGES), request.given, request.is_download, LINES
    ),
    has_download=True,
    languages="en, de, fr and cs by default",
    checksums=CHECKSUMS,
)
