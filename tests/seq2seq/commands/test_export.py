"""Tests of ``seq2seq export`` and ``seq2seq average`` on a run of ``fit``."""

import hashlib
import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import onnx
import pytest
import torch

from seq2seq import cli
from seq2seq.commands import export
from seq2seq.decoding.options import RerankOptions, SamplingOptions
from seq2seq.deployment import shortlist, web_folder
from seq2seq.evaluation import test_set
from seq2seq.models import bundle
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from seq2seq.plugin import DecodingDefaults
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import language_models, toy_task

Captured = pytest.CaptureFixture[str]
OPTIONS = """
--data.tokenizer.vocabulary_size 300 --model.network.hidden_size 16 --model.network.embedding_size 8
--model.validation.sentences 4 --trainer.max_epochs 3 --trainer.enable_progress_bar false --checkpoint.keep 3
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The toy task, installed for all tests here."""
    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        toy_task.install(folder, patch)
        drawing = DecodingDefaults(sampling=SamplingOptions(top_p=0.8), rerank=RerankOptions(candidates=7))
        patch.setattr(toy_task.Toy, "decoding", drawing)
        yield folder


@pytest.fixture(scope="module")
def run(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of three epochs on a few sentences."""
    folder = tmp_path_factory.mktemp("run")
    draw = random.Random(1)
    numbers = [[draw.randrange(10) for _ in range(draw.randint(1, 6))] for _ in range(60)]
    for name, vocabulary in (
        ("a.en", "one two three four five six seven eight nine ten"),
        ("a.zh", "一 二 三 四 五 六 七 八 九 十"),
    ):
        rows = [" ".join(vocabulary.split()[number] for number in row) for row in numbers]
        (folder / name).write_text("\n".join(rows) + "\n", encoding="utf-8")
    files = f"[{folder / 'a.en'},{folder / 'a.zh'}]"
    words = ["--data.train", files, "--data.validation", files, "--data.cache_dir", str(folder / "cache")]
    assert cli.main(["fit", "toy", *words, *OPTIONS.split(), "--run_dir", str(folder / "run")]) == 0
    return folder / "run"


def weights(folder: Path) -> torch.Tensor:
    return bundle.load(folder).torch_network.decoder.embedding.weight


def checkpoint_weights(path: Path) -> torch.Tensor:
    found = torch.load(path, weights_only=True)["state_dict"]["network.decoder.embedding.weight"]
    assert isinstance(found, torch.Tensor)
    return found


def test_the_best_weights_are_exported(run: Path, tmp_path: Path, capsys: Captured) -> None:
    assert cli.main(["export", str(run), str(tmp_path / "shared")]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'shared'}\n"
    assert torch.equal(weights(tmp_path / "shared"), checkpoint_weights(run / "checkpoints" / "best.ckpt"))
    assert bundle.load(tmp_path / "shared").config == bundle.load(run).config
    facts = bundle.load(run).config.training
    assert (facts.seed, facts.steps > 0, len(facts.config_hash)) == (1, True, 16)


def test_a_checkpoint_that_does_not_fit_takes_no_memory(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    checkpoint = torch.load(run / "checkpoints" / "last.ckpt", weights_only=True)
    checkpoint["seq2seq"]["network"]["decoder_layers"] = 2
    torch.save(checkpoint, tmp_path / "other.ckpt")
    built: list[Network] = []
    original = bundle.network_for

    def network_for(options: NetworkOptions, tokenizers: Tokenizers) -> Network:
        built.append(original(options, tokenizers))
        return built[-1]

    monkeypatch.setattr(bundle, "network_for", network_for)
    assert cli.main(["export", str(run), str(tmp_path / "x"), "--checkpoint", str(tmp_path / "other.ckpt")]) == 2
    assert "does not fit its network: weight decoder.bridge" in capsys.readouterr().err
    assert [next(one.parameters()).device.type for one in built] == ["meta"]


def test_how_the_task_draws_and_ranks_is_kept(run: Path, tmp_path: Path) -> None:
    assert cli.main(["export", str(run), str(tmp_path / "last"), "--checkpoint", "last"]) == 0
    for folder in (run / "bundle", tmp_path / "last"):
        config = bundle.read_config(folder)
        assert (config.sampling, config.rerank) == (SamplingOptions(top_p=0.8), RerankOptions(candidates=7))


def test_any_checkpoint_is_exported(run: Path, tmp_path: Path, capsys: Captured) -> None:
    first = min((run / "checkpoints").glob("step=*.ckpt"))
    for typed, path in (("last", run / "checkpoints" / "last.ckpt"), (str(first), first)):
        place = tmp_path / path.stem
        assert cli.main(["export", str(run), str(place), "--checkpoint", typed]) == 0
        assert torch.equal(weights(place), checkpoint_weights(path))


def test_half_the_size(run: Path, tmp_path: Path, capsys: Captured) -> None:
    assert cli.main(["export", str(run), str(tmp_path / "half"), "--half"]) == 0
    assert cli.main(["export", str(tmp_path / "half"), str(tmp_path / "whole")]) == 0
    sizes = [(tmp_path / name / bundle.WEIGHTS).stat().st_size for name in ("half", "whole")]
    assert sizes[0] < 0.6 * sizes[1]
    assert torch.allclose(weights(tmp_path / "half"), weights(run), atol=1e-3)
    assert torch.equal(weights(tmp_path / "half"), weights(tmp_path / "whole"))


def test_an_average_lies_between(run: Path, tmp_path: Path, capsys: Captured) -> None:
    assert cli.main(["average", str(run), "--last", "2", "-o", str(tmp_path / "mean")]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'mean'}\n"
    one, two = (checkpoint_weights(path) for path in sorted((run / "checkpoints").glob("step=*.ckpt"))[-2:])
    assert not torch.equal(one, two)
    assert torch.allclose(weights(tmp_path / "mean"), (one + two) / 2, atol=1e-6)
    assert bundle.load(tmp_path / "mean").config.training.scores == ()  # these weights have no scores
    assert cli.main(["average", str(run)]) == 0
    assert (run / "average" / bundle.WEIGHTS).is_file()
    capsys.readouterr()
    assert cli.main(["average", str(run)]) == 2  # existing files, such as an evaluation, are kept
    assert "average exists already: choose another name for the new model folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("average RUN --last 4", "has kept the weights of 3 validations, but --last 4 is needed"),
        ("average RUN --last 0", "has kept the weights of 3 validations, but --last 0 is needed"),
        ("average RUNN", "No run folder"),
        ("average RUN/checkpoints", "is not a run folder: it contains no config.yaml"),
        ("average RUN -o RUN", "exists already: choose another name for the new model folder, or remove it"),
        ("export RUN RUN/bundle", "exists already"),
        ("export RUN RUN/config.yaml", "exists already"),
        ("export RUN RUN/new --checkpoint bst", "No checkpoint bst"),
        ("export RUN RUN/new --checkpoint RUN/config.yaml", "is not a checkpoint of seq2seq"),
        ("export RUN/bundle RUN/new --checkpoint last", "is a model folder: it has no checkpoints. Leave out"),
        ("export RUN RUN/new --precision int8", "--format torch stores weights in float16 or float32, not in int8."),
        ("export RUN RUN/new --format onnx --half", "--format onnx stores weights in int8 or float32, not in float16."),
        ("export RUN RUN/new --half --precision float32", "--half is float16, but --precision is float32: leave one"),
    ],
)
def test_mistakes_are_sentences(run: Path, capsys: Captured, words: str, sentence: str) -> None:
    assert cli.main([word.replace("RUN", str(run)) for word in words.split()]) == 2
    assert sentence in capsys.readouterr().err
    assert not (run / "new").exists()


def test_a_foreign_pickle_is_no_checkpoint(run: Path, tmp_path: Path, capsys: Captured) -> None:
    torch.save({"weights": torch.zeros(3)}, tmp_path / "other.ckpt")
    assert cli.main(["export", str(run), str(tmp_path / "new"), "--checkpoint", str(tmp_path / "other.ckpt")]) == 2
    assert "is not a checkpoint of seq2seq: it contains no model of ours" in capsys.readouterr().err


def test_a_checkpoint_of_another_run_is_refused(run: Path, tmp_path: Path, capsys: Captured) -> None:
    checkpoint = torch.load(run / "checkpoints" / "best.ckpt", weights_only=True)
    checkpoint["seq2seq"]["tokenizer"] = "0" * 64
    torch.save(checkpoint, tmp_path / "other.ckpt")
    assert cli.main(["export", str(run), str(tmp_path / "new"), "--checkpoint", str(tmp_path / "other.ckpt")]) == 2
    assert "The checkpoint does not belong to the run" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_an_average_is_scored_on_the_splits_of_its_run(run: Path) -> None:
    place = run / "bundle"
    assert test_set.run_of(place) == test_set.run_of(run / "average") == run.resolve()


def test_the_exported_model_works(run: Path, tmp_path: Path, capsys: Captured) -> None:
    assert cli.main(["export", str(run), str(tmp_path / "shared")]) == 0
    assert cli.main(["info", str(tmp_path / "shared")]) == 0
    assert "en-zh" in capsys.readouterr().out
    (tmp_path / "in.txt").write_text("one two\n\n", encoding="utf-8")
    assert cli.main(["mimic", str(tmp_path / "shared"), str(tmp_path / "in.txt")]) == 0
    assert len(capsys.readouterr().out.split("\n")) == 3


@pytest.fixture(scope="module")
def exported(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run's model for ONNX Runtime."""
    folder = tmp_path_factory.mktemp("exported") / "model"
    assert cli.main(["export", str(run), str(folder), "--format", "onnx"]) == 0
    return folder


def test_a_model_for_onnx_runtime_is_compared_with_pytorch(run: Path, tmp_path: Path, capsys: Captured) -> None:
    assert cli.main(["export", str(run), str(tmp_path / "x"), "--format", "onnx", "--precision", "float32"]) == 0
    shown = capsys.readouterr()
    assert shown.out == f"{tmp_path / 'x'}\n"
    assert shown.err.startswith("On 60 validation texts 100.0% of its outputs equal the PyTorch model's, and")
    facts = json.loads((tmp_path / "x" / "config.json").read_text(encoding="utf-8"))
    assert (facts["precision"], facts["export"]["examples"], facts["export"]["equal_outputs"]) == ("float32", 60, 1.0)
    assert 0 < facts["export"]["largest_difference"] < 1e-5
    assert shown.err.strip() in (tmp_path / "x" / "README.md").read_text(encoding="utf-8")
    files = {path.name for path in (tmp_path / "x").iterdir()}
    assert files == {"README.md", "config.json", "encode.onnx", "step.onnx", "tokenizer"}


@pytest.mark.parametrize(("form", "folder"), [("onnx", "."), ("web", "model")])
def test_a_shortlist_is_made_of_the_training_text_unless_it_is_off(
    form: str, folder: str, run: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shortlist, "LEAST_PIECES", 1)
    monkeypatch.setattr(toy_task.ToyReader, "SOURCE_FORM", "text", raising=False)  # a page cannot run its `finish`
    for name in web_folder.RUNTIME_FILES:
        (tmp_path / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(web_folder, "runtime_folder", lambda: tmp_path)
    for choice in ("auto", "off"):
        assert cli.main(["export", str(run), str(tmp_path / choice), "--format", form, "--shortlist", choice]) == 0
    names = [{path.stem for path in (tmp_path / choice / folder).iterdir()} for choice in ("auto", "off")]
    assert names[0] - names[1] == {"output", "candidates"}
    assert names[1] <= names[0]
    capsys.readouterr()
    assert cli.main(["export", str(run), str(tmp_path / "shared")]) == 0
    assert cli.main(["export", str(tmp_path / "shared"), str(tmp_path / "none"), "--format", form]) == 0
    assert "It has no shortlist, because there was no training text." in capsys.readouterr().err
    assert not list((tmp_path / "none").rglob("candidates.*"))


def test_eight_bits_are_stored_and_described(exported: Path, capsys: Captured) -> None:
    for path in exported.glob("*.onnx"):
        matrices = [weight.data_type for weight in onnx.load(path).graph.initializer if len(weight.dims) > 1]
        assert onnx.TensorProto.INT8 in matrices, path.name
    assert cli.main(["info", str(exported)]) == 0
    assert "ONNX Runtime; it needs no PyTorch" in capsys.readouterr().out
    assert cli.main(["info", str(exported), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["engine"], facts["precision"], facts["not_finite"]) == ("onnx", "int8", [])


def test_a_model_folder_is_converted_without_a_comparison_but_not_back(
    run: Path, exported: Path, tmp_path: Path, capsys: Captured
) -> None:
    assert cli.main(["export", str(run), str(tmp_path / "shared")]) == 0
    capsys.readouterr()
    assert cli.main(["export", str(tmp_path / "shared"), str(tmp_path / "graphs"), "--format", "onnx"]) == 0
    told = "It was not compared with the PyTorch model, because there was no validation text."
    assert capsys.readouterr().err == f"{told} {tmp_path / 'shared'} is a model folder without its run.\n"
    assert cli.main(["export", str(exported), str(tmp_path / "back")]) == 2
    assert "is a model for use without PyTorch: give the run or the model folder" in capsys.readouterr().err
    assert not (tmp_path / "back").exists()


def test_a_run_whose_texts_are_gone_is_exported_without_a_comparison(
    run: Path, tmp_path: Path, capsys: Captured
) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(run, moved)
    config = (moved / "config.yaml").read_text(encoding="utf-8")
    (moved / "config.yaml").write_text(config.replace(str(run.parent), "/nowhere"), encoding="utf-8")
    assert cli.main(["export", str(moved), str(tmp_path / "graphs"), "--format", "onnx"]) == 0
    assert "because there was no validation text. No file /nowhere/a.en, which" in capsys.readouterr().err


def test_the_engine_is_chosen_by_the_folder_or_by_an_option(
    run: Path, exported: Path, tmp_path: Path, capsys: Captured
) -> None:
    source = tmp_path / "in.txt"
    source.write_text("one two\nthree\n", encoding="utf-8")
    outputs = []
    for words in ([str(run)], [str(run), "--engine", "torch"], [str(exported)], [str(exported), "--engine", "onnx"]):
        assert cli.main(["mimic", *words, str(source), "--beam_size", "2", "--threads", "2"]) == 0
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1]
    assert outputs[2] == outputs[3]
    assert cli.main(["mimic", str(run), str(source), "--engine", "onnx"]) == 2
    assert "is no model for ONNX Runtime: make one of it, seq2seq export" in capsys.readouterr().err
    assert cli.main(["mimic", str(exported), str(source), "--engine", "torch"]) == 2
    assert "has no weights for PyTorch: give the run or the model folder that it was" in capsys.readouterr().err
    assert cli.main(["mimic", str(exported), str(source), "--device", "cuda"]) == 2
    assert "a model for ONNX Runtime computes on the cpu" in capsys.readouterr().err


@pytest.mark.parametrize("package", ["onnx", "onnxruntime"])
def test_a_missing_package_is_named(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured, package: str
) -> None:
    monkeypatch.setattr(export, "find_spec", lambda name: None if name == package else object())
    assert cli.main(["export", str(run), str(tmp_path / "x"), "--format", "onnx"]) == 2
    assert f"needs the package {package}: pip install 'lstm-seq2seq[onnx]'" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_an_exported_model_is_evaluated_listed_and_protected(exported: Path, tmp_path: Path, capsys: Captured) -> None:
    source, target = tmp_path / "in.txt", tmp_path / "out.txt"
    source.write_text("one two\nthree\n", encoding="utf-8")
    target.write_text("one two\nthree\n", encoding="utf-8")
    place = tmp_path / "reports"
    given = ["--source", str(source), "--target", str(target), "--output", str(place / "evaluation")]
    assert cli.main(["evaluate", str(exported), *given]) == 0
    recipe = json.loads((place / "evaluation" / "report.json").read_text(encoding="utf-8"))["recipe"]
    listed = "".join(
        f"{hashlib.sha256((exported / name).read_bytes()).hexdigest()}  {name}\n"
        for name in ("encode.onnx", "step.onnx")
    )
    assert recipe["model"]["weights_sha256"] == hashlib.sha256(listed.encode()).hexdigest()
    assert recipe["software"]["engine"] == "onnx"
    capsys.readouterr()
    assert cli.main(["report", str(exported.parent)]) == 0
    assert "incomplete" not in capsys.readouterr().out
    for name in ("step.onnx", "encode.onnx"):
        before = (exported / name).read_bytes()
        assert cli.main(["mimic", str(exported), str(source), "--output", str(exported / name)]) == 2
        assert "would overwrite a part of the model" in capsys.readouterr().err
        assert (exported / name).read_bytes() == before


def test_an_exported_language_model_is_evaluated(tmp_path: Path, toy_tokenizers: Tokenizers) -> None:
    writer = language_models.write(tmp_path / "writer", toy_tokenizers)
    text = tmp_path / "text.txt"
    text.write_text("the big dog eats two books\na small cat\n" * 5, encoding="utf-8")
    assert cli.main(["export", str(writer), str(tmp_path / "x"), "--format", "onnx", "--precision", "float32"]) == 0
    losses = []
    for model in (writer, tmp_path / "x"):
        place = tmp_path / f"report of {model.name}"
        assert cli.main(["evaluate", str(model), "--data", str(text), "--output", str(place)]) == 0
        scores = json.loads((place / "report.json").read_text(encoding="utf-8"))["figures"]
        losses.append({score["name"]: score["value"] for score in scores if "per" in score["name"]})
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)
    assert losses[0]
