"""Model folders: they load as saved, nothing in them is executed, and each fault gives one sentence."""

import errno
import json
import pickle
import resource
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from seq2seq.decoding.options import RerankOptions, SamplingOptions
from seq2seq.errors import UserError, WorldError
from seq2seq.files import atomic_folders
from seq2seq.models import bundle
from seq2seq.models.lengths import Lengths
from seq2seq.network.options import NetworkOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models, toy_task
from tests.seq2seq.kills import kills, names

pytestmark = pytest.mark.usefixtures("real_disk")


@pytest.fixture(autouse=True)
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The toy task, installed."""
    toy_task.install(tmp_path / "site", monkeypatch)


@pytest.fixture
def folder(tmp_path: Path, toy_tokenizers: Tokenizers) -> Path:
    """A bundle."""
    return toy_models.write(tmp_path / "model", toy_tokenizers, shout=True)


def change(folder: Path, **values: object) -> None:
    path = folder / bundle.CONFIG
    described = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**described, **values}), encoding="utf-8")


@pytest.mark.parametrize("tied", ["none", "output", "all"])
@pytest.mark.parametrize("layer_norm", ["none", "gates"])
def test_what_goes_in_comes_out(tmp_path: Path, toy_tokenizers: Tokenizers, tied: str, layer_norm: str) -> None:
    options = NetworkOptions(embedding_size=16, hidden_size=24, tied_embeddings=tied, layer_norm=layer_norm)
    before = toy_models.network(toy_tokenizers, options)
    bundle.save(tmp_path / "m", before, toy_models.config(options), toy_tokenizers)
    torch.manual_seed(5)
    generator = torch.get_rng_state()
    after = bundle.load(tmp_path / "m")
    assert torch.equal(torch.get_rng_state(), generator)
    assert after.config == toy_models.config(options)
    assert after.tokenizers.digest() == toy_tokenizers.digest()
    assert not after.torch_network.training
    for name, tensor in before.state_dict().items():
        assert torch.equal(after.torch_network.state_dict()[name], tensor)
    is_tied = after.torch_network.output.weight is after.torch_network.decoder.embedding.weight
    assert is_tied == (tied != "none")
    assert (after.torch_network.source_embedding.weight is after.torch_network.output.weight) == (tied == "all")
    stored = load_file(tmp_path / "m" / bundle.WEIGHTS)
    assert sum(tensor.numel() for tensor in stored.values()) == before.weight_count()
    assert {tensor.dtype for tensor in stored.values()} == {torch.float32}


def test_half_the_size_is_loaded_as_float32(folder: Path, toy_tokenizers: Tokenizers) -> None:
    whole = (folder / bundle.WEIGHTS).stat().st_size
    bundle.save(folder, toy_models.network(toy_tokenizers), toy_models.config(), toy_tokenizers, "float16")
    assert (folder / bundle.WEIGHTS).stat().st_size < 0.6 * whole
    loaded = bundle.load(folder).torch_network
    assert loaded.output.weight.dtype == torch.float32
    assert torch.allclose(loaded.output.weight, toy_models.network(toy_tokenizers).output.weight, atol=1e-3)
    assert json.loads((folder / bundle.CONFIG).read_text(encoding="utf-8"))["precision"] == "float16"


def test_saving_twice_writes_the_same_bytes(tmp_path: Path, toy_tokenizers: Tokenizers) -> None:
    one, two = (toy_models.write(tmp_path / name, toy_tokenizers) for name in ("one", "two"))
    for path in (path for path in one.rglob("*") if path.is_file()):
        assert path.read_bytes() == (two / path.relative_to(one)).read_bytes()


def test_a_run_folder_stands_for_its_bundle(tmp_path: Path, folder: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    folder.rename(run / "bundle")
    assert bundle.find(run) == run / "bundle"
    assert bundle.load(run).folder == run / "bundle"


def test_the_card_says_what_the_model_is(folder: Path) -> None:
    card = (folder / "README.md").read_text(encoding="utf-8")
    for part in ("# Toy en-zh", "bidirectional LSTM encoder (1 layer)", "general attention", "toy corpus", "seed 7"):
        assert part in card
    assert '```python\nimport seq2seq\nmodel = seq2seq.load("PATH/TO/THIS/FOLDER")\nprint(model.mimic(["..."]))' in card
    assert "| BLEU | 12.35 | validation | `nrefs:1\\|tok:zh` |" in card
    assert "lose content" in card


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("model.safetensors", "is incomplete: model.safetensors is missing"),
        ("tokenizer/tokenizer.json", "contains no tokenizer"),
        ("tokenizer/joint.model", "No tokenizer model"),
    ],
)
def test_a_missing_file_is_named(folder: Path, name: str, sentence: str) -> None:
    (folder / name).unlink()
    with pytest.raises(UserError, match=sentence):
        bundle.load(folder)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"format": 2}, "has format 2, but seq2seq .* reads format 1: install the version that wrote it"),
        ({"task": "toi"}, "No task named 'toi'. Did you mean 'toy'\\?"),
        ({"network": {"hiden_size": 3}}, "NetworkOptions has no option 'hiden_size'. Did you mean 'hidden_size'\\?"),
        ({"network": {"hidden_size": "wide"}}, "network.hidden_size must be a whole number, but it is a text"),
        ({"network": {"hidden_size": 1 << 63}}, "a whole number, but it is an integer outside the 64-bit range"),
        ({"network": [1]}, "config.json: network must be a mapping of names to values, but it is a list"),
        ({"search": None}, "config.json: search must be a mapping of names to values, but it is null"),
        ({"search": {"banned": [3]}}, "config.json: search.banned must be a list, but it is a list"),
        ({"training": {"scores": {"name": "BLEU"}}}, "config.json: training.scores must be a list, but it is a map"),
        ({"training": {"scores": [{"name": None}]}}, r"training.scores\[0\].name must be a text, but it is null"),
        ({"reader": "os.system"}, "config.json: reader must be a mapping of names to values, but it is a text"),
        ({"reader": {"options": {"class_path": "os.system"}}}, "its reader has no option 'class_path'"),
        ({"task": ["toy"]}, "config.json: task must be a text, but it is a list"),
        ({"sampling": 3}, "config.json: sampling must be a mapping of names to values, but it is a whole number"),
        ({"source_vocabulary": None}, "source_vocabulary must be a whole number, but it is null"),
        ({"reader": {"options": {"whisper": 1}}}, "another version of task 'toy': its reader has no option 'whisper'"),
        ({"target_vocabulary": 3}, "config.json says 3 target pieces, but the tokenizer has 346"),
        (
            {"network": {**toy_models.NETWORK.to_json(), "hidden_size": 48}},
            "does not fit config.json: weight decoder.attention.key.weight has the shape \\[24, 24\\], "
            "but the options make it \\[48, 48\\]",
        ),
        (
            {"network": {**toy_models.NETWORK.to_json(), "decoder_layers": 2}},
            "does not fit config.json: weight decoder.bridge.project.bias has the shape",
        ),
        (
            {"network": {**toy_models.NETWORK.to_json(), "tied_embeddings": "none", "readout_size": 16}},
            "weight output.weight is missing",
        ),
        (
            {"network": {**toy_models.NETWORK.to_json(), "bridge": "copy"}},
            "the options know no weight decoder.bridge.project",
        ),
    ],
)
def test_a_config_that_does_not_fit_is_refused(folder: Path, values: dict[str, object], sentence: str) -> None:
    change(folder, **values)
    with pytest.raises(UserError, match=sentence):
        bundle.load(folder)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "config.json is damaged or not JSON: a key in double"),
        ("[]", "names no format"),
        ('{"a": 1}', "names no format"),
    ],
)
def test_a_damaged_config_is_named(folder: Path, text: str, sentence: str) -> None:
    (folder / bundle.CONFIG).write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=sentence):
        bundle.load(folder)


class Evil:
    """Runs code when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("raise SystemExit('the pickle ran')",)


def test_no_pickle_is_loaded_under_any_name(tmp_path: Path, folder: Path) -> None:
    weights = folder / bundle.WEIGHTS
    torch.save({"evil": Evil()}, weights)
    with pytest.raises(UserError, match="is a pickle under another name; pickles are never loaded"):
        bundle.load(folder)
    weights.write_bytes(pickle.dumps(Evil(), protocol=0))
    with pytest.raises(UserError, match="is damaged or not a safetensors file"):
        bundle.load(folder)
    checkpoint = tmp_path / "best.ckpt"
    torch.save({"evil": Evil()}, checkpoint)
    with pytest.raises(UserError, match=r"a pickle, which is never loaded as a model.*seq2seq export RUN FOLDER"):
        bundle.load(checkpoint)


def test_cut_off_weights_are_refused(folder: Path) -> None:
    weights = folder / bundle.WEIGHTS
    weights.write_bytes(weights.read_bytes()[:-4])
    with pytest.raises(UserError, match="is damaged or not a safetensors file"):
        bundle.load(folder)


def test_what_is_no_model_is_told_from_a_model(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(UserError, match=r"modle: .* Did you mean 'model'\?"):
        bundle.find(tmp_path / "modle")
    with pytest.raises(
        UserError, match=r"There is no folder .*nowhere/at/all: a model is a run folder, .*exported folder\.$"
    ):
        bundle.find(tmp_path / "nowhere/at/all")
    with pytest.raises(UserError, match=rf"is not a model, but contains {folder}: name one of these\."):
        bundle.find(tmp_path)
    with pytest.raises(UserError, match=r"contains neither config.json"):
        bundle.find(folder / bundle.TOKENIZER)
    page = tmp_path / "page"
    (page / "model").mkdir(parents=True)
    (page / "index.html").touch()
    with pytest.raises(UserError, match=r"page is a page for browsers: seq2seq export RUN FOLDER --format onnx makes"):
        bundle.find(page)
    with pytest.raises(
        UserError, match=r"config.json is a file: MODEL is a run folder or a model folder. MODEL comes before"
    ):
        bundle.find(folder / "config.json")
    run = tmp_path / "run"
    run.mkdir()
    (run / "config.yaml").touch()
    with pytest.raises(UserError, match=r"is a run that has left no model yet.*--checkpoint last"):
        bundle.find(run)


def test_nothing_but_a_bundle_is_overwritten(tmp_path: Path, toy_tokenizers: Tokenizers) -> None:
    place = tmp_path / "thesis"
    place.mkdir()
    toy_models.write(place, toy_tokenizers)  # an empty folder may be used
    toy_models.write(place, toy_tokenizers)  # a bundle may be replaced
    (place / bundle.WEIGHTS).unlink()
    with pytest.raises(UserError, match="is not empty and contains no model"):
        toy_models.write(place, toy_tokenizers)
    with pytest.raises(UserError, match="is a file; a model is a folder"):
        toy_models.write(place / "README.md", toy_tokenizers)


def test_the_place_may_be_here(tmp_path: Path, toy_tokenizers: Tokenizers, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    toy_models.write(Path(), toy_tokenizers)
    assert bundle.load(tmp_path / "here").config.task == "toy"


def test_a_full_disk_leaves_the_old_model_whole(folder: Path, toy_tokenizers: Tokenizers) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 15, hard))
    try:
        with pytest.raises(WorldError, match="could not be written: File too large"):
            bundle.save(folder, toy_models.network(toy_tokenizers), toy_models.config(), toy_tokenizers)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(".")] == []


def test_a_rename_that_fails_brings_the_old_model_back(
    folder: Path, toy_tokenizers: Tokenizers, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def fail(_one: Path, _other: Path) -> bool:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(atomic_folders, "exchange", fail)
    with pytest.raises(WorldError, match="could not be written: No space left on device"):
        bundle.save(folder, toy_models.network(toy_tokenizers), toy_models.config(), toy_tokenizers)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_how_a_model_draws_and_ranks_is_kept(tmp_path: Path, toy_tokenizers: Tokenizers) -> None:
    sampling, rerank = SamplingOptions(top_p=0.9, seed=3), RerankOptions(candidates=7)
    chatty = toy_models.write(tmp_path / "chatty", toy_tokenizers, sampling=sampling, rerank=rerank)
    config = bundle.read_config(chatty)
    assert config.lengths is None
    lengthy = replace(config, lengths=Lengths(52, 30, 0.75))
    bundle.save(chatty, toy_models.network(toy_tokenizers), lengthy, toy_tokenizers)
    assert bundle.read_config(chatty) == lengthy
    assert (config.sampling, config.rerank) == (sampling, rerank)


def test_models_from_before_there_were_draws_are_read(folder: Path) -> None:
    path = folder / bundle.CONFIG
    described = json.loads(path.read_text(encoding="utf-8"))
    assert described.pop("sampling") is described.pop("rerank") is None
    assert described.pop("lengths") is None
    for name in ("no_repeat_source_ngram", "repetition_penalty", "banned", "groups", "diversity", "patience"):
        del described["search"][name]
    path.write_text(json.dumps(described), encoding="utf-8")
    assert bundle.read_config(folder) == toy_models.config(shout=True)


def no_swap(_one: Path, _other: Path) -> bool:
    """Act like a file system that cannot exchange two folders."""
    return False


@pytest.mark.parametrize("swap", [None, no_swap])
def test_a_kill_at_any_rename_leaves_a_model(
    tmp_path: Path, toy_tokenizers: Tokenizers, swap: Callable[[Any, Any], bool] | None
) -> None:
    run = tmp_path / "run"
    folder = toy_models.write(run / "bundle", toy_tokenizers)
    other = toy_models.network(toy_tokenizers)
    with torch.no_grad():
        other.output.bias.fill_(1)
    seen = set()
    action = partial(bundle.save, folder, other, toy_models.config(), toy_tokenizers)
    for _ in kills(action, swap, ("rename", "replace", "rmdir")):
        # The path of the run also leads to the model.
        seen.add(bool((bundle.load(run).torch_network.output.bias == 1).all()))
        assert bundle.find(folder) == folder
        toy_models.write(folder, toy_tokenizers)
        assert names(run) == {"bundle"}
    assert seen == {False, True}
    assert bool((bundle.load(folder).torch_network.output.bias == 1).all())
