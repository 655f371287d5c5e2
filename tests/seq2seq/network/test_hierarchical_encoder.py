"""The hierarchical encoder equals a loop over turns; it sees only the past and its own row."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor, nn

import seq2seq
from seq2seq.commands import average, fit
from seq2seq.corpus.example import Mark, Text
from seq2seq.errors import UserError
from seq2seq.models import bundle
from seq2seq.network.encoder import Encoder
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.hierarchical_encoder import DOUBLINGS, SHORTEST, HierarchicalEncoder, cut
from seq2seq.network.lstm import LSTMLayer
from seq2seq.network.options import NetworkOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq.training.loss import sequence_loss
from tests.properties import examples
from tests.seq2seq import toy_models, toy_task
from tests.seq2seq.decoded import searched
from tests.seq2seq.trained import here, load

__all__ = ["here"]

WORDS = 12
TURN, LINE, PADDING, VOCABULARY = WORDS, WORDS + 1, WORDS + 2, WORDS + 3
SHAPE = NetworkOptions(embedding_size=6, hidden_size=8, encoder="hierarchical", dropout=0.0)
KINDS = {
    "plain": SHAPE,
    "forward": replace(SHAPE, bidirectional=False, encoder_layers=2, residual=True),
    "between": replace(SHAPE, encoder_layers=2, layer_norm="between", embedding_size=8, residual=True),
    "gates": replace(SHAPE, layer_norm="gates", attention="additive"),
    "blind": replace(SHAPE, attention="none", encoder_layers=3),
    "direct": replace(SHAPE, readout="none", embedding_size=16),
}
Segments = list[list[int]]

# Empty segments, short ones, and ones of several groups.
words = st.one_of(st.integers(0, 3), st.integers(0, 3 * SHORTEST)).flatmap(
    lambda size: st.lists(st.integers(0, WORDS - 1), min_size=size, max_size=size)
)


@st.composite
def sources(draw: st.DrawFn) -> list[int]:
    """Draw a source: segments with either boundary, the last perhaps without."""
    ids = []
    for segment in draw(st.lists(words, min_size=1, max_size=5)):
        ids += [*segment, draw(st.sampled_from([TURN, LINE]))]
    return ids[:-1] if len(ids) > 1 and draw(st.booleans()) else ids


def network_of(options: NetworkOptions, seed: int = 1) -> Network:
    torch.manual_seed(seed)
    network = Network(options, VOCABULARY, VOCABULARY, PADDING, PADDING, boundaries=[TURN, LINE])
    for name, parameter in network.encoder.named_parameters():
        if name.endswith("bias"):
            nn.init.normal_(parameter, std=0.5)  # at 0 an LSTM that reads zeros stays at zero
    return network.eval()


def padded(rows: Sequence[list[int]], extra: int = 0) -> tuple[Tensor, Tensor]:
    width = max(map(len, rows)) + extra
    return torch.tensor([row + [PADDING] * (width - len(row)) for row in rows]), torch.tensor([*map(len, rows)])


def segments_of(ids: list[int]) -> Segments:
    """Cut a source in a plain loop."""
    found: Segments = [[]]
    for token in ids:
        found[-1].append(token)
        if token in (TURN, LINE):
            found.append([])
    return found if found[-1] else found[:-1]


def advanced(stack: Encoder, vector: Tensor, states: list[tuple[Tensor, Tensor]]) -> list[Tensor]:
    """Pass one vector [1, D] through a stack of forward layers; return each layer's output, and update the states."""
    outputs = []
    for depth, (passes, norm) in enumerate(zip(stack.layers, stack.norms, strict=True)):
        layer = cast(LSTMLayer, cast(nn.ModuleList, passes)[0])
        states[depth] = layer.step(vector, *states[depth], layer.weight_hidden)
        output = norm(states[depth][0])
        vector = vector + output if stack.residual and vector.shape == output.shape else output
        outputs.append(vector)
    return outputs


def looped(network: Network, ids: list[int]) -> tuple[Tensor, Tensor]:
    """Encode a source turn by turn, as in the paper; return states [S, C] and last [L, C]."""
    encoder = cast(HierarchicalEncoder, network.encoder)
    zero = torch.zeros(1, 8, dtype=torch.float64)
    states = [(zero, zero) for _ in encoder.dialogue.layers]
    outputs = [zero]
    memory = []
    for segment in segments_of(ids):
        read = encoder.turns(network.source_embedding(torch.tensor([segment])), torch.tensor([len(segment)]))
        known = encoder.context(outputs[-1]) if encoder.context is not None else zero
        outputs = advanced(encoder.dialogue, encoder.norm(read.last[-1]), states)
        memory += [
            outputs[-1][0] if token in (TURN, LINE) else state + known[0]
            for token, state in zip(segment, read.states[0], strict=True)
        ]
    return torch.stack(memory), torch.cat(outputs)


@examples(40)
@given(
    options=st.sampled_from(list(KINDS.values())),
    rows=st.lists(sources(), min_size=1, max_size=4),
    extra=st.integers(0, 3),
    seed=st.integers(0, 100),
)
@example(SHAPE, [[TURN]], 0, 1)
@example(SHAPE, [[TURN, LINE, TURN, TURN], [3]], 2, 1)
@example(SHAPE, [[1, 2, 3], [TURN, 1], [1, TURN], [*range(WORDS)] * 5], 0, 1)
def test_a_batch_is_what_a_loop_over_turns_computes_for_each_source(
    options: NetworkOptions, rows: list[list[int]], extra: int, seed: int
) -> None:
    network = network_of(options, seed).double()  # layer normalisation enlarges rounding
    with torch.no_grad():
        memory = network.encode(*padded(rows, extra))
        for row, ids in enumerate(rows):
            states, last = looped(network, ids)
            torch.testing.assert_close(memory.states[row, : len(ids)], states, rtol=0, atol=1e-9)
            torch.testing.assert_close(memory.last[:, row], last, rtol=0, atol=1e-9)
            assert not memory.states[row, len(ids) :].any()


@examples(40)
@given(
    options=st.sampled_from(list(KINDS.values())),
    rows=st.lists(sources(), min_size=1, max_size=6),
    extra=st.integers(0, 5),
    data=st.data(),
)
def test_padding_and_batch_are_invisible(
    options: NetworkOptions, rows: list[list[int]], extra: int, data: st.DataObject
) -> None:
    network = network_of(options)
    row = data.draw(st.integers(0, len(rows) - 1))
    with torch.no_grad():
        together = network.encode(*padded(rows, extra))
        alone = network.encode(*padded([rows[row]]))
    torch.testing.assert_close(together.states[row, : len(rows[row])], alone.states[0], rtol=0, atol=5e-5)
    torch.testing.assert_close(together.last[:, row], alone.last[:, 0], rtol=0, atol=5e-5)


@given(rows=st.lists(sources(), min_size=1, max_size=6), extra=st.integers(0, 5))
def test_every_piece_has_a_cell_and_less_than_half_of_a_group_is_padding(rows: list[list[int]], extra: int) -> None:
    source, lengths = padded(rows, extra)
    cutting = cut(lengths, torch.isin(source, torch.tensor([TURN, LINE])))
    expected = [segments_of(ids) for ids in rows]
    assert cutting.counts.tolist() == [len(segments) for segments in expected]
    grid = torch.full((sum(count * width for count, width in cutting.shapes),), -1)
    grid[cutting.cells] = source.flatten()[cutting.places]
    assert len(set(cutting.cells.tolist())) == len(cutting.cells) == sum(map(len, rows))
    most = max(len(segments) for segments in expected)
    first, row = 0, 0
    found: dict[int, list[int]] = {}
    for count, width in cutting.shapes:
        for cells in grid[first : first + count * width].view(count, width).tolist():
            size = int(cutting.lengths[row])
            found[int(cutting.slots[row])] = cells[:size]
            assert cells[size:] == [-1] * (width - size)
            assert width < 2 * size or width <= SHORTEST
            row += 1
        first += count * width
    assert found == {
        number * most + turn: segment
        for number, segments in enumerate(expected)
        for turn, segment in enumerate(segments)
    }


def test_a_source_of_any_length_has_a_group() -> None:
    assert SHORTEST * 2 ** (DOUBLINGS - 1) < 2**63
    length = 5000
    shapes = cut(torch.tensor([length, 1]), torch.zeros(2, length, dtype=torch.bool)).shapes
    assert shapes == [(1, 1), (1, length)]


@examples(25)
@given(options=st.sampled_from(list(KINDS.values())), ids=sources(), other=sources())
def test_no_state_knows_what_is_said_later(options: NetworkOptions, ids: list[int], other: list[int]) -> None:
    network = network_of(options)
    ids = ids if ids[-1] in (TURN, LINE) else [*ids, TURN]
    with torch.no_grad():
        before = network.encode(*padded([ids])).states[0]
        after = network.encode(*padded([ids + other])).states[0, : len(ids)]
    torch.testing.assert_close(after, before, rtol=0, atol=5e-5)


def test_a_word_knows_the_turns_before_it() -> None:
    network = network_of(SHAPE)
    one, two = (network.encode(*padded([[first, TURN, 5, 6, TURN]])).states[0, 2:] for first in (1, 2))
    assert ((one - two).abs().amax(1) > 1e-3).all()
    alone, begun = (network.encode(*padded([ids])).states[0, :3] for ids in ([5, 6, TURN], [5, 6, TURN, 3]))
    torch.testing.assert_close(alone, begun, rtol=0, atol=1e-6)


@pytest.mark.parametrize("options", KINDS.values(), ids=KINDS)
def test_a_loss_reaches_every_weight(options: NetworkOptions) -> None:
    network = network_of(options).train()
    source, lengths = padded([[1, 2, TURN, 3, 4, TURN], [5, LINE, 6, 7, TURN, 8, TURN]])
    target = torch.tensor([[1, 2, 3], [4, 5, 6]])
    memory = network.encode(source, lengths)
    sequence_loss(network, memory, network(memory, target), target, 0.1).total.backward()  # type: ignore[no-untyped-call]
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.any(), name


def test_a_dropped_word_is_no_boundary_lost() -> None:
    network = network_of(replace(SHAPE, source_word_dropout=0.9)).train().double()
    with torch.no_grad():
        network.source_embedding.weight.zero_()  # so that all words are dropped, whichever are drawn
        states = network.encode(*padded([[1, TURN, 1, TURN]])).states[0]
        expected, _ = looped(network, [1, TURN, 1, TURN])
    torch.testing.assert_close(states, expected, rtol=0, atol=1e-9)
    assert not torch.allclose(states[0], states[2], atol=1e-4)


@pytest.mark.parametrize("options", KINDS.values(), ids=KINDS)
def test_half_precision_stays_near(options: NetworkOptions) -> None:
    network = network_of(options)
    source, lengths = padded([[1, 2, TURN, 3, TURN], [*range(10), TURN, 8]])
    exact = network.encode(source, lengths)
    with torch.autocast("cpu", torch.bfloat16):
        rough = network.encode(source, lengths)
        target = torch.tensor([[1, 2, 3], [4, 5, 6]])
        sequence_loss(network, rough, network(rough, target), target, 0.1).total.backward()  # type: ignore[no-untyped-call]
    assert (rough.states - exact.states).abs().mean() < 0.02
    assert (rough.last - exact.last).abs().mean() < 0.02
    assert all(one.grad is not None and one.grad.isfinite().all() for one in network.parameters())


def test_the_dialogue_alone_can_tell_what_was_said_first() -> None:
    options = replace(SHAPE, attention="none", embedding_size=32, hidden_size=64)
    torch.manual_seed(1)
    network = Network(options, VOCABULARY, VOCABULARY, PADDING, PADDING, boundaries=[TURN])
    optimizer = torch.optim.Adam(network.parameters(), 0.005)
    for _ in range(90):
        first, others = torch.randint(0, 4, (2, 32, 1))
        turn = torch.full_like(first, TURN)
        source = torch.cat([first, turn, others, others, turn, others, turn], 1)
        memory = network.encode(source, torch.full((32,), 7))
        loss = sequence_loss(network, memory, network(memory, turn), first, 0.0).total / 32
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    assert loss.item() < 0.4  # guessing costs log 4 = 1.4


def test_boundaries_have_to_be_named() -> None:
    with pytest.raises(UserError, match="source ids that end a segment are unknown: give boundaries, or set encoder"):
        Network(SHAPE, VOCABULARY, VOCABULARY, PADDING, PADDING)


def test_a_model_folder_keeps_the_hierarchy(
    tmp_path: Path, toy_tokenizers: Tokenizers, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy_task.install(tmp_path / "site", monkeypatch)
    options = replace(toy_models.NETWORK, encoder="hierarchical")
    torch.manual_seed(1)
    before = bundle.network_for(options, toy_tokenizers).eval()
    marks = toy_tokenizers.source.marks
    assert before.boundaries.tolist() == [marks[Mark.TURN], marks[Mark.LINE]]
    bundle.save(tmp_path / "model", before, toy_models.config(options), toy_tokenizers)
    card = (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    assert "hierarchical bidirectional LSTM encoder (1 layer)" in card
    model = seq2seq.load(tmp_path / "model")
    texts: list[Text] = [
        ("a cat", Mark.TURN, "the dog eats", Mark.TURN),
        ("a cat\nthe dog",),
        ("猫吃书", Mark.TURN, "狗。"),
    ]
    for text in texts:
        ids = torch.tensor([toy_tokenizers.source.encode(text)])
        one, two = (network.encode(ids, torch.tensor([ids.shape[1]])) for network in (before, model.network))
        assert torch.equal(one.states, two.states)
        assert torch.equal(one.last, two.last)


def test_training_leaves_a_model_that_is_used_and_averaged(here: Path) -> None:
    lines = [f'{{"source": "{"ab" * number}\\ncd\\nefg", "target": "gfe"}}' for number in range(1, 13)]
    Path("train.jsonl").write_text("\n".join(lines), encoding="utf-8")
    options = ["--data.train", "[train.jsonl]", "--data.validation", "[train.jsonl]", "--trainer.max_epochs", "2"]
    options += [
        "--data.tokenizer.vocabulary_size",
        "280",
        "--model.network.encoder",
        "hierarchical",
        "--model.network.copying",
        "true",
        "-c",
        "size/tiny",
    ]
    assert fit.main(["reversing", "--run_dir", "run", *options]) == 0
    assert "network.encoder.dialogue.layers.0.0.weight_input" in load(here / "run")["state_dict"]
    assert average.main(["run", "--output", "mean"]) == 0
    for name in ("run", "mean"):
        model = seq2seq.load(name)
        texts = ["ab\ncd\nefg", "abab\n\ncd", "efg", "\n"]
        together = [outputs[0].text for outputs in searched(model, texts)]
        assert together == [searched(model, [text])[0][0].text for text in texts]
