"""Prepare chatterbot-corpus (questions to a chatbot) for training: ``python data/chatterbot/prepare.py --help``.

Downloads the Python package ``chatterbot-corpus`` with your ``pip``, or reads a local folder (``--from``) that either
contains the package's wheel or is its ``data`` folder, with one folder of YAML files per language. Copies the YAML
files to ``raw/`` and writes the chosen languages (``--languages english chinese``) to ``processed/``. Running it again
changes nothing; remove ``raw/`` to download again.
"""

import argparse
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from seq2seq.corpus.conversations import chatterbot
from seq2seq.corpus.normalization import comparable
from seq2seq.errors import UserError, WorldError, nearest
from seq2seq.recipes.dialogues import Placed, Turns, conversations, key, write_splits
from seq2seq.recipes.recipe import run, write_once
from seq2seq.recipes.splits import SPLITS, report, split_of

PACKAGE = "chatterbot-corpus"
WHEEL = "chatterbot_corpus-*.whl"
LANGUAGES = ("english", "chinese")
# Fraction of the questions that go to the test set; the validation set gets the same fraction.
SHARE = 0.05
TIMEOUT_S = 300


def fetch(folder: Path) -> None:
    """Download the package's wheel into a folder with pip, without installing it.

    Raises:
        WorldError: If pip fails; the error includes pip's message.
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    print(f"fetching {PACKAGE} with pip", file=sys.stderr)
    try:
        done = subprocess.run(
            [*command, "--dest", str(folder), PACKAGE], capture_output=True, encoding="utf-8", timeout=TIMEOUT_S
        )
    except subprocess.TimeoutExpired as fault:
        raise WorldError(f"pip did not download {PACKAGE} within {TIMEOUT_S} seconds.") from fault
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
        raise WorldError(
            f"pip could not download {PACKAGE} ({errors[-1] if errors else 'no message'}). Download its wheel in "
            "another way, put it into a folder and give --from FOLDER."
        )


def files_of(given: Path) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Yield the path (LANGUAGE/NAME.yml) and content of each YAML file in a folder, or in the wheel it contains.

    Raises:
        UserError: If there are none.
    """
    wheels = sorted(given.glob(WHEEL))
    is_some = False
    if wheels:
        try:
            with zipfile.ZipFile(wheels[-1]) as wheel:
                for name in map(PurePosixPath, sorted(wheel.namelist())):
                    if name.suffix == ".yml" and len(name.parts) == 4:
                        is_some = True
                        yield PurePosixPath(*name.parts[2:]), wheel.read(str(name))
        except zipfile.BadZipFile as fault:
            raise UserError(f"{wheels[-1]} is damaged: {fault}.") from fault
    else:
        for path in sorted(given.glob("*/*.yml")):
            is_some = True
            yield PurePosixPath(path.parent.name, path.name), path.read_bytes()
    if not is_some:
        raise UserError(f"{given} contains neither a wheel {WHEEL} nor files LANGUAGE/NAME.yml.")


def read(path: Path) -> Placed:
    """Yield the conversations of a YAML file.

    Raises:
        UserError: If the file is not YAML, or if its conversations are not lists of strings.
    """
    for number, texts in enumerate(chatterbot.turns(path), start=1):
        yield f"{path}, item {number}", texts


def divided(members: Sequence[Turns]) -> dict[str, list[Turns]]:
    """Split conversations by a hash of their first turn, which keeps all answers to a question in one split."""
    splits: dict[str, list[Turns]] = {split: [] for split in SPLITS}
    seen = set()
    for turns in members:
        if key(turns) in seen:
            continue
        seen.add(key(turns))
        splits[split_of(comparable(turns[0]) or turns[0], SHARE)].append(turns)
    return splits


def prepare(folder: Path, given: Path | None, languages: Sequence[str]) -> None:
    """Write ``raw/`` and ``processed/``.

    Raises:
        UserError: If a file is missing or damaged, or if a language is unknown.
        WorldError: If the package cannot be downloaded.
    """
    raw = folder / "raw"
    if given is not None:
        for name, content in files_of(given):
            write_once(raw / name, content)
    elif not any(raw.glob("*/*.yml")):
        with tempfile.TemporaryDirectory() as place:
            fetch(Path(place))
            for name, content in files_of(Path(place)):
                write_once(raw / name, content)
    there = sorted({path.parent.name for path in raw.glob("*/*.yml")})
    members: list[Turns] = []
    for language in languages:
        if language not in there:
            raise UserError(
                f"There is no language '{language}'. {nearest(language, there)}There are: {', '.join(there)}."
            )
        for path in sorted((raw / language).glob("*.yml")):
            members += conversations(read(path), str)[0]
    splits = divided(members)
    changed = write_splits(folder / "processed", splits, {})
    report(folder / "processed", splits, "conversations", changed)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the recipe as a command."""
    parser = argparse.ArgumentParser(description=f"Prepare {PACKAGE}.", allow_abbrev=False)
    parser.add_argument("--from", dest="given", type=Path, metavar="FOLDER", help="folder with its wheel or YAML files")
    parser.add_argument("--languages", nargs="+", default=LANGUAGES, metavar="NAME", help="english chinese (default)")
    parser.add_argument(
        "--to", type=Path, default=Path(__file__).parent, metavar="FOLDER", help="where raw/ and processed/ go"
    )
    options = parser.parse_args(arguments)
    return run(lambda: prepare(options.to, options.given, options.languages))


if __name__ == "__main__":
    sys.exit(main())
