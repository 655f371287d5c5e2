"""Prompts that are continued together, step by step."""

from collections.abc import Generator, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from seq2seq.decoding.options import WritingOptions
from seq2seq.decoding.output import Output
from seq2seq.decoding.prompt_continuation import PART, Begun, Continuations, Piece, begun_continuations
from seq2seq.models.language_model import ROWS, Continuation, LanguageModel
from seq2seq.models.loaded_model import SAMPLE_BITS
from seq2seq.models.sources import enough_memory
from seq2seq.models.stepwise.job import Batch, Job, Part, Progress, Request, without_seed
from seq2seq.tokenization.token_healing import Prompt


@dataclass(frozen=True, eq=False)
class PromptPart(Part):
    """Some continuations of a prompt.

    Args:
        prompt: The prompt.
        options: Constraints.
        stop: Stop strings.
        is_scored: Whether to return the log probability of each piece.
        is_streamed: Whether to return the text while it is generated.
    """

    prompt: Prompt
    options: WritingOptions
    stop: tuple[str, ...]
    is_scored: bool
    is_streamed: bool


class PromptRequest(Request):
    """A job of a language model.

    Args:
        model: The model.
        job: The job.
        is_streamed: Whether its text is shown while it is generated. Then it has one output.

    Raises:
        UserError: See `LanguageModel.decode` and `LanguageModel.stream`.
    """

    def __init__(self, model: LanguageModel, job: Job, *, is_streamed: bool) -> None:
        decoding = model.plain_decoding(job.decoding, job.stop)
        if not is_streamed:
            model.require_limit(decoding)
        prompt = model.prompt_of(job.source)
        count = 1 if is_streamed else decoding.count
        numbers = [job.number + (draw << SAMPLE_BITS) for draw in range(job.draw, job.draw + count)]
        size = min(ROWS, decoding.search.batch_tokens)
        self.parts = [
            PromptPart(
                place,
                _key(decoding.search, without_seed(decoding.sampling)),
                len(prompt.ids) + 1,
                len(numbers[begin : begin + size]),
                tuple(numbers[begin : begin + size]),
                decoding.sampling,
                prompt,
                decoding.search,
                job.stop,
                job.piece_scores and decoding.search.max_length > 0,
                is_streamed,
            )
            for place, begin in enumerate(range(0, count, size))
        ]
        self._ended: dict[int, list[Output]] = {}

    @property
    def is_over(self) -> bool:
        """Whether all parts have ended."""
        return len(self._ended) == len(self.parts)

    def add(self, progress: Progress) -> str:
        """Add the progress of a part, and return the text that can be shown now if the request is streamed."""
        if progress.outputs is not None:
            self._ended[progress.part.place] = progress.outputs
        return progress.text

    def outputs(self) -> tuple[str, list[Output]]:
        """Return '' and the job's outputs."""
        return "", [output for place in sorted(self._ended) for output in self._ended[place]]


def _key(options: WritingOptions, sampling: Hashable) -> Hashable:
    """Return what texts must have in common to be generated together: not their lengths."""
    return replace(options, min_length=0, max_length=0, batch_tokens=ROWS), sampling


class _Row:
    """A continuation that is being generated."""

    def __init__(self, model: LanguageModel, part: PromptPart, place: int) -> None:
        self.part, self.place = part, place
        limit = part.options.max_length
        self.text = Continuation(
            part.prompt, model.tokenizers.target, part.stop, is_kept=limit > 0, is_scored=part.is_scored
        )
        self._left, self._has_limit = limit, limit > 0

    def add(self, piece: Piece) -> str:
        """Add a piece and return the text that it adds."""
        self._left -= 1
        return self.text.add(piece)

    @property
    def is_over(self) -> bool:
        """Whether the text has ended, or has the length limit."""
        return self.text.is_over or (self._has_limit and self._left == 0)


class PromptBatch(Batch):
    """Prompts that are continued together; each is read alone, and its continuations then join those of the others.

    Args:
        model: The model.
        parts: Parts with equal keys.
    """

    grows = True

    def __init__(self, model: LanguageModel, parts: Sequence[PromptPart]) -> None:
        self._model = model
        self._texts = Continuations(model.network, model.tokenizers.target, model.packing())
        self._reading: dict[PromptPart, Generator[None, None, Begun]] = {}
        self._rows: dict[int, _Row] = {}
        self._outputs: dict[PromptPart, dict[int, Output]] = {}
        for part in parts:
            self.add(part)

    @property
    def parts(self) -> Sequence[PromptPart]:
        """The parts that have not ended."""
        return list(self._outputs)

    @property
    def rows(self) -> int:
        """Number of rows of the next step, if no prompt had to be read."""
        return len(self._rows) + sum(part.rows for part in self._reading)

    def is_open(self, part: Part) -> bool:
        """Return whether there is room for the rows of another part."""
        return self.rows + part.rows <= ROWS

    def add(self, part: Part) -> None:
        """Add a part, whose prompt is read in the next steps."""
        assert isinstance(part, PromptPart)
        model = self._model
        self._outputs[part] = {}
        self._reading[part] = begun_continuations(
            model.network,
            part.prompt.ids,
            model.tokenizers.target,
            part.options,
            part.sampling,
            begin=model.begin,
            packing=model.packing(),
            has_end=model.has_end,
            numbers=part.numbers,
            seams=part.prompt.seams,
        )

    def drop(self, parts: Iterable[Part]) -> None:
        """Remove parts before the next step."""
        dropped = set(parts)
        self._reading = {part: reading for part, reading in self._reading.items() if part not in dropped}
        self._outputs = {part: outputs for part, outputs in self._outputs.items() if part not in dropped}
        numbers = [number for number, row in self._rows.items() if row.part in dropped]
        self._texts.drop(numbers)
        for number in numbers:
            del self._rows[number]

    def advance(self) -> list[Progress]:
        """Read parts of new prompts, and generate the next piece of each text."""
        with enough_memory(np.array([part.length for part in self._outputs] or [1]), "texts"):
            progress = [more for piece in self._read() for more in self._added(piece)]
            pieces = self._texts.advance() if self._rows else []
        return progress + [more for piece in pieces for more in self._added(piece)]

    def _read(self) -> list[Piece]:
        """Read at most `PART` pieces of prompts, or one part of a prompt; return the first pieces of their texts."""
        first: list[Piece] = []
        left = PART
        for part in list(self._reading):
            reading = self._reading[part]
            while left > 0:
                left -= min(PART, part.length)
                try:
                    next(reading)
                except StopIteration as end:
                    del self._reading[part]
                    pieces = self._texts.join(end.value)
                    for place, piece in enumerate(pieces):
                        self._rows[piece.row] = _Row(self._model, part, place)
                    first += pieces
                    break
        return first

    def _added(self, piece: Piece) -> list[Progress]:
        """Add a piece to its text, and return the progress of the part."""
        row = self._rows[piece.row]
        text, part = row.add(piece), row.part
        if not row.is_over:
            return [Progress(part, text, 1)] if part.is_streamed else []
        text += row.text.end()
        self._texts.drop([piece.row])
        del self._rows[piece.row]
        outputs = self._outputs[part]
        outputs[row.place] = self._model.output_of(row.text)
        shown = text if part.is_streamed else ""
        if len(outputs) < len(part.numbers):
            return [Progress(part, shown, len(row.text.ids))]
        del self._outputs[part]
        pieces = 1 if part.is_streamed else len(row.text.ids)
        return [Progress(part, shown, pieces, [outputs[place] for place in sorted(outputs)])]
