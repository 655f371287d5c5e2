"""``seq2seq generate MODEL FOLDER --output FOLDER --workers N``: the samples of one process, by index, resumable."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import seq2seq
from seq2seq.batch_jobs.inputs import InputFile
from seq2seq.batch_jobs.prompts import load_worker
from seq2seq.batch_jobs.shards import cut
from seq2seq.cli import main
from seq2seq.command_line.outputs import one_line
from seq2seq.commands.generate import parser
from seq2seq.corpus.reader import Reader
from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.models.language_model import LanguageModel
from seq2seq.network.options import NetworkOptions
from tests.recorded.models import MODELS, SEARCH, drawn, trained
from tests.seq2seq.text_files import read_parquet, write_parquet

Captured = pytest.CaptureFixture[str]
PROMPTS = ["the dog", "", "大狗", "the dog", "a cat sees", "the dog", "in Beijing"]


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A language model that samples."""
    folder = tmp_path_factory.mktemp("author") / "model"
    task, reader, shape, others = MODELS["author"]
    options, tokenizers = NetworkOptions(embedding_size=16, hidden_size=24, **shape), trained()
    config = BundleConfig(task, options, reader, replace(SEARCH, beam_size=1, max_length=12), **others)
    bundle.save(folder, drawn(options, tokenizers, 8, -1), config, tokenizers)
    return folder


def job(author: Path, given: Path, output: Path, *options: str) -> int:
    words = ["generate", str(author), str(given), "--output", str(output), "--shard_lines", "5", "--max_tokens", "9"]
    return main([*words, *options])


def expected(author: Path, *, count: int = 1) -> list[list[str]]:
    """Return the continuations of one process."""
    model = seq2seq.load(author)
    assert isinstance(model, LanguageModel)
    decoding = model.decoding
    decoding = replace(decoding, search=replace(decoding.search, max_length=9))
    return [[output.text for output in outputs] for outputs in model.decode(PROMPTS, decoding, count=count)]


def test_samples_are_those_of_one_process(author: Path, tmp_path: Path, capsys: Captured) -> None:
    given, output = tmp_path / "in", tmp_path / "out"
    given.mkdir()
    (given / "a.txt").write_text("\n".join(PROMPTS) + "\n", encoding="utf-8")
    rows = [json.dumps({"id": number, "prompt": prompt}) for number, prompt in enumerate(PROMPTS)]
    (given / "b.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    write_parquet(given / "c.parquet", {"prompt": PROMPTS})
    assert job(author, given, output, "--workers", "2") == 0
    assert f"{output}: 21 prompts in 3 files; 21 now, " in capsys.readouterr().out
    texts = [prompt + text for prompt, (text,) in zip(PROMPTS, expected(author), strict=True)]
    assert len(set(texts)) > 5  # equal prompts are continued differently
    assert (output / "a.txt").read_text(encoding="utf-8").splitlines() == [one_line(text) for text in texts]
    objects = [json.loads(line) for line in (output / "b.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["id"], row["output"]) for row in objects] == list(enumerate(texts))
    assert read_parquet(output / "c.parquet")["output"] == texts
    assert job(author, given, output, "--workers", "1") == 0
    assert "all were there already" in capsys.readouterr().out
    assert job(author, given, output, "--workers", "1", "--seed", "9") == 2
    assert "has outputs of another job: --seed was not given, now 9" in capsys.readouterr().err


def test_a_sample_does_not_depend_on_prompts_that_fail(author: Path, tmp_path: Path) -> None:
    options = parser("generate").parse_intermixed_args(
        [str(author), "--max_tokens", "9", "--num", "2", "--no_prompt", "--source_field", "text"]
    )
    options.verb = "generate"
    lines = [json.dumps({"text": prompt}) for prompt in PROMPTS]
    lines[1] = "{"
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    worker = load_worker(options)
    results = [worker.apply(shard) for shard in cut(InputFile(path, "a"), Reader(source_field="text"), 1)]
    assert len(results) == 2
    rows = [json.loads(line) for result in results for line in result.payload.splitlines()]
    wanted = expected(author, count=2)
    assert rows[1]["output"] is None
    for row, texts in [(row, texts) for row, texts in zip(rows, wanted, strict=True) if row["output"] is not None]:
        assert [one["output"] for one in row["outputs"]] == texts
        assert row["output"] == texts[0]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("IN", "INPUT belongs to a job of several processes, with a prompt in each line: add --workers N, or give"),
        ("--output OUT", "--output belongs to a job of several processes, with a prompt in each line"),
        ("--shard_lines 5", "--shard_lines belongs to a job of several processes: add --workers N."),
        ("IN --workers 1 --output OUT --prompt a", "--prompt does not go with --workers, which decodes a prompt in"),
        ("--workers 1 --output OUT", "--workers needs files or folders: seq2seq generate MODEL FOLDER"),
        (
            "IN --workers 1 --output OUT --max_tokens 0",
            "--max_tokens is 0, but texts of several processes need a limit",
        ),
        ("IN --workers 1 --output OUT --greedy --seed 2", "--seed is for sampling, but --greedy does not sample"),
        ("IN --workers 1 --output OUT --num 0", "--num is 0"),
    ],
)
def test_mistakes(options: str, sentence: str, author: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "IN").write_text("a\n", encoding="utf-8")
    words = [str(tmp_path / word) if word in ("IN", "OUT") else word for word in options.split()]
    assert main(["generate", str(author), *words]) == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "OUT").exists()
