"""Every verb of use on a GPU gives the outputs of the CPU, and the loss in chunks is that of plain operations."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

import seq2seq
from seq2seq import cli
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SamplingOptions, of_sources
from seq2seq.models.joint.ensemble import Ensemble
from seq2seq.models.source_model import SourceModel
from seq2seq.training import loss as loss_module
from seq2seq.training.loss import cross_entropy, plain_cross_entropy
from tests.recorded import models

pytestmark = pytest.mark.gpu

TEXTS = ["the dog eats two books", "a big cat", "北京 today", "the old bird sees a small dog in Beijing"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Models of all tasks with random weights, and a file of texts."""
    place = tmp_path_factory.mktemp("models")
    models.write(place)
    for name in ("texts.txt", "targets.txt"):
        (place / name).write_text("\n".join(TEXTS) + "\n", encoding="utf-8")
    return place


@pytest.mark.parametrize(
    "typed",
    [
        ["translate", "translator", "texts.txt"],
        ["translate", "translator", "texts.txt", "--ensemble", "translator"],
        ["translate", "translator", "texts.txt", "--beam_size", "1", "--alignments"],
        ["translate", "deep", "texts.txt", "--nbest", "3"],
        ["translate", "feeder", "texts.txt"],
        ["translate", "translator", "texts.txt", "--lm", "author", "--lm_weight", "0.3"],
        ["translate", "translator", "texts.txt", "--reverse", "backward"],
        ["summarize", "summarizer", "texts.txt"],
        ["summarize", "looker", "texts.txt"],
        ["chat", "partner", "-p", "the dog eats", "--greedy"],
        ["chat", "listener", "-p", "the dog eats", "--greedy"],
        ["generate", "author", "--prompt", "the dog", "--greedy", "--max_tokens", "20"],
        ["score", "translator", "texts.txt", "targets.txt"],
        ["score", "author", "texts.txt"],
        ["evaluate", "translator", "--source", "texts.txt", "--target", "targets.txt", "--samples", "10"],
    ],
    ids=" ".join,
)
def test_a_verb_gives_what_the_cpu_gives(
    folder: Path, device: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, typed: Sequence[str]
) -> None:
    monkeypatch.chdir(folder)
    found = []
    for name in ("cpu", device):
        assert cli.main([*typed, "--device", name]) == 0
        found.append(capsys.readouterr().out)
    if typed[0] == "score":  # numbers differ in their last digits
        numbers = [
            [float(word) for word in text.split() if word.lstrip("-").replace(".", "", 1).isdigit()] for text in found
        ]
        assert numbers[1] == pytest.approx(numbers[0], rel=1e-3)
    else:
        assert found[1] == found[0]
    assert found[0].strip()


def test_samples_depend_on_the_seed_alone(folder: Path, device: str) -> None:
    model = seq2seq.load(folder / "translator", device=device)
    assert isinstance(model, SourceModel)
    decoding = Decoding(of_sources(model.search), SamplingOptions(seed=4), count=3)
    once, again = (model.decode(TEXTS, decoding) for _ in range(2))
    assert [[output.ids for output in outputs] for outputs in once] == [
        [output.ids for output in outputs] for outputs in again
    ]
    other = model.decode(TEXTS, Decoding(of_sources(model.search), SamplingOptions(seed=5), count=3))
    assert once != other
    assert isinstance(model.together(model).network, Ensemble)


@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("rdrop_weight", [0.0, 2.0])
def test_the_loss_in_chunks_is_that_of_plain_operations(
    device: str, precision: torch.dtype, rdrop_weight: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loss_module, "GPU_CHUNK_BYTES", 8 * 500 * 7)
    torch.manual_seed(1)
    states = torch.randn(40, 32, device=device, requires_grad=True)
    weight = torch.randn(500, 32, device=device, requires_grad=True)
    bias = torch.randn(500, device=device, requires_grad=True)
    target = torch.randint(0, 500, (20,), device=device).repeat_interleave(2)
    found = []
    for function in (cross_entropy, plain_cross_entropy):
        with torch.autocast(device, precision, enabled=precision != torch.float32):
            total, nll = function(states, weight, bias, target, 0.1, rdrop_weight=rdrop_weight)
        gradients = torch.autograd.grad(total, (states, weight, bias))
        found.append([total.detach(), nll, *gradients])
    tolerance = 1e-4 if precision == torch.float32 else 3e-2
    for ours, plain in zip(*found, strict=True):
        assert (ours - plain).norm() <= tolerance * plain.norm()
