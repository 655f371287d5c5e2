"""Tests of ``seq2seq info``."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from seq2seq import cli
from seq2seq.decoding.options import RerankOptions, SamplingOptions
from seq2seq.models import bundle
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models


def test_it_tells_what_the_model_is(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["info", str(model)]) == 0
    shown = capsys.readouterr().out
    rows = dict(line.split(maxsplit=1) for line in shown.splitlines())
    assert rows["task"] == "toy: Toy sentences (seq2seq-toy 0.3; seq2seq mimic)"
    assert rows["languages"] == "en-zh"
    assert re.fullmatch(r".*/model, \d+\.\d kB", rows["folder"])
    assert rows["vocabulary"] == "346 joint (pieces and special tokens)"
    assert rows["network"] == "embedding_size 16, hidden_size 24"
    assert rows["search"] == "beam_size 3, max_length 12"
    assert rows["reader"] == "source_language en, target_language zh"
    assert rows["training"] == "1,234 steps, seed 7, seq2seq 0.1.0"
    assert rows["BLEU"] == "12.35 on validation (nrefs:1|tok:zh)"
    counts = [int(rows[part].replace(",", "")) for part in rows if part in ("encoder", "output", "source_embedding")]
    counts += [int(rows[part].replace(",", "")) for part in rows if part.startswith("decoder.")]
    assert sum(counts) == int(rows["weights"].split()[0].replace(",", ""))


def test_it_tells_how_a_model_draws_and_ranks(
    model: Path, tmp_path: Path, toy_tokenizers: Tokenizers, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["info", str(model), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["sampling"] is facts["rerank"] is None
    chatty = toy_models.write(
        tmp_path / "chatty", toy_tokenizers, sampling=SamplingOptions(top_p=0.9), rerank=RerankOptions()
    )
    assert cli.main(["info", str(chatty)]) == 0
    rows = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert rows["sampling"] == "top_p 0.9"
    assert rows["ranking"] == "all at their defaults"


def test_the_same_as_json(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["info", str(model), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["network"] == {"embedding_size": 16, "hidden_size": 24}
    assert facts["weights"] == sum(facts["weights_by_part"].values())
    assert facts["scores"][0]["name"] == "BLEU"
    assert facts["size_bytes"] == sum(path.stat().st_size for path in model.rglob("*") if path.is_file())


def test_a_missing_or_damaged_weight_file_is_named(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (model / bundle.WEIGHTS).write_bytes(b"nothing")
    assert cli.main(["info", str(model)]) == 2
    assert "is damaged or not a safetensors file" in capsys.readouterr().err
    (model / bundle.WEIGHTS).unlink()
    assert cli.main(["info", str(model)]) == 2
    assert "is incomplete: model.safetensors is missing" in capsys.readouterr().err


def test_options_are_not_abbreviated_and_the_nearest_is_named(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["info", str(model), "--jso"]) == 2
    assert capsys.readouterr().err == (
        "seq2seq: There is no option --jso. Did you mean '--json'? See seq2seq info --help.\n"
    )
    assert cli.main(["info"]) == 2
    assert "The following arguments are required: MODEL" in capsys.readouterr().err


def test_torch_is_not_needed(model: Path) -> None:
    code = "import sys; from seq2seq.cli import main; main(sys.argv[1:]); sys.exit('torch' in sys.modules)"
    paths = [str(model.parent / "site"), *sys.path]
    done = subprocess.run(
        [sys.executable, "-c", code, "info", str(model)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
