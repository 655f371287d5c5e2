"""Whole targets and single steps agree; padding and batch make no difference; refusals."""

import itertools
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from seq2seq.errors import UserError
from seq2seq.network import decoder
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from seq2seq.network.pointer import plain_mixture
from seq2seq.network.state import Decoded, Memory
from seq2seq.training.loss import sequence_loss

VOCABULARY = 23
PADDING = VOCABULARY - 1
BOUNDARIES = range(15, 21)
"""Enough ids that most short random sources contain some."""

LEVELS: dict[str, list[Any]] = {
    "encoder": ["flat", "hierarchical"],
    "encoder_layers": [1, 2],
    "decoder_layers": [1, 2, 3],
    "bidirectional": [True, False],
    "residual": [False, True],
    "layer_norm": ["none", "between", "gates"],
    "attention": ["general", "dot", "additive", "multihead", "none"],
    "input_feeding": [False, True],
    "copying": [False, True],
    "coverage": [False, True],
    "bridge": ["dense", "copy", "zero"],
    "tied_embeddings": ["output", "all", "none"],
    "readout": ["dense", "none"],
    "dropout": [0.3, 0.0],
    "embedding_dropout": [0.0, 0.2],
    "variational": [False, True],
    "recurrent_dropout": [0.0, 0.2],
    "source_word_dropout": [0.0, 0.1],
    "target_word_dropout": [0.0, 0.1],
}


def pairwise() -> list[NetworkOptions]:
    """Choose few combinations in which every sensible pair of values of two options occurs."""
    missing = {
        frozenset(((a, x), (b, y))) for a, b in itertools.combinations(LEVELS, 2) for x in LEVELS[a] for y in LEVELS[b]
    }
    chosen: list[NetworkOptions] = []
    while missing:
        pair = min(missing, key=lambda pair: sorted(map(str, pair)))
        best: tuple[int, dict[str, Any]] | None = None
        fixed = dict(pair)
        for seed in range(12):
            values = {name: levels[hash_of(name, seed, len(chosen)) % len(levels)] for name, levels in LEVELS.items()}
            values.update(fixed)
            try:
                NetworkOptions(embedding_size=8, hidden_size=12, heads=3, attention_chunk=2, **values)
            except UserError:
                continue
            covered = sum(frozenset(two) in missing for two in itertools.combinations(values.items(), 2))
            if best is None or covered > best[0]:
                best = (covered, values)
        if best is None:
            missing.discard(pair)  # a combination that is refused
            continue
        missing -= {frozenset(two) for two in itertools.combinations(best[1].items(), 2)}
        chosen.append(NetworkOptions(embedding_size=8, hidden_size=12, heads=3, attention_chunk=2, **best[1]))
    return chosen


def hash_of(name: str, seed: int, salt: int) -> int:
    """Return a hash of three values that is the same in every process."""
    value = 1469598103934665603
    for byte in f"{name}/{seed}/{salt}".encode():
        value = ((value ^ byte) * 1099511628211) % 2**64
    return value >> 7


PAIRWISE = pairwise()


def network_of(options: NetworkOptions, seed: int = 1) -> Network:
    torch.manual_seed(seed)
    network = Network(options, VOCABULARY, VOCABULARY, PADDING, PADDING, boundaries=BOUNDARIES)
    if network.decoder.attention.cover is not None:
        torch.nn.init.normal_(network.decoder.attention.cover)  # at 0, where training begins, it would do nothing
    return network


def batch(lengths: list[int], width: int, seed: int = 1) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    source = torch.randint(0, PADDING, (len(lengths), width), generator=generator)
    for row, length in enumerate(lengths):
        source[row, length:] = PADDING
    return source, torch.tensor(lengths)


def unrolled(network: Network, memory: Memory, target_input: Tensor) -> tuple[Tensor, Tensor]:
    state = network.start(memory)
    scores, weights = [], []
    for token in target_input.unbind(1):
        score, state = network.step(token, state, memory)
        scores.append(score)
        weights.append(state.attention)
    return torch.stack(scores, 1), torch.stack(weights, 1)


def whole(network: Network, memory: Memory, decoded: Decoded) -> Tensor:
    """The log probabilities of all pieces at all positions, by plain operations."""
    logits = network.logits(decoded.states)
    if not network.options.copying:
        return torch.log_softmax(logits, -1)
    rows = [
        plain_mixture(one, gate, weights, copies.expand(logits.shape[1], -1), memory.extra)
        for one, gate, weights, copies in zip(logits, decoded.gate, decoded.weights, memory.copies, strict=True)
    ]
    return torch.stack(rows)


def describe(options: NetworkOptions) -> str:
    return "-".join(str(getattr(options, name)) for name in LEVELS)


def test_the_covering_set_is_small_and_not_empty() -> None:
    assert 12 <= len(PAIRWISE) <= 60


@pytest.mark.parametrize("options", PAIRWISE, ids=describe)
def test_forward_equals_unrolled_steps(options: NetworkOptions) -> None:
    network = network_of(options).eval()
    source, lengths = batch([6, 3, 1], 6)
    target_input = torch.randint(0, PADDING, (3, 5), generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        memory = network.encode(source, lengths)
        scores, weights = unrolled(network, memory, target_input)
        decoded = network(memory, target_input)
        torch.testing.assert_close(whole(network, memory, decoded), scores, rtol=0, atol=1e-5)
        torch.testing.assert_close(decoded.weights, weights, rtol=0, atol=1e-5)


@pytest.mark.parametrize("options", PAIRWISE, ids=describe)
def test_a_target_read_in_parts_is_the_target_read_whole(options: NetworkOptions) -> None:
    network = network_of(options).eval()
    source, lengths = batch([6, 3, 1], 6)
    target_input = torch.randint(0, PADDING, (3, 7), generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        memory = network.encode(source, lengths)
        decoded = network(memory, target_input)
        state, parts = None, []
        for part in torch.split(target_input, 3, 1):
            parts.append(network(memory, part, state=state))
            state = parts[-1].state
        for name in ("states", "weights", "gate", "top"):
            joined = torch.cat([getattr(one, name) for one in parts], 1)
            torch.testing.assert_close(joined, getattr(decoded, name), rtol=0, atol=1e-5)
        torch.testing.assert_close(state, decoded.state, rtol=0, atol=1e-5)
        steps = network.start(memory)
        for token in target_input.unbind(1):
            _, steps = network.step(token, steps, memory)
        torch.testing.assert_close(steps, decoded.state, rtol=0, atol=1e-5)
        zero = steps.mapped(torch.zeros_like)
        torch.testing.assert_close(steps.restarted(torch.tensor([True, True, True])), zero, rtol=0, atol=0)
        kept = steps.restarted(torch.tensor([True, False, False])).select(torch.tensor([1, 2]))
        torch.testing.assert_close(kept, steps.select(torch.tensor([1, 2])), rtol=0, atol=0)


@pytest.mark.parametrize("options", PAIRWISE, ids=describe)
def test_every_combination_trains_a_step(options: NetworkOptions) -> None:
    network = network_of(options).train()
    source, lengths = batch([6, 3, 1], 6)
    target = torch.randint(0, PADDING, (3, 5), generator=torch.Generator().manual_seed(3))
    optimizer = torch.optim.Adam(network.parameters(), 0.01)

    def loss() -> Tensor:
        memory = network.encode(source, lengths)
        return sequence_loss(network, memory, network(memory, target), target, 0.1, coverage_weight=0.5).total

    network.eval()
    before = loss().item()
    network.train()
    for _ in range(12):
        optimizer.zero_grad()
        loss().backward()  # type: ignore[no-untyped-call]
        for name, parameter in network.named_parameters():
            assert parameter.grad is not None, name
            assert parameter.grad.isfinite().all(), name
        optimizer.step()
    network.eval()
    assert loss().item() < before


@settings(max_examples=25, deadline=None)
@given(
    options=st.sampled_from(PAIRWISE),
    lengths=st.lists(st.integers(1, 6), min_size=1, max_size=4),
    extra=st.integers(0, 4),
    seed=st.integers(0, 1000),
    data=st.data(),
)
def test_padding_and_batch_are_invisible(
    options: NetworkOptions, lengths: list[int], extra: int, seed: int, data: st.DataObject
) -> None:
    network = network_of(options, seed).eval()
    source, counts = batch(lengths, max(lengths) + extra, seed)
    target_input = torch.randint(0, PADDING, (len(lengths), 4), generator=torch.Generator().manual_seed(seed))
    row = data.draw(st.integers(0, len(lengths) - 1))
    with torch.no_grad():
        memory = network.encode(source, counts)
        together = whole(network, memory, network(memory, target_input))[row]
        one = network.encode(source[row : row + 1, : lengths[row]], counts[row : row + 1])
        alone = whole(network, one, network(one, target_input[row : row + 1]))[0]
    torch.testing.assert_close(together, alone, rtol=0, atol=1e-5)


def test_beams_are_rows_side_by_side() -> None:
    network = network_of(NetworkOptions(embedding_size=8, hidden_size=12, decoder_layers=2)).eval()
    source, lengths = batch([5, 3], 5)
    memory = network.encode(source, lengths)
    tokens = torch.tensor([1, 2, 3, 4, 5, 6])
    wide, _ = network.step(tokens, network.start(memory, 3), memory)
    for row, token in enumerate(tokens):
        one = memory.select(torch.tensor([row // 3]))
        narrow, _ = network.step(token.view(1), network.start(one), one)
        torch.testing.assert_close(wide[row], narrow[0], rtol=0, atol=1e-5)


@pytest.mark.parametrize("options", PAIRWISE, ids=describe)
def test_packed_steps_equal_plain_ones(options: NetworkOptions) -> None:
    network = network_of(options).eval()
    source, lengths = batch([5, 3], 5)
    with torch.no_grad():
        memory = network.encode(source, lengths)
        plain = fast = network.start(memory, 2)
        packed = network.pack()
        for tokens in (torch.tensor([1, 2, 3, 4]), torch.tensor([5, 6, 7, 8])):
            slow_scores, plain = network.step(tokens, plain, memory)
            fast_scores, fast = packed(tokens, fast, memory)
            torch.testing.assert_close(fast_scores, slow_scores, rtol=0, atol=1e-5)


def test_a_table_too_large_for_memory_is_not_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoder, "PROJECTED_BYTES", 1)
    test_packed_steps_equal_plain_ones(NetworkOptions(embedding_size=8, hidden_size=12))


def test_selected_rows_continue_alike() -> None:
    network = network_of(NetworkOptions(embedding_size=8, hidden_size=12, input_feeding=True)).eval()
    source, lengths = batch([5, 3, 4], 5)
    memory = network.encode(source, lengths)
    _, state = network.step(torch.tensor([1, 2, 3]), network.start(memory), memory)
    full, _ = network.step(torch.tensor([4, 5, 6]), state, memory)
    rows = torch.tensor([2, 0])
    part, _ = network.step(torch.tensor([6, 4]), state.select(rows), memory.select(rows))
    torch.testing.assert_close(part, full[rows], rtol=0, atol=1e-5)


def test_tied_weights_are_one_tensor() -> None:
    network = network_of(NetworkOptions(embedding_size=8, hidden_size=12, tied_embeddings="all"))
    assert network.output.weight is network.decoder.embedding.weight is network.source_embedding.weight
    untied = network_of(NetworkOptions(embedding_size=8, hidden_size=12, tied_embeddings="none"))
    assert untied.weight_count() > network.weight_count()


def test_three_way_tying_needs_one_vocabulary() -> None:
    with pytest.raises(UserError, match=r"have 30 and 23 pieces: set data\.tokenizer\.joint to true"):
        Network(NetworkOptions(tied_embeddings="all"), 30, VOCABULARY, 29, PADDING)
