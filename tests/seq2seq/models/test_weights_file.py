"""Weight files are checked by their structure before memory is allocated."""

import json
import pickle
import resource
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from seq2seq.commands import export, info, score
from seq2seq.errors import UserError
from seq2seq.models import bundle
from seq2seq.models.weights_file import is_pickle, not_finite, shapes
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models, toy_task

ROOM = 1 << 30


@pytest.fixture
def folder(tmp_path: Path, toy_tokenizers: Tokenizers, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model of the toy task."""
    toy_task.install(tmp_path / "site", monkeypatch)
    return toy_models.write(tmp_path / "model", toy_tokenizers)


def test_no_length_of_a_header_makes_a_pickle(tmp_path: Path) -> None:
    """The first bytes give the header's length: 0x80 0x02 is 640, and "PK" is 19,280."""
    path = tmp_path / "model.safetensors"
    header = b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    for length in range(1, 20_001):
        assert not is_pickle(length.to_bytes(8, "little") + b"{", 8 + length + 4), length
    for length in [*range(len(header), 700), 0x0380, 0x0480, 0x0580, int.from_bytes(b"PK", "little")]:
        path.write_bytes(length.to_bytes(8, "little") + header.ljust(length) + b"\0" * 4)
        assert shapes(path) == {"a": [1]}


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_pickles_are_called_by_their_name(tmp_path: Path, protocol: int) -> None:
    path = tmp_path / "model.safetensors"
    contents: list[object] = [{"weights": [1.0] * 100}, [], "{"]
    for content in contents:
        path.write_bytes(pickle.dumps(content, protocol))
        with pytest.raises(UserError, match="is a pickle under another name"):
            shapes(path)
    torch.save({"a": torch.zeros(3)}, path)
    with pytest.raises(UserError, match="is a pickle under another name"):
        shapes(path)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\0" * 8, b"\xff" * 64, b"\x08" + b"\0" * 7 + b"{}      ", b"\x80\x02"]
)
def test_damaged_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    if content.startswith(b"\x08"):
        assert shapes(path) == {}  # valid, although it contains no weights
    else:
        with pytest.raises(UserError, match=r"damaged or not a safetensors file|is a pickle"):
            shapes(path)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"hidden_size": 8192}, "hidden_size is 8,192, but the largest side of a weight is 346."),
        ({"embedding_size": 8192}, "embedding_size is 8,192, but the largest side"),
        ({"encoder_layers": 64}, "encoder and decoder have 65 layers, but it contains "),
        ({"readout_size": 8192, "tied_embeddings": "none"}, "readout_size is 8,192, but"),
        ({"heads": 1024}, "heads is 1,024, but the largest side"),
        ({"hidden_size": 340, "embedding_size": 340, "decoder_layers": 3}, "has the shape"),
    ],
)
def test_sizes_are_compared_before_memory_is_taken(folder: Path, options: dict[str, object], sentence: str) -> None:
    path = folder / bundle.CONFIG
    values = json.loads(path.read_text(encoding="utf-8"))
    values["network"] |= options
    path.write_text(json.dumps(values), encoding="utf-8")
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used + ROOM, before[1]))
    try:
        with pytest.raises(UserError, match=r"does not fit config\.json: ") as refusal:
            bundle.load(folder)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_not_numbers(
    folder: Path, tmp_path: Path, value: float, capsys: pytest.CaptureFixture[str]
) -> None:
    """`info` reports them; verbs that use the model refuse it."""
    path = folder / bundle.WEIGHTS
    weights = load_file(path)
    weights["output.bias"][3] = value
    save_file(weights, path)
    assert not_finite(path) == ["output.bias"]
    assert info.main([str(folder)]) == 0
    assert "output.bias contains NaN or infinite numbers: no verb can use it" in capsys.readouterr().out
    texts = [tmp_path / "source.txt", tmp_path / "target.txt"]
    for text in texts:
        text.write_text("a\n", encoding="utf-8")
    for verb, arguments in (
        (export.main, [str(folder), str(tmp_path / "new")]),
        (score.main, [str(folder), *map(str, texts)]),
    ):
        with pytest.raises(
            UserError, match=r"weight output\.bias contains NaN or infinite numbers\. Its training diverged"
        ):
            verb(arguments)


def test_whole_numbers_are_no_weights(folder: Path) -> None:
    path = folder / bundle.WEIGHTS
    save_file({name: one.to(torch.int8) for name, one in load_file(path).items()}, path)
    with pytest.raises(UserError, match="does not consist of floating point numbers"):
        bundle.load(folder)
