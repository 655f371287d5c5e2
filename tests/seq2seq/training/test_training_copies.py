"""Training models that copy: subwords, whole words with unknown ones, coverage that begins late."""

import json
from pathlib import Path

import pytest
import torch

from seq2seq import cli
from seq2seq.commands import fit
from seq2seq.decoding.options import SamplingOptions
from tests.seq2seq.decoded import sampled, searched, source_model
from tests.seq2seq.trained import here, load

__all__ = ["here"]

WORDS = ["--data.tokenizer.model", "word", "--data.tokenizer.vocabulary_size", "8", "--model.network.copying", "true"]


def test_coverage_begins_late(here: Path) -> None:
    options = ["--model.network.coverage", "true", "--trainer.max_epochs", "1", "--trainer.max_steps"]
    late = ["--model.coverage.score_start_step", "2"]
    assert fit.main(["reversing", "--run_dir", "before", *options, "2", *late]) == 0
    assert fit.main(["reversing", "--run_dir", "after", *options, "4", *late]) == 0
    name = "network.decoder.attention.cover"
    assert not load(here / "before")["state_dict"][name].any()
    assert load(here / "after")["state_dict"][name].any()


@pytest.mark.parametrize("joint", ["true", "false"])
@pytest.mark.usefixtures("here")
def test_unknown_words_are_copied_from_the_command_line_to_the_report(
    joint: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [f"name{number} said ab , name{number + 1} said cd ." for number in range(60)]
    corpus = "".join(json.dumps({"source": line, "target": line.split(",")[0] + "."}) + "\n" for line in lines)
    Path("train.jsonl").write_text(corpus, encoding="utf-8")
    options = [*WORDS, "-c", "size/tiny", "--data.tokenizer.joint", joint, "--data.train", "[train.jsonl]"]
    options += ["--data.validation", "[train.jsonl]", "--trainer.max_epochs", "12", "--data.batches.max_tokens", "200"]
    options += ["--model.optimizer.learning_rate", "0.01", "--model.schedule.warmup_steps", "5"]
    options += ["--trainer.check_val_every_n_epoch", "12"]
    assert fit.main(["reversing", "--run_dir", "run", *options]) == 0
    model = source_model("run")
    assert not model.tokenizers.target.has_bytes
    asked = "Größe said ab , 猫猫 said cd ."
    (output,) = searched(model, [asked], attention=True)[0]
    assert "⁇" not in output.text
    assert len(output.copied) == len(output.pieces)
    assert max(output.copied) > 0.5
    assert all(0 <= share <= 1 for share in output.copied)
    assert "Größe" in output.text
    unheard, heard = model.score([asked, asked], ["zebra said ab .", "Größe said ab ."])
    assert heard.tokens == unheard.tokens
    drawn = sampled(model, [asked], SamplingOptions(top_k=1))[0][0]
    assert "⁇" not in drawn.text
    capsys.readouterr()
    assert cli.main(["evaluate", "run", "--data", "train.jsonl", "--sentences", "20", "--samples", "0"]) == 0
    report = json.loads((here / "run" / "evaluation-file-train" / "report.json").read_text(encoding="utf-8"))
    shown = [one for one in report["predictions"] if one["attention" if "attention" in one else "index"]]
    assert any(one["copied"] for one in shown)
    page = (here / "run" / "evaluation-file-train" / "report.html").read_text(encoding="utf-8")
    assert "copied" in page


def test_a_bundle_copies_like_the_network_it_was_made_of(here: Path) -> None:
    options = ["--model.network.copying", "true", "--data.tokenizer.joint", "false", "--trainer.max_epochs", "1"]
    assert fit.main(["reversing", "--run_dir", "run", *options]) == 0
    network = source_model("run").torch_network
    source, target = (source_model("run").tokenizers.source, source_model("run").tokenizers.target)
    ids = source.encode("ab cde")
    written = network.copies[torch.tensor(ids)].tolist()
    assert [source.spelling(one) for one in ids] == [target.spelling(two) for two in written]
