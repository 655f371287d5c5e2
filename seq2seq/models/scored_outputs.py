"""Forced decoding: log probabilities and attention of given targets."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from seq2seq.amounts import amount
from seq2seq.corpus.example import Example
from seq2seq.decoding.forced_decoding import aligned, score
from seq2seq.decoding.output import Hypothesis, Output, PairScore
from seq2seq.errors import UserError
from seq2seq.models.sources import Source, Sources, batches, enough_memory, pair
from seq2seq.runtime.network_protocol import Engine
from seq2seq.runtime.parallel_batches import computed


class ForcedDecoder:
    """Scores and aligns given texts.

    Args:
        network: The network, or whatever computes it, in evaluation mode.
        sources: Encodes and batches the sources.
        batch_tokens: Maximum number of pieces per batch, padding included.
    """

    def __init__(self, network: Engine, sources: Sources, batch_tokens: int) -> None:
        self._network, self._sources, self._batch_tokens = network, sources, batch_tokens
        self._reader, self._target = sources.reader, sources.tokenizers.target

    def score(self, sources: Sequence[str | Example], targets: Sequence[str | Example]) -> list[PairScore]:
        """Return the log probability of each pair.

        Args:
            sources: Lines as typed by a user, or examples.
            targets: For each source, the target text, or an example that includes the target.

        Raises:
            UserError: If an argument is a string instead of a list, or if the lists differ in length.
            WorldError: If memory is exhausted.
        """
        encoded = self._sources.encoded(sources)
        if isinstance(targets, str) or len(sources) != len(targets):
            given = "one target" if isinstance(targets, str) else f"{len(targets):,} targets"
            raise UserError(f"There are {len(sources):,} sources, but {given}: give a list, one for each.")
        return [score for (score,) in self._scored(encoded, [[target] for target in targets])]

    def score_candidates(
        self, sources: Sequence[str | Example], candidates: Sequence[Sequence[str | Example]]
    ) -> list[list[PairScore]]:
        """Return the log probabilities of several targets per source, encoding each source once.

        Args:
            sources: See `score`.
            candidates: A list of targets for each source, as in `score`; the lists may differ in length.

        Raises:
            UserError: If a string is given instead of a list, or if there is not one list of candidates per source.
            WorldError: If memory is exhausted.
        """
        encoded = self._sources.encoded(sources)
        if isinstance(candidates, str) or any(isinstance(texts, str) for texts in candidates):
            raise UserError("Candidates are lists of texts, one list for each source, but a text was given for one.")
        if len(sources) != len(candidates):
            raise UserError(
                f"There are {len(sources):,} sources, but {len(candidates):,} lists of candidates: give one for each."
            )
        return self._scored(encoded, candidates)

    def aligned(self, texts: Sequence[str | Example], outputs: Sequence[Output]) -> list[Output]:
        """Return outputs with their `attention` and `copied` set.

        Args:
            texts: The source of each output.
            outputs: Outputs of this model. The caller must split joined outputs.

        Returns:
            The outputs; the attention of an empty output has no rows. Outputs for empty texts are unchanged; if the
            network has no attention, all outputs are.

        Raises:
            UserError: If `texts` is a string, or if the lists differ in length.
            WorldError: If memory is exhausted.
        """
        sources, result = self._sources_of(texts, outputs), list(outputs)
        if self._network.options.attention == "none":
            return result
        for row, (source, output) in enumerate(zip(sources, outputs, strict=True)):
            if source.ids and not output.ids:
                result[row] = replace(output, attention=np.zeros((0, len(source.ids)), np.float32), copied=())
        for rows in batches(_lengths(sources, outputs), 1, self._batch_tokens):
            batch = self._sources.padded([sources[row] for row in rows])
            written = [[Hypothesis(outputs[row].ids, 0.0, 0.0)] for row in rows]
            with enough_memory(batch.lengths), self._network.inference():
                memory = self._network.encode(batch.ids, batch.lengths, batch.copies)
                read = aligned(self._network, memory, self._target, written)
            for row, (hypothesis,) in zip(rows, read, strict=True):
                result[row] = replace(outputs[row], attention=hypothesis.attention, copied=hypothesis.copied)
        return result

    def with_piece_scores(self, texts: Sequence[str | Example], outputs: Sequence[Output]) -> list[Output]:
        """Return outputs with `piece_log_probabilities` set; see `aligned` for the arguments and errors."""
        sources, result = self._sources_of(texts, outputs), list(outputs)
        for rows in batches(_lengths(sources, outputs), 1, self._batch_tokens):
            batch = self._sources.padded([sources[row] for row in rows])
            with enough_memory(batch.lengths):
                scored = score(self._network, batch, [outputs[row].ids for row in rows], self._target)
            for row, values in zip(rows, scored, strict=True):
                result[row] = replace(outputs[row], piece_log_probabilities=tuple(values[:-1]))
        return result

    def _sources_of(self, texts: Sequence[str | Example], outputs: Sequence[Output]) -> list[Source]:
        """Return the source of each output; for the errors see `aligned`."""
        if not isinstance(texts, str) and len(texts) != len(outputs):
            raise UserError(
                f"{amount(len(texts), 'text')} came with {amount(len(outputs), 'output')}: give one for each."
            )
        return self._sources.encoded(texts)

    def given(self, text: str | Example, target: str) -> Output:
        """Return an output with the text `target` for the source `text`; it can be passed to `aligned`."""
        source = self._sources.encoded([text])[0]
        written = source.masked_target(self._reader.target(target))
        ids = self._target.encode(written)
        if self._sources.extension:
            ids = self._sources.extension.target(ids, written, source.words)
        probability = self.score([text], [target])[0].log_probability
        return self._sources.output(source, Hypothesis(tuple(ids), probability, probability))

    def _scored(
        self, encoded: Sequence[Source], candidates: Sequence[Sequence[str | Example]]
    ) -> list[list[PairScore]]:
        read = [source if source.ids else self._sources.end() for source in encoded]  # as in training
        written = [
            [text.target if isinstance(text, Example) else self._reader.target(text) for text in texts]
            for texts in candidates
        ]
        masked = [[source.masked_target(text) for text in texts] for source, texts in zip(read, written, strict=True)]
        wanted = [[self._target.encode(target) for target in targets] for targets in masked]
        if self._sources.extension is not None:
            extension = self._sources.extension
            wanted = [
                [extension.target(ids, text, source.words) for ids, text in zip(targets, texts, strict=True)]
                for targets, texts, source in zip(wanted, masked, read, strict=True)
            ]
        lengths = [
            max([len(source.ids), *(len(target) + 1 for target in targets)]) if targets else 0
            for source, targets in zip(read, wanted, strict=True)
        ]
        scores: list[list[PairScore]] = [[] for _ in read]

        def score_batch(rows: list[int]) -> None:
            batch = self._sources.padded([read[row] for row in rows])
            with enough_memory(batch.lengths):
                logarithms = score(
                    self._network,
                    batch,
                    [target for row in rows for target in wanted[row]],
                    self._target,
                    rows=[place for place, row in enumerate(rows) for _ in wanted[row]],
                )
            following = iter(logarithms)
            for row in rows:
                scores[row] = [pair(encoded[row], text, next(following)) for text in written[row]]

        parts = batches(lengths, max(map(len, wanted), default=1), self._batch_tokens)
        computed(score_batch, parts, self._network.batches_at_a_time)
        return scores


def _lengths(sources: Sequence[Source], outputs: Sequence[Output]) -> list[int]:
    """Return the number of pieces to compute for each output with its source; 0 for empty outputs."""
    pairs = zip(sources, outputs, strict=True)
    return [max(len(source.ids), len(output.ids) + 1) if output.ids else 0 for source, output in pairs]
