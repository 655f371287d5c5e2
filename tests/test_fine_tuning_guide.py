"""The commands of ``docs/fine-tuning.md`` work, in the order of the page, on small files."""

import re
import shlex
from pathlib import Path

import pytest

from tests import forked
from tests.environments import REPOSITORY
from tests.seq2seq.trained import environment

PAGE = (REPOSITORY / "docs" / "fine-tuning.md").read_text(encoding="utf-8")
BRIEF = ["--trainer.max_steps", "2", "--trainer.accelerator", "cpu", "--model.validation.decode_every", "0"]
BRIEF += ["--stopping.monitor", "loss"]
SMALL = ["--model.network.hidden_size", "8", "--model.network.embedding_size", "8"]
FILES = ("general", "general-valid", "general-test", "medical", "medical-valid", "strings", "strings-valid")


def commands() -> list[list[str]]:
    """Return the words of each command of the page."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return [shlex.split(line) for block in blocks for line in block.replace("\\\n", " ").splitlines()]


@pytest.mark.slow
def test_every_command_of_the_page_works(tmp_path: Path) -> None:
    for number, name in enumerate(FILES):
        rows = [f"we see {number} {row} small boats\t我们看见 {number} {row} 小船" for row in range(30)]
        (tmp_path / f"{name}.tsv").write_text("\n".join(["source\ttarget", *rows]) + "\n", encoding="utf-8")
    (tmp_path / "monolingual.txt").write_text("我们看见小船\n小船\n", encoding="utf-8")
    (tmp_path / "vectors.en.txt").write_text("small 1 2 3 4 5 6 7 8\nboats 8 7 6 5 4 3 2 1\n", encoding="utf-8")
    typed = commands()
    assert len(typed) >= 9
    for program, *words in typed:
        assert program == "seq2seq"
        more = [] if words[0] != "fit" else BRIEF if "--init_from" in words else [*BRIEF, *SMALL]
        arguments = [*words, *more]
        done = forked.launch(tmp_path, environment(tmp_path), lambda arguments=arguments: forked.command(arguments))  # type: ignore[misc]
        assert done.returncode == 0, (words, done.stderr)
    written = (tmp_path / "synthetic.tsv").read_text(encoding="utf-8").splitlines()
    assert [row.split("\t")[1] for row in written[1:]] == ["我们看见小船", "小船"]
    assert (tmp_path / "runs" / "mixed" / "forgetting.json").is_file()


def test_the_page_names_every_part_that_can_be_frozen() -> None:
    from seq2seq.run_setup.training_options import FREEZABLE

    assert [part for part in FREEZABLE if f"`{part}`" not in PAGE] == []
