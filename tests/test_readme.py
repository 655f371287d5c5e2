"""What the README tells people to type works: its ``console`` blocks run as written, its Python too.

Trainings are cut to two steps and a short validation by options appended to them; everything else runs word for word.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.environments import REPOSITORY, run

CACHE = "--data.cache_dir cache"
LIMITS = f"-c size/tiny --trainer.max_epochs 1 --trainer.limit_train_batches 2 --trainer.limit_val_batches 1 {CACHE}"
TINY_VOCABULARY = "--data.tokenizer.vocabulary_size 400"
COMMENT = re.compile(r" +#.*")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def code_of(page: str) -> Iterator[tuple[str, str]]:
    """Yield the kind and the code of each program and command; a command follows a prompt, a backslash continues it."""
    for kind, body in BLOCK.findall((REPOSITORY / page).read_text(encoding="utf-8")):
        if kind == "python":
            yield kind, COMMENT.sub("", body)
        elif kind == "console":
            for line in body.replace("\\\n", " ").splitlines():
                if line.startswith("$ "):
                    yield kind, line.removeprefix("$ ")


def test_every_command_in_the_readme_exists() -> None:
    from seq2seq.plugin.registry import surveyed
    from seq2seq.verbs import VERBS

    verbs = {*VERBS, *(task.verb for task in surveyed().tasks.values())}
    for name in ("README.md", "README.zh.md"):
        text = (REPOSITORY / name).read_text(encoding="utf-8")
        for verb in re.findall(
            r"^(?:\$ )?(?:.*\| )?seq2seq ([a-z]+)", "\n".join(body for _, body in BLOCK.findall(text)), re.M
        ):
            assert verb in verbs, f"{name}: seq2seq {verb}"


def test_every_make_target_in_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.M))
    for name in ("README.md", "README.zh.md", "CONTRIBUTING.md"):
        for target in re.findall(r"(?:^|`)make ([a-z-]+)", (REPOSITORY / name).read_text(encoding="utf-8"), re.M):
            assert target in targets, f"{name}: make {target}"


def run_code(kind: str, code: str, folder: Path, own_data: str) -> None:
    """Run a command or program; a training is cut short, with a tiny vocabulary if its options hold `own_data`."""
    limits = f"{LIMITS} {TINY_VOCABULARY}" if own_data in code else LIMITS
    if kind == "python":
        more = "".join(f"\n    {word!r}," for word in limits.split())
        run([sys.executable, "-c", code.replace("\n])", f"{more}\n])")], folder)
        return
    if " --resume" in code:
        limits = CACHE
    command = f"{code} {limits}" if code.startswith("seq2seq fit") else code
    options = "set -eu" if "| head" in code else "set -euo pipefail"  # head ends the programs before it
    run(["bash", "-c", f'export PATH="{Path(sys.executable).parent}:$PATH"; {options}; {command}'], folder)


def run_both(english: str, chinese: str, folder: Path, own_data: str = "") -> None:
    """Run the English page in a folder, block by block, and of the Chinese page what differs, in its folder ``zh``."""
    (folder / "zh").mkdir()
    (folder / "zh" / "runs").symlink_to(folder / "runs")
    for (kind, code), (other, translated) in zip(code_of(english), code_of(chinese), strict=True):
        assert kind == other
        run_code(kind, code, folder, own_data)
        if translated != code:
            assert "seq2seq fit" not in code, "the pages train alike"
            run_code(kind, translated, folder / "zh", own_data)


@pytest.mark.slow
def test_the_readme_runs_in_both_languages(tmp_path: Path) -> None:
    for suffix in ("en", "zh"):
        for split, lines in (("train", 2000), ("valid", 20), ("test", 20)):
            text = "".join(f"{number} {suffix} {number * 7}\n" for number in range(lines))
            (tmp_path / f"{split}.{suffix}").write_text(text, encoding="utf-8")
    run_both("README.md", "README.zh.md", tmp_path, own_data="data.train")


@pytest.mark.slow
def test_the_tutorial_runs_in_both_languages(tmp_path: Path) -> None:
    run_both("docs/tutorial.md", "docs/tutorial.zh.md", tmp_path)
    assert (tmp_path / "dates-model" / "model.safetensors").is_file()
    assert len((tmp_path / "out.iso").read_text(encoding="utf-8").splitlines()) == 500
    assert len((tmp_path / "zh" / "test.text").read_text(encoding="utf-8").splitlines()) == 500
