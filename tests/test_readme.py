"""What the README tells people to type works: its ``console`` blocks run as written, its Python too.

Trainings are cut to two steps and a short validation by options appended to them; everything else runs word for word.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.environments import REPOSITORY, run

LIMITS = (
    "-c size/tiny --trainer.max_epochs 1 --trainer.limit_train_batches 2 --trainer.limit_val_batches 1 "
    "--data.cache_dir cache"
)
TINY_VOCABULARY = "--data.tokenizer.vocabulary_size 400"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(path: Path, language: str) -> Iterator[str]:
    for kind, body in BLOCK.findall(path.read_text(encoding="utf-8")):
        if kind == language:
            yield body


def commands(path: Path) -> Iterator[str]:
    """The lines that follow a prompt; a line that ends with a backslash goes on."""
    for body in blocks(path, "console"):
        for line in body.replace("\\\n", " ").splitlines():
            if line.startswith("$ "):
                yield line.removeprefix("$ ")


def test_every_command_in_the_readme_exists() -> None:
    from seq2seq.cli import VERBS, loaded

    verbs = {*VERBS, *(task.verb for task in loaded()[0].values())}
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


@pytest.mark.slow
@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_readme_runs(name: str, tmp_path: Path) -> None:
    path = f'export PATH="{Path(sys.executable).parent}:$PATH"; set -euo pipefail; '
    found = list(commands(REPOSITORY / name))
    assert found, f"{name} has no console block"
    for suffix in ("en", "zh"):
        for split, lines in (("train", 2000), ("valid", 20), ("test", 20)):
            text = "".join(f"{number} {suffix} {number * 7}\n" for number in range(lines))
            (tmp_path / f"{split}.{suffix}").write_text(text, encoding="utf-8")
    limits = [*LIMITS.split(), *TINY_VOCABULARY.split()]
    for command in found:
        more = " ".join(limits) if "--data.train" in command else LIMITS
        limited = f"{command} {more}" if command.startswith("seq2seq fit") else command
        run(["bash", "-c", path + limited], tmp_path)
    for body in blocks(REPOSITORY / name, "python"):
        code = body.replace("\n])", "".join(f"\n    {word!r}," for word in limits) + "\n])")
        run([sys.executable, "-c", code], tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tutorial.md", "tutorial.zh.md"])
def test_the_tutorial_runs(name: str, tmp_path: Path) -> None:
    """Block by block, in order: its own data, trainings cut short, everything else word for word."""
    path = f'export PATH="{Path(sys.executable).parent}:$PATH"; set -eu; '
    for kind, body in BLOCK.findall((REPOSITORY / "docs" / name).read_text(encoding="utf-8")):
        if kind == "python":
            run([sys.executable, "-c", body], tmp_path)
        for line in body.replace("\\\n", " ").splitlines():
            if kind == "console" and line.startswith("$ "):
                command = line.removeprefix("$ ")
                limits = "--data.cache_dir cache" if "--resume" in command else f"{LIMITS} {TINY_VOCABULARY}"
                run(["bash", "-c", path + (f"{command} {limits}" if " fit " in command else command)], tmp_path)
    assert (tmp_path / "dates-model" / "model.safetensors").is_file()
    assert len((tmp_path / "out.iso").read_text(encoding="utf-8").splitlines()) == 500
