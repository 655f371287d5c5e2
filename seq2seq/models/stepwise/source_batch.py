"""Sources that are decoded together, step by step."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from seq2seq.arrays import beside
from seq2seq.decoding.beam_search import Beams, begun_search, has_search_scores
from seq2seq.decoding.forced_decoding import aligned, with_own_probabilities
from seq2seq.decoding.left_to_right import Texts, begun, reported
from seq2seq.decoding.output import Hypothesis, Output
from seq2seq.decoding.step_model import has_own_scores
from seq2seq.models.source_model import SourceModel
from seq2seq.models.sources import GrowingOutput, enough_memory
from seq2seq.models.stepwise.job import Batch, Part, Progress
from seq2seq.models.stepwise.source_request import SourcePart
from seq2seq.runtime.choice import Choice


class SourceBatch(Batch):
    """Sources that are searched or sampled together; see `SourceModel.decode`.

    Args:
        model: The model.
        parts: Parts with equal keys.
    """

    def __init__(self, model: SourceModel, parts: Sequence[SourcePart]) -> None:
        self._model, self._parts = model, list(parts)
        self._search, self._sampling = parts[0].search, parts[0].sampling
        # A row of a search is a source, and a row of samples is one sample.
        self._rows = [part for part in parts for _ in part.numbers]
        self._lengths = np.array([part.length for part in parts])
        self._growing: dict[SourcePart, GrowingOutput] = {
            part: model.sources.growing(part.source) for part in parts if part.is_streamed
        }
        self._samples: dict[SourcePart, dict[int, Output]] = {part: {} for part in parts}
        self._dropped: set[Part] = set()
        self._begun: tuple[Beams[Any] | Texts[Any], Choice, Any] | None = None
        self._has_terms = False  # parts whose outputs lack required terms are searched again

    @property
    def parts(self) -> Sequence[SourcePart]:
        """The parts that have not ended."""
        return self._parts

    @property
    def rows(self) -> int:
        """Number of rows of the next step."""
        if self._sampling is None:
            return len(self._parts) * self._search.beam_size
        return sum(len(part.numbers) - len(self._samples[part]) for part in self._parts)

    def is_open(self, part: Part) -> bool:
        """Return False: the sources of a batch are encoded together."""
        return False

    def add(self, part: Part) -> None:
        """Refuse another part.

        Raises:
            ValueError: Always.
        """
        raise ValueError("The sources of a batch are encoded together, so it takes no further parts.")

    def drop(self, parts: Iterable[Part]) -> None:
        """Remove parts before the next step."""
        self._dropped.update(parts)
        self._parts = [part for part in self._parts if part not in self._dropped]

    def advance(self) -> list[Progress]:
        """Run one step, and return the progress of the parts."""
        if not self._parts:
            return []
        steps = self._model.steps
        with enough_memory(self._lengths), steps.inference():
            if self._begun is not None:
                running = self._begun[0]
                if self._dropped:
                    running.drop(number for number in running.numbers if self._rows[number] in self._dropped)
                running.leave()
                if not running.numbers:  # all parts that are left are searched again
                    self._begun, self._has_terms = None, True
                    self._rows = list(self._parts)
            if self._begun is None:
                self._rows = [row for row in self._rows if row not in self._dropped]
                self._begun = self._begin()
            running, choice, memory = self._begun
            running.advance(choice.packing)
            ended = self._hypotheses(running, choice, memory)
        return self._progress(running, choice, ended)

    def _begin(self) -> tuple[Beams[Any] | Texts[Any], Choice, Any]:
        """Encode the sources; return their beams or texts, what is chosen from, and the memory of each row."""
        model, search, sampling, parts = self._model, self._search, self._sampling, self._parts
        batch = model.sources.padded([part.source for part in parts], search, has_terms=self._has_terms)
        choice = model.choice_of(batch, uses_shortlist=parts[0].uses_shortlist and not self._has_terms)
        steps = choice.steps
        memory = steps.encode(batch.ids, batch.lengths, batch.copies)
        if sampling is None and search.beam_size > 1:
            return begun_search(steps, batch, memory, choice.target, search), choice, memory
        texts = begun(
            steps,
            batch,
            choice.target,
            search,
            sampling,
            numbers=[number for part in parts for number in part.numbers],
            rows=[place for place, part in enumerate(parts) for _ in part.numbers],
            memory=memory,
            seeds=[part.sampling.seed if part.sampling else 0 for part in parts for _ in part.numbers],
        )
        return texts, choice, texts.memory

    def _hypotheses(
        self,
        running: Beams[Any] | Texts[Any],
        choice: Choice,
        memory: Any,  # noqa: ANN401
    ) -> list[tuple[int, list[Hypothesis]]]:
        """Return the row and the hypotheses of each source or sample that has just ended, as pieces."""
        steps, target = choice.steps, choice.target
        if isinstance(running, Beams):
            numbers, found = _columns(running.ended())
        else:
            numbers, single = _columns(running.ended())
            found = [[hypothesis] for hypothesis in single]
        if not numbers:
            return []
        is_texts = isinstance(running, Texts)
        has_scores = has_own_scores(steps) if is_texts else has_search_scores(steps, self._search)
        is_read = [self._rows[number].attention for number in numbers]
        if not has_scores or any(is_read):
            memory = memory.select(beside(np.array(numbers), memory.is_token))
        if not has_scores and is_texts:
            flat = reported(steps, memory, target, [hypothesis for (hypothesis,) in found], self._sampling)
            found = [[hypothesis] for hypothesis in flat]
        elif not has_scores:
            found = with_own_probabilities(steps.scorer, memory, target, found)
        if any(is_read):
            with_attention = aligned(steps.scorer, memory, target, found)
            found = [
                more if is_wanted else plain
                for plain, more, is_wanted in zip(found, with_attention, is_read, strict=True)
            ]
        return [
            (number, [choice.spelled(hypothesis) for hypothesis in of_row])
            for number, of_row in zip(numbers, found, strict=True)
        ]

    def _progress(
        self, running: Beams[Any] | Texts[Any], choice: Choice, ended: list[tuple[int, list[Hypothesis]]]
    ) -> list[Progress]:
        """Return the progress of the parts after a step."""
        sources, progress = self._model.sources, list[Progress]()
        is_over = {number for number, _ in ended}
        if self._growing and isinstance(running, Texts):
            for number, token in zip(running.numbers, running.tokens.tolist(), strict=True):
                part = self._rows[number]
                if number not in is_over and part in self._growing:
                    progress.append(Progress(part, self._growing[part].add(choice.piece(token))))
        for number, hypotheses in ended:
            part = self._rows[number]
            pieces = sum(len(hypothesis.ids) for hypothesis in hypotheses)
            is_search = isinstance(running, Beams)
            if self._sampling is None:
                found = sources.outputs(part.source, hypotheses)
                if is_search and not self._has_terms and part.source.lacks_requirements(found):
                    continue
                if not part.is_streamed:
                    progress.append(Progress(part, "", pieces, found))
                    continue
            output = sources.output(part.source, hypotheses[0])
            self._samples[part][number] = output
            outputs = [self._samples[part][place] for place in sorted(self._samples[part])]
            text = ""
            if part.is_streamed:
                text = output.text if is_search else self._growing[part].end(output)
            is_last = len(outputs) == len(part.numbers)
            progress.append(Progress(part, text, pieces, outputs if is_last else None))
        over = {entry.part for entry in progress if entry.outputs is not None}
        self._parts = [part for part in self._parts if part not in over]
        return progress


def _columns(pairs: Iterable[tuple[int, Any]]) -> tuple[list[int], list[Any]]:
    """Return the first and the second values of pairs."""
    listed = list(pairs)
    return [first for first, _ in listed], [second for _, second in listed]
