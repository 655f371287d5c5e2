"""Training attention on alignments by the command: what it does to attention, resuming, and mistakes."""

from pathlib import Path

import pytest
import torch

from seq2seq.commands import fit
from seq2seq.errors import UserError
from seq2seq.models import bundle
from seq2seq.network.encoder_decoder import Network
from tests.seq2seq.reversing import sentences
from tests.seq2seq.trained import differences, fork, here, load

__all__ = ["here"]

OPTIONS = ["--size_defaults", "false", "--data.batches.max_tokens", "100", "--stopping.monitor", "loss"]
OPTIONS += ["--model.network.hidden_size", "32", "--model.network.embedding_size", "16", "--trainer.accelerator", "cpu"]
OPTIONS += ["--data.tokenizer.vocabulary_size", "290", "--model.schedule.warmup_steps", "2", "--model.network.heads=2"]
OPTIONS += ["--model.optimizer.learning_rate", "5e-3"]


@pytest.fixture
def train(here: Path) -> list[str]:
    """Tables for training and validation, the alignments of their mirrored words, and the options that name them."""
    for name, count, seed in (("train", 150, 1), ("validation", 30, 2)):
        pairs = sentences(count, seed)
        lines = ["source\ttarget", *(f"{one.source}\t{one.target}" for one in pairs)]
        (here / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        counts = [len(str(one.source).split()) for one in pairs]
        rows = (" ".join(f"{place}-{count - 1 - place}" for place in range(count)) + "\n" for count in counts)
        (here / f"{name}.align").write_text("".join(rows), encoding="utf-8")
    (here / "short.align").write_text("".join((here / "train.align").open().readlines()[:30]), encoding="utf-8")
    return ["reversing", "--data.train", "train.tsv", "--data.validation", "validation.tsv", *OPTIONS]


def mass(run: str) -> float:
    """Return the mean attention of a model on the aligned words of ten sentences that it has not seen."""
    loaded = bundle.load(Path(run))
    network = loaded.network
    assert isinstance(network, Network)
    source, target = loaded.tokenizers.source, loaded.tokenizers.target
    found = []
    for pair in sentences(10, 7):
        assert isinstance(pair.source, str)
        assert isinstance(pair.target, str)
        own, wanted = source.encode(pair.source), target.encode(pair.target)
        words = [
            [text[:start].count(" ") for start in side.starts(text, ids).tolist()]
            for side, text, ids in ((source, pair.source, own), (target, pair.target, wanted))
        ]
        memory = network.encode(torch.tensor([own]), torch.tensor([len(own)]))
        weights = network(memory, torch.tensor([[target.start, *wanted]])).weights[0]
        last = words[0][-1]
        is_linked = torch.tensor([[one == last - word for one in words[0]] for word in words[1]])
        found.append((weights[:-1] * is_linked).sum(1))
    return float(torch.cat(found).detach().mean())


@pytest.mark.slow
@pytest.mark.parametrize("attention", ["additive", "multihead"])
@pytest.mark.usefixtures("here")
def test_attention_follows_the_alignments(train: list[str], attention: str) -> None:
    typed = [*train, "--model.network.attention", attention, "--trainer.max_epochs", "8"]
    assert fit.main([*typed, "--run_dir", "plain"]) == 0
    guided = ["--data.alignment.files", "train.align", "--model.alignment_weight", "2"]
    assert fit.main([*typed, *guided, "--run_dir", "guided"]) == 0
    assert mass("guided") > mass("plain") + 0.05


@pytest.mark.usefixtures("here")
def test_a_weight_of_0_changes_nothing(here: Path, train: list[str]) -> None:
    assert fit.main([*train, "--trainer.max_epochs", "1", "--run_dir", "plain"]) == 0
    options = ["--data.alignment.files", "auto", "--model.alignment_weight", "0"]
    assert fit.main([*train, *options, "--trainer.max_epochs", "1", "--run_dir", "off"]) == 0
    one, two = (load(here / name)["state_dict"] for name in ("plain", "off"))
    assert all(torch.equal(one[name], two[name]) for name in one)


@pytest.mark.slow
def test_a_run_with_everything_resumes_exactly(here: Path, train: list[str]) -> None:
    typed = ["fit", *train, "--data.alignment.files", "auto", "--data.batches.sampling_alpha", "0.1"]
    typed += ["--data.reader.max_source_pieces", "12", "--data.mixture.tags", "a", "--trainer.max_epochs", "2"]
    typed += ["--model.network.source_word_dropout", "0.1", "--model.network.copying", "true"]
    whole = fork(here, *typed, "--run_dir", "whole")
    steps = load(here / "whole")["global_step"]
    part = fork(here, *typed, "--run_dir", "part", "--trainer.max_steps", str(steps // 2 + 1))
    refused = fork(here, "fit", "--run_dir", "part", "--resume", "--data.alignment.files", "train.align")
    assert refused.returncode == 2
    assert "the training data or data.seed is not that of the checkpoint" in refused.stderr
    rest = fork(here, "fit", "--run_dir", "part", "--resume", "--trainer.max_steps", "-1")
    assert [done.returncode for done in (whole, part, rest)] == [0, 0, 0], rest.stderr
    assert differences(here / "whole", here / "part") == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["train.align", "train.align"], r"data\.alignment\.files has 2 values, but data\.train names 1 corpus"),
        (
            ["short.align"],
            r"short\.align has 30 lines, but its corpus has more pairs \(the next is train\.tsv",
        ),
        (["nowhere.align"], r"No file nowhere\.align"),
        (["train.tsv"], r"train\.tsv:1: 'source' is no link of an alignment"),
        (["auto", "--model.network.attention", "none"], r"but model\.network\.attention is 'none': leave out the"),
        (["auto", "--data.alignment.source_tokens", "train.align"], r"data\.alignment\.files names no file"),
        (["auto", "--data.alignment.source_units", "letters"], r"source_units is 'letters', which does not exist"),
        (["auto", "--model.alignment_weight", "-1"], r"model\.alignment_weight is -1\.0, but it must not be negative"),
    ],
)
def test_mistakes_are_found_at_once(here: Path, train: list[str], options: list[str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        fit.main([*train, "--data.alignment.files", *options, "--run_dir", "run"])
    assert not (here / "run").exists()


@pytest.mark.usefixtures("here")
def test_files_without_training_data_are_refused() -> None:
    with pytest.raises(UserError, match=r"data\.alignment\.files names a\.align, but there is no data\.train"):
        fit.main(["reversing", "--data.alignment.files", "a.align"])
