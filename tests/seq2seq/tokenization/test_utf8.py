"""Byte pieces only spell whole characters, with every decoding method."""

from dataclasses import replace
from functools import cache

import pytest
import torch
from hypothesis import Phase, given
from hypothesis import strategies as st

from seq2seq.corpus.example import Example
from seq2seq.decoding.beam_search import beam_search
from seq2seq.decoding.constraints import Constraints
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.left_to_right import stream, write
from seq2seq.decoding.options import SamplingOptions, SearchOptions
from seq2seq.decoding.prompt_continuation import continue_prompt
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.token_healing import prompted
from seq2seq.tokenization.tokenizer import Tokenizer
from seq2seq.tokenization.training import train
from seq2seq.tokenization.utf8 import MISSING, Characters, characters
from tests.properties import examples
from tests.seq2seq.tiny import SHAPE, of_lengths, tiny_tokenizer

SOURCELESS = replace(SHAPE, encoder="none", attention="none", bridge="zero")


@cache
def tokenizer(model: str = "bpe") -> Tokenizer:
    """Train a tokenizer that knows a few letters and spells everything else in bytes."""
    examples = [Example("abcd dcba 你好", "badc cdab 你们"), Example("dd cc", "bb aa")] * 3
    return train(examples, TokenizerOptions(vocabulary_size=270, model=model)).target


@cache
def network(seed: int, options: NetworkOptions = SHAPE, model: str = "bpe") -> Network:
    """Return a network that prefers byte pieces, above all those that begin a character."""
    torch.manual_seed(seed)
    target = tokenizer(model)
    size = target.vocabulary_size
    made = Network(options, size, size, target.padding, target.padding).eval()
    with torch.no_grad():
        made.output.weight.mul_(3)
        made.output.bias.normal_()
        made.output.bias[[token for token in range(size) if target.surfaces[token][:1] >= b"\xc0"]] += 2
    return made


def written(ids: tuple[int, ...], model: str = "bpe") -> str:
    """Return the text of pieces; raises UnicodeDecodeError if it is not valid UTF-8."""
    return b"".join(tokenizer(model).surfaces[token] for token in ids).decode("utf-8", "strict")


def known(target: Tokenizer | None = None) -> Characters:
    found = characters(target or tokenizer())
    assert found is not None
    return found


def test_the_automaton_takes_every_character_and_nothing_else() -> None:
    """Compare with Python's decoder: characters at the ends of Unicode's ranges, and sequences of two bytes."""
    ids = {
        tokenizer().surfaces[token][0]: token
        for token in range(tokenizer().vocabulary_size)
        if tokenizer().is_byte(token)
    }
    rules = known()

    def state(data: bytes) -> int:
        found = rules.states(torch.tensor([[ids[byte] for byte in data]], dtype=torch.long))
        return 0 if found is None else int(found[0])

    def is_taken(data: bytes) -> bool:
        """Whether each byte is allowed after those before it, and the last one ends a character."""
        for place, byte in enumerate(data):
            before = state(data[:place])
            if before == 0 and (ids[byte] in rules.lost.tolist()):
                return False
            if before and not bool(
                rules.allowed(torch.tensor([before], dtype=torch.long), tokenizer().vocabulary_size)[0, ids[byte]]
            ):
                return False
        return state(data) == 0

    seams = (
        0x09,
        0x20,
        0x7E,
        0x80,
        0x7FF,
        0x800,
        0xFFF,
        0x1000,
        0xCFFF,
        0xD000,
        0xD7FF,
        0xE000,
        0xFFFF,
        0x10000,
        0x3FFFF,
    )
    assert not any(is_taken(bytes([code])) for code in (0x00, 0x08, 0x0A, 0x0D, 0x1B, 0x1F, 0x7F))
    for code in (*seams, 0x40000, 0xFFFFF, 0x100000, 0x10FFFF):
        assert is_taken(chr(code).encode())
    for first in (*range(0x80, 0xC3), *range(0xDE, 0x100)):
        for second in (0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF):
            for rest in (b"", b"\x80", b"\x80\x80"):
                data = bytes([first, second]) + rest
                try:
                    data.decode("utf-8", "strict")
                    is_text = not {0x00, 0x7F} & set(data)  # control characters are not written
                except UnicodeDecodeError:
                    is_text = False
                assert is_taken(data) == is_text, data


def test_the_states_are_those_of_the_last_pieces() -> None:
    target, rules = tokenizer(), known()
    ids = target.encode("a鱼😀b")  # all but the letters are spelled in bytes
    assert rules.states(torch.tensor([ids], dtype=torch.long)) is None
    missing = [int(rules.missing(torch.tensor([ids[:end]]))[0]) for end in range(1, len(ids) + 1)]
    spelt = [target.is_byte(token) and target.surfaces[token] >= b"\x80" for token in ids]
    first = spelt.index(True)
    assert missing[first : first + 7] == [2, 1, 0, 3, 2, 1, 0]
    assert not any(missing[:first] + missing[first + 7 :])
    assert max(MISSING) == 3
    assert rules.states(torch.zeros(1, 0, dtype=torch.long)) is None
    copied = target.vocabulary_size + 3  # a word of a source is whole
    assert rules.states(torch.tensor([[ids[first], copied]])) is None


def test_a_tokenizer_without_bytes_needs_nothing() -> None:
    assert characters(tiny_tokenizer()) is None


def test_words_of_a_source_complete_nothing() -> None:
    target = tokenizer()
    lead = next(token for token in range(target.vocabulary_size) if target.surfaces[token][:1] == b"\xe4")
    constraints = Constraints(target, SearchOptions(), of_lengths(torch.tensor([3])))
    scores = torch.zeros(1, target.vocabulary_size + 2)
    constraints.apply(scores, torch.tensor([[lead]]))
    left = scores[0].isfinite().nonzero().flatten().tolist()
    assert {target.surfaces[token] for token in left} == {bytes([byte]) for byte in range(0x80, 0xC0)}


QUICK = [Phase.explicit, Phase.generate]  # an example here takes too long for hundreds of smaller ones
LIMITS = st.builds(
    SearchOptions,
    beam_size=st.integers(1, 4),
    max_length=st.integers(1, 9),
    no_repeat_ngram=st.sampled_from([0, 1, 2]),
    repetition_penalty=st.sampled_from([1.0, 3.0]),
    banned=st.sampled_from([(), ("你",), ("ab", "好")]),
    coverage_beta=st.sampled_from([0.0, 0.3]),
)
DRAWING = st.builds(
    SamplingOptions,
    temperature=st.sampled_from([0.5, 1.0, 5.0]),
    top_k=st.sampled_from([0, 3]),
    top_p=st.sampled_from([1.0, 0.7]),
    seed=st.integers(0, 1000),
)


@examples(20, phases=QUICK)
@given(seed=st.integers(0, 9), model=st.sampled_from(["bpe", "unigram"]), options=LIMITS, drawing=DRAWING)
def test_every_output_decodes_strictly(seed: int, model: str, options: SearchOptions, drawing: SamplingOptions) -> None:
    target, made = tokenizer(model), network(seed, model=model)
    source, lengths = torch.tensor([[5, 6, 7], [260, 9, target.padding]]), torch.tensor([3, 2])
    prefix = target.encode("a鱼")
    cut = prefix[:-1]  # a caller's own pieces may end inside a character
    for prefixes in (None, [prefix, []], [[], cut]):
        for found in beam_search(made, EncodedSources(source, lengths, prefixes=prefixes), target, options):
            for one in found:
                assert "\ufffd" not in written(one.ids, model)
        for one in write(
            made, EncodedSources(source, lengths, prefixes=prefixes), target, options, drawing, numbers=[0, 1]
        ):
            written(one.ids, model)
    for way in (None, drawing):
        pieces = list(stream(made, EncodedSources(source[:1], lengths[:1], prefixes=[cut]), target, options, way))
        assert written(tuple(pieces), model).strip()[0] == "a"


@examples(20, phases=QUICK)
@given(
    seed=st.integers(0, 9),
    length=st.integers(1, 7),
    drawing=st.none() | DRAWING,
    prompt=st.sampled_from(["", "a", "ab 鱼", "你"]),
)
def test_every_text_decodes_strictly(seed: int, length: int, drawing: SamplingOptions | None, prompt: str) -> None:
    """Also if the limit falls inside a character, or if the prompt's last pieces are replaced."""
    target, made = tokenizer(), network(seed, SOURCELESS)
    read = prompted(prompt, target)
    texts: list[list[int]] = [[] for _ in range(4)]
    seams = [0] * 4
    steps = continue_prompt(
        made,
        read.ids,
        target,
        SearchOptions(beam_size=1, max_length=length),
        drawing,
        begin=target.start,
        numbers=range(4),
        seams=read.seams,
    )
    for step in steps:
        for piece in step:
            texts[piece.row].append(piece.token)
            seams[piece.row] = piece.seam
    for ids, seam in zip(texts, seams, strict=True):
        written((*read.ids[: read.seams[seam].kept], *ids))


@pytest.mark.parametrize("beams", [1, 3])
def test_the_end_mark_waits_for_the_character(beams: int) -> None:
    target, made = tokenizer(), network(1)
    lead = next(token for token in range(target.vocabulary_size) if target.surfaces[token][:1] == b"\xf0")
    with torch.no_grad():
        before = made.output.bias.clone()
        made.output.bias[target.end] = 60.0
    try:
        found = beam_search(
            made,
            EncodedSources(torch.tensor([[5, 6]]), torch.tensor([2]), prefixes=[[lead]]),
            target,
            SearchOptions(beam_size=beams, max_length=1),
        )
    finally:
        with torch.no_grad():
            made.output.bias.copy_(before)
    assert len(found[0][0].ids) == 4
    assert len(written(found[0][0].ids)) == 1


def test_where_all_next_bytes_are_forbidden_a_character_is_completed_all_the_same() -> None:
    target = tokenizer()
    ids = {target.surfaces[token]: token for token in range(target.vocabulary_size) if target.is_byte(token)}
    lead, conts = ids[b"\xc3"], [ids[bytes([byte])] for byte in range(0x80, 0xC0)]
    history = [token for one in conts for token in (lead, one)] + [lead]
    constraints = Constraints(target, SearchOptions(no_repeat_ngram=2, max_length=500), of_lengths(torch.tensor([3])))
    scores = torch.zeros(1, target.vocabulary_size)
    constraints.apply(scores, torch.tensor([history]))
    assert scores[0].isfinite().nonzero().flatten().tolist() == sorted(conts)
