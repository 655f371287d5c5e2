"""The graphs of a network compute what the network computes, for every option of the network."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray

from seq2seq.deployment.graph_files import write_graphs
from seq2seq.deployment.quantization import quantize
from seq2seq.errors import UserError
from seq2seq.evaluation.text_loss import carried, windowed
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from seq2seq.runtime.engine import OnnxNetwork, Vocabularies
from tests.seq2seq.network import test_language_network
from tests.seq2seq.network.test_encoder_decoder import BOUNDARIES, PADDING, PAIRWISE, VOCABULARY
from tests.seq2seq.tiny import tiny_tokenizer

UNKNOWN = 1
LENGTHS = [9, 1, 4]
FEW = 6
EVERY = PAIRWISE


def text_options(**more: Any) -> NetworkOptions:  # noqa: ANN401 - any option
    none: dict[str, Any] = {"encoder": "none", "attention": "none", "bridge": "zero"}
    return NetworkOptions(embedding_size=8, hidden_size=12, tied_embeddings="none", **none, **more)


def network_of(options: NetworkOptions) -> Network:
    """Return a network with weights far from their initial values."""
    torch.manual_seed(1)
    copies = range(VOCABULARY) if options.copying else None
    network = Network(
        options,
        VOCABULARY,
        VOCABULARY,
        PADDING,
        PADDING,
        copies=copies,
        target_unknown=UNKNOWN,
        boundaries=list(BOUNDARIES),
    )
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(0.3 * torch.randn_like(weight))
    return network.eval()


def exported(network: Network, folder: Path) -> OnnxNetwork:
    write_graphs(network, folder)
    copies = np.arange(VOCABULARY)
    vocabularies = Vocabularies(VOCABULARY, PADDING, UNKNOWN, copies, tuple(BOUNDARIES))
    return OnnxNetwork(folder, network.options, vocabularies, network.weight_count())


def sources() -> tuple[torch.Tensor, torch.Tensor]:
    source = torch.randint(0, PADDING, (len(LENGTHS), max(LENGTHS)), generator=torch.Generator().manual_seed(2))
    lengths = torch.tensor(LENGTHS)
    source[torch.arange(source.shape[1]) >= lengths.unsqueeze(1)] = PADDING
    return source, lengths


def require_near(found: NDArray[Any], wanted: torch.Tensor) -> None:
    np.testing.assert_allclose(found, wanted.numpy(), rtol=1e-3, atol=1e-4)


def require_same(network: Network, engine: OnnxNetwork, beams: int, copies: torch.Tensor | None = None) -> None:
    """Check encoding, five steps, a choice of rows, and given targets."""
    source, lengths = sources()
    draw = torch.Generator().manual_seed(3)
    with torch.inference_mode():
        memory = network.encode(source, lengths, copies)
        other = engine.encode(source.numpy(), lengths.numpy(), None if copies is None else copies.numpy())
        assert other.extra == memory.extra
        kept = torch.tensor([2, 0])
        memory, other = memory.select(kept), other.select(kept.numpy())
        state, its = network.start(memory, beams), engine.start(other, beams)
        for _ in range(5):
            token = torch.randint(0, VOCABULARY - 1 + memory.extra, (2 * beams,), generator=draw)
            scores, state = network.step(token, state, memory)
            found, its = engine.step(token.numpy(), its, other)
            require_near(found, scores)
            require_near(its.attention, state.attention)
            rows = torch.randint(0, beams, (2 * beams,), generator=draw) + beams * torch.arange(2).repeat_interleave(
                beams
            )
            state, its = state.select(rows), its.select(rows.numpy())
        inputs = torch.randint(0, PADDING, (2, 4), generator=draw)
        wanted = torch.randint(0, PADDING, (2, 4), generator=draw)
        wanted[1, 2:] = PADDING
        if memory.extra:
            wanted[0, 1] = VOCABULARY + memory.extra - 1
        logarithms, shares, attention, after = network.forced(memory, inputs, wanted)
        of_engine = engine.forced(other, inputs.numpy(), wanted.numpy())
        require_near(of_engine[0], logarithms)
        assert (of_engine[1] is None) == (shares is None)
        if shares is not None and of_engine[1] is not None:
            require_near(of_engine[1], shares)
        require_near(of_engine[2], attention)
        require_near(of_engine[3].hidden, after.hidden.transpose(0, 1))


def short(options: NetworkOptions) -> str:
    return f"{options.encoder}-{options.attention}-{options.layer_norm}-{options.decoder_layers}"


@pytest.mark.parametrize("options", EVERY[:FEW], ids=short)
def test_a_graph_computes_what_its_network_does(options: NetworkOptions, tmp_path: Path) -> None:
    network = network_of(options)
    require_same(network, exported(network, tmp_path), beams=3)


@pytest.mark.slow
@pytest.mark.parametrize("options", EVERY[FEW:], ids=short)
def test_every_graph_computes_what_its_network_does(options: NetworkOptions, tmp_path: Path) -> None:
    network = network_of(options)
    require_same(network, exported(network, tmp_path), beams=2)


@pytest.mark.slow
@pytest.mark.parametrize("options", EVERY, ids=short)
def test_eight_bits_are_near_enough(options: NetworkOptions, tmp_path: Path) -> None:
    network = network_of(options)
    engine = exported(network, tmp_path)
    for graph in tmp_path.glob("*.onnx"):
        quantize(graph)
    source, lengths = sources()
    with torch.inference_mode():
        memory = network.encode(source, lengths)
        scores, _ = network.step(torch.tensor(LENGTHS), network.start(memory), memory)
    other = engine.encode(source.numpy(), lengths.numpy())
    found, _ = engine.step(np.array(LENGTHS), engine.start(other), other)
    near = np.abs(np.exp(found) - scores.exp().numpy())
    assert near.mean() < 0.02
    assert near.max() < 0.3


@pytest.mark.parametrize("layer_norm", ["none", "gates"])
def test_products_in_eight_bits_fit_sixteen(layer_norm: str, tmp_path: Path) -> None:
    """Processors with AVX2 only add two products of an input (up to 255) and a weight in 16 bits."""
    exported(network_of(NetworkOptions(embedding_size=8, hidden_size=12, layer_norm=layer_norm)), tmp_path)
    for path in tmp_path.glob("*.onnx"):
        quantize(path)
        graph = onnx.load(path).graph
        weights = {one.name: onnx.numpy_helper.to_array(one) for one in graph.initializer}
        places = {"MatMulInteger": slice(1, 2), "DynamicQuantizeLSTM": slice(1, 3)}
        names = [name for node in graph.node if node.op_type in places for name in node.input[places[node.op_type]]]
        used = [weights[name] for name in names if name in weights]
        assert used
        for weight in used:
            assert weight.dtype == np.int8
            assert 2 * 255 * np.abs(weight.astype(int)).max() < 1 << 15


@pytest.mark.parametrize("attention", ["dot", "additive"])
def test_unknown_words_are_copied(attention: str, tmp_path: Path) -> None:
    network = network_of(NetworkOptions(embedding_size=8, hidden_size=12, copying=True, attention=attention))
    copies = sources()[0]
    copies[0, 3] = copies[0, 5] = VOCABULARY
    copies[2, 1] = VOCABULARY + 1
    require_same(network, exported(network, tmp_path), beams=2, copies=copies)


@pytest.mark.parametrize("layer_norm", ["none", "between", "gates"])
def test_a_language_model_reads_and_writes(layer_norm: str, tmp_path: Path) -> None:
    network = network_of(text_options(decoder_layers=2, residual=True, layer_norm=layer_norm))
    engine = exported(network, tmp_path)
    read = torch.randint(0, PADDING, (2, 7), generator=torch.Generator().manual_seed(4))
    with torch.inference_mode():
        state = network.read(read, network.start(network.without_source(2)))
        its = engine.read(read.numpy(), engine.start(engine.without_source(2)))
        require_near(its.hidden, state.hidden.transpose(0, 1))
        require_near(its.cell, state.cell.transpose(0, 1))
        both, other = state.followed_by([state, state]), its.followed_by([its, its])
        token = torch.tensor([1, 2, 3, 1, 2, 3])
        scores, _ = network.step(token, both, network.without_source(6))
        found, _ = engine.step(token.numpy(), other, engine.without_source(6))
        require_near(found, scores)


def test_the_loss_of_a_text_is_the_networks(tmp_path: Path) -> None:
    network = test_language_network.network_of(test_language_network.SHAPES[2], 1)
    write_graphs(network, tmp_path)
    target = tiny_tokenizer()
    vocabularies = Vocabularies(network.target_vocabulary, target.padding, target.unknown, np.arange(0))
    engine = OnnxNetwork(tmp_path, network.options, vocabularies, network.weight_count())
    text = np.random.default_rng(5).integers(0, 8, 400)
    for rows, lead_in in ((1, 20), (3, 50)):
        found, wanted = (carried(each, text, target, 2, rows=rows, lead_in=lead_in) for each in (engine, network))
        np.testing.assert_allclose(found, wanted, atol=1e-4)
    found, wanted = (windowed(each, text, target, window=9, count=20, seed=3) for each in (engine, network))
    np.testing.assert_allclose(found, wanted, atol=1e-4)


def test_only_the_cpu_computes_a_graph(tmp_path: Path) -> None:
    engine = exported(network_of(text_options()), tmp_path)
    assert engine.placed("cpu") is engine
    with pytest.raises(
        UserError, match=r"Device 'cuda' cannot be used: a model for ONNX Runtime computes on the cpu\."
    ):
        engine.placed("cuda")


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    for name in (b"\xd6\xd0\xce\xc4", "模型 ü".encode()):  # the first is not UTF-8
        folder = tmp_path / os.fsdecode(name)
        folder.mkdir()
        engine = exported(network_of(text_options()), tmp_path)
        for graph in tmp_path.glob("*.onnx"):
            graph.rename(folder / graph.name)
        engine = OnnxNetwork(folder, engine.options, Vocabularies(VOCABULARY, PADDING, UNKNOWN, np.arange(0)), 1)
        scores, _ = engine.step(np.array([1]), engine.start(engine.without_source(1)), engine.without_source(1))
        assert scores.shape == (1, VOCABULARY)


@pytest.mark.parametrize("kind", ["above", "absolute", "link"])
def test_a_graph_reads_no_file_outside_of_its_folder(kind: str, tmp_path: Path) -> None:
    folder, secret = tmp_path / "model", tmp_path / "secret"
    folder.mkdir()
    secret.write_bytes(bytes(64))
    (folder / "link").symlink_to("../secret")
    engine = exported(network_of(text_options()), folder)
    step = onnx.load(folder / "step.onnx")
    weight = next(one for one in step.graph.initializer if one.name.endswith("bias") or len(one.dims) == 1)
    weight.ClearField("raw_data")
    weight.data_location = onnx.TensorProto.EXTERNAL
    place = weight.external_data.add()
    place.key, place.value = "location", {"above": "../secret", "absolute": str(secret), "link": "link"}[kind]
    (folder / "step.onnx").write_bytes(step.SerializeToString())
    with pytest.raises(
        UserError, match=r"step\.onnx is damaged, or not a graph that ONNX Runtime [\d.]+ can read: export"
    ):
        engine.step(np.array([1]), engine.start(engine.without_source(1)), engine.without_source(1))


def test_a_missing_or_damaged_graph_is_a_sentence(tmp_path: Path) -> None:
    network = network_of(text_options())
    engine = exported(network, tmp_path)
    (tmp_path / "step.onnx").write_bytes(b"no graph")
    with pytest.raises(
        UserError, match=r"step\.onnx is damaged, or not a graph that ONNX Runtime [\d.]+ can read: export"
    ):
        engine.step(np.array([1]), engine.start(engine.without_source(1)), engine.without_source(1))
    write_graphs(network, tmp_path)
    (tmp_path / "step.onnx").write_bytes((tmp_path / "read.onnx").read_bytes())
    another = OnnxNetwork(tmp_path, network.options, Vocabularies(VOCABULARY, PADDING, UNKNOWN, np.arange(0)), 1)
    with pytest.raises(UserError, match=r"step\.onnx does not fit config\.json: it has no output 'scores'\."):
        another.step(np.array([1]), another.start(another.without_source(1)), another.without_source(1))
    wider = replace(network.options, hidden_size=16)
    write_graphs(network_of(wider), tmp_path)
    narrow = OnnxNetwork(tmp_path, network.options, Vocabularies(VOCABULARY, PADDING, UNKNOWN, np.arange(0)), 1)
    with pytest.raises(UserError, match=r"step\.onnx cannot be run: it is damaged, or does not fit config\.json\."):
        narrow.step(np.array([1]), narrow.start(narrow.without_source(1)), narrow.without_source(1))
    (tmp_path / "step.onnx").unlink()
    vocabularies = Vocabularies(VOCABULARY, PADDING, UNKNOWN, np.arange(0))
    with pytest.raises(UserError, match=r"is incomplete: step\.onnx is missing\."):
        OnnxNetwork(tmp_path, network.options, vocabularies, 1)
