"""One output as it grows: piece by piece with ``Network.step``, its text as soon as it can no longer change.

The result equals that of :func:`seq2seq.decoding.sampling.sample` and greedy
:func:`seq2seq.decoding.beam_search.beam_search` for the same source, options and number; a property test compares them.
A beam search cannot stream: until its end any of its hypotheses may win.

Shapes: one row; ``S`` source length, ``T`` pieces so far, ``V`` vocabulary.
"""

from collections.abc import Generator, Sequence
from dataclasses import replace

import torch
from jaxtyping import Int
from torch import Tensor

from seq2seq.decoding.constraints import Constraints
from seq2seq.decoding.forced_decoding import with_own_probabilities
from seq2seq.decoding.hypothesis import Hypothesis, coverage_penalty, length_penalty, likeliest, refuse_nan
from seq2seq.decoding.sampling import Noise, draw, truncate
from seq2seq.network.encoder_decoder import Network, Packing
from seq2seq.options import SamplingOptions, SearchOptions
from seq2seq.tokenization.tokenizer import Tokenizer

LONGEST_TAIL = 3
"""Bytes that a character may have before its last one."""


def walk(
    network: Network,
    source: Int[Tensor, "1 source"],
    lengths: Int[Tensor, " 1"],
    target: Tokenizer,
    search: SearchOptions,
    drawing: SamplingOptions | None = None,
    *,
    number: int = 0,
    prefix: Sequence[int] = (),
    packing: Packing | None = None,
    copies: Int[Tensor, "1 source"] | None = None,
    words: Sequence[str] = (),
) -> Generator[int, None, Hypothesis]:
    """Write one output.

    Args:
        network: The network, in evaluation mode.
        source: [1, S], ids.
        lengths: [1], S.
        target: The target's tokenizer, for its special ids.
        search: Constraints and penalties; its beams are ignored.
        drawing: Sampling options; None takes the likeliest piece each time, which is greedy search.
        number: Index of the sample; seed and index together determine it.
        prefix: Ids that the output must begin with.
        packing: From ``network.pack()``; pass it to reuse packed weights over many calls.
        copies: See `Network.encode` and `Constraints`; needed to block n-grams of the source.
        words: The unknown words of the source, which can be copied; see `Constraints`.

    Yields:
        The pieces, without the end mark. To stop early, close the generator.

    Returns:
        The output, as returned by search or sampling of whole outputs.

    Raises:
        WorldError: If the network's scores are not numbers.
    """
    # Not a decorator: between two pieces the caller's own mode holds.
    with torch.inference_mode():
        memory = network.encode(source, lengths, copies)
        constraints = Constraints(
            target,
            search,
            lengths,
            [prefix] if prefix else None,
            is_unknown_banned=memory.extra > 0,
            copies=copies,
            words=[words] if words else (),
        )
        uniform = Noise(drawing.seed, [number], source.device) if drawing else None
        state = network.start(memory)
        tokens = torch.full((1,), target.start, device=source.device)
        history = tokens.new_zeros(1, 0)  # [1, T]
        total = memory.states.new_zeros(1)
        compared = total  # with the penalty for repeated pieces
        coverage = torch.zeros_like(state.attention)
        packing = packing or network.pack()
    while True:
        with torch.inference_mode():
            scores, state = network.step(tokens, state, memory, packing)  # [1, V]
            coverage = coverage + state.attention
            allowed = scores.clone()
            constraints.apply(allowed, history)
            if drawing is not None and uniform is not None:
                tokens = draw(truncate(allowed, drawing), uniform.next())
            else:
                tokens = likeliest(allowed, 1)[1].squeeze(1)
            total = total + scores.gather(1, tokens.unsqueeze(1)).squeeze(1)
            compared = compared + allowed.gather(1, tokens.unsqueeze(1)).squeeze(1)
            refuse_nan(total)
            if int(tokens) == target.end:
                break
            history = torch.cat([history, tokens.unsqueeze(1)], 1)
        yield int(tokens)
    with torch.inference_mode():
        ranked = total
        if drawing is None:
            ranked = compared / length_penalty(torch.full_like(tokens, history.shape[1] + 1), search)
            if search.coverage_beta:
                ranked = ranked + coverage_penalty(coverage, memory.is_token, search.coverage_beta)
        one = Hypothesis(tuple(history[0].tolist()), float(ranked), float(total))
        if network.is_fused:  # the accumulated value is not a probability
            ((one,),) = with_own_probabilities(network, memory, target, [[one]])
            one = one if drawing is None else replace(one, score=one.log_probability)
    return one


class Growth:
    """The text of an output that grows.

    If the tokenizer spells a character in bytes, it is a replacement character (U+FFFD) until its last byte arrives; so
    the last few of these are held back.

    Args:
        target: Tokenizer of the output.
        words: The unknown words of the source, see `Tokenizer.decode`.
    """

    def __init__(self, target: Tokenizer, words: Sequence[str] = ()) -> None:
        self.target, self.words = target, words
        self.ids: list[int] = []
        self.length = 0

    def add(self, token: int) -> str:
        """Return the text that a further piece adds, '' if it may still change."""
        self.ids.append(token)
        text = self.target.decode(self.ids, self.words)
        tail = len(text) - len(text.rstrip("\ufffd"))
        return self._more(text[: len(text) - min(tail, LONGEST_TAIL)])

    def end(self) -> str:
        """Return the text held back, at the end."""
        return self._more(self.target.decode(self.ids, self.words))

    def _more(self, text: str) -> str:
        new = text[self.length :]
        self.length = max(self.length, len(text))
        return new
