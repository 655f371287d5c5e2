"""Jobs of models with sources."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from seq2seq.corpus.example import Example
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SamplingOptions, SearchOptions, WritingOptions, of_sources
from seq2seq.decoding.output import EMPTY, Output
from seq2seq.models.candidate_ranking import require_rankers
from seq2seq.models.loaded_model import SAMPLE_BITS
from seq2seq.models.source_model import SourceModel
from seq2seq.models.sources import Source
from seq2seq.models.stepwise.job import Job, Part, Progress, Request, cut, without_seed
from seq2seq.tokenization.incremental_text import Stops

CACHED = 256
"""Number of ways of decoding whose options are kept."""


@dataclass(frozen=True, eq=False)
class SourcePart(Part):
    """A sentence of a job, or some of its samples.

    Args:
        source: The sentence.
        search: Search options.
        uses_shortlist: Whether search chooses from the model's shortlist.
        attention: Whether to compute the attention of the outputs.
        is_streamed: Whether to return the text while it is generated.
    """

    source: Source
    search: SearchOptions
    uses_shortlist: bool
    attention: bool
    is_streamed: bool


# Glossaries are not part of the keys: those of requests would be kept.


@lru_cache(CACHED)
def _of_one(search: WritingOptions, sampling: SamplingOptions | None) -> Decoding:
    """Return a decoding of one output, which is not ranked."""
    return Decoding(replace(of_sources(search), n_best=1), sampling)


@lru_cache(CACHED)
def _batched(
    search: WritingOptions, sampling: SamplingOptions | None, candidates: int, batch_tokens: int
) -> tuple[SearchOptions, SamplingOptions | None]:
    """Return the options of a part; options are checked whenever they are made, which takes time."""
    search = replace(of_sources(search), batch_tokens=batch_tokens)
    if sampling is None:
        search = replace(search, n_best=candidates)
    return search, without_seed(sampling)


class SourceRequest(Request):
    """A job of a model with sources.

    Args:
        model: The model.
        job: The job.
        is_streamed: Whether its text is shown while it is generated. Then it has one output, which is not ranked.
        batch_tokens: Maximum number of source tokens per batch, beams or samples included.

    Raises:
        UserError: If the decoding is not for models with sources, or ranks candidates with a model that is missing.
    """

    def __init__(self, model: SourceModel, job: Job, *, is_streamed: bool, batch_tokens: int) -> None:
        decoding = job.decoding
        if is_streamed:
            glossary = decoding.glossary
            decoding = _of_one(decoding.search, decoding.sampling)
            decoding = decoding if glossary is None else replace(decoding, glossary=glossary)
        require_rankers(decoding, model.bundle, None, has_language_model=model.language_model is not None)
        self._model, self._job, self._decoding, self._is_streamed = model, job, decoding, is_streamed
        self._sentences = model.sentences_of([job.source], None, None)
        self._texts: Sequence[str | Example] = self._sentences.texts if self._sentences else [job.source]
        self._numbers = self._sentences.numbers([job.number]) if self._sentences else [job.number]
        encoded = model.sources.encoded(self._texts, decoding, self._sentences.firsts if self._sentences else None)
        self._part_outputs: list[list[Output]] = []
        self.parts: list[SourcePart] = []
        self._parts_of: list[list[SourcePart]] = [
            self._divided(source, number, model.shortlisted([source], of_sources(decoding.search), None), batch_tokens)
            for source, number in zip(encoded, self._numbers, strict=True)
        ]
        self.parts = [part for parts in self._parts_of for part in parts]
        self._ended: dict[int, list[Output]] = {}
        self._unshown = [""] * len(self._texts)
        self._stops = Stops(job.stop)
        self._streaming = self._streamed()
        self._whole: Output | None = None

    def _divided(self, source: Source, number: int, listed: set[int], batch_tokens: int) -> list[SourcePart]:
        """Return the parts of a sentence: one for a search, or groups of samples; [] for an empty one."""
        decoding, draw = self._decoding, self._job.draw
        if not source.ids:
            return []
        search, sampling = _batched(decoding.search, decoding.sampling, decoding.candidates, batch_tokens)
        length = len(source.ids)
        if sampling is None:
            groups: list[tuple[int, ...]] = [(number,)]
            rows, uses_shortlist = search.beam_size, bool(listed)
        else:
            draws = range(draw, draw + decoding.candidates)
            numbers = [number + (place << SAMPLE_BITS) for place in draws]
            size = max(1, batch_tokens // length)
            groups = [tuple(numbers[begin : begin + size]) for begin in range(0, len(numbers), size)]
            rows, uses_shortlist = 0, False
        attention = self._job.attention and sampling is None and decoding.rerank is None
        attention = attention and self._model.network.options.attention != "none"
        parts = []
        for group in groups:
            key = (search, sampling, uses_shortlist)
            place = len(self.parts)
            part = SourcePart(
                *(place, key, length, rows or len(group), group, decoding.sampling),
                *(source, search, uses_shortlist, attention, self._is_streamed),
            )
            self.parts.append(part)
            parts.append(part)
        return parts

    @property
    def is_over(self) -> bool:
        """Whether all parts have ended."""
        return len(self._ended) == len(self.parts)

    def add(self, progress: Progress) -> str:
        """Add the progress of a part, and return the text that can be shown now if the request is streamed."""
        place = progress.part.place
        if progress.outputs is not None:
            self._ended[place] = progress.outputs
        if not self._is_streamed:
            return ""
        sentence = next(number for number, parts in enumerate(self._parts_of) if progress.part in parts)
        self._unshown[sentence] += progress.text
        return self._showable()

    def outputs(self) -> tuple[str, list[Output]]:
        """Return the rest of the text to show if the request is streamed, and the job's outputs."""
        model, job, decoding = self._model, self._job, self._decoding
        if self._is_streamed:
            rest = self._showable()
            rest += "" if self._stops.is_over else self._stops.end()
            output = self._whole
            assert output is not None
            if job.attention and decoding.sampling is not None:
                (output,) = model.aligned([job.source], [output])
            outputs = [output]
        else:
            rest = ""
            each = [self._of_sentence(place) for place in range(len(self._texts))]
            each = model.ranked_outputs(self._texts, each, decoding, attention=job.attention)
            are_ranked = decoding.sampling is None or decoding.rerank is not None
            if self._sentences:
                each = self._sentences.joined(each, decoding.count, are_ranked=are_ranked)
            (outputs,) = each
        if job.piece_scores:
            outputs = model.with_piece_scores([job.source] * len(outputs), outputs)
        return rest, [cut(output, job.stop) for output in outputs]

    def _of_sentence(self, place: int) -> list[Output]:
        """Return the outputs of a sentence, all of whose parts have ended."""
        if not self._parts_of[place]:
            return [EMPTY]
        return [output for part in self._parts_of[place] for output in self._ended[part.place]]

    def _showable(self) -> str:
        """Return the text that can be shown now; with the last part, also keep the whole output."""
        text = ""
        while self._whole is None:
            try:
                part = next(self._streaming)
            except StopIteration as end:
                self._whole = end.value
                break
            if not part:
                break
            text += part
        return "" if self._stops.is_over else self._stops.add(text)

    def _streamed(self) -> Generator[str, None, Output]:
        """Yield the text in parts, joined as by `SourceModel.stream`, and '' if more must be generated first."""
        places = iter(range(len(self._texts)))
        if self._sentences is None:
            output = yield from self._sentence(next(places))
        else:
            output = yield from self._sentences.streamed(lambda _, __: self._sentence(next(places)), self._numbers)
        return output

    def _sentence(self, place: int) -> Generator[str, None, Output]:
        """Yield the text of one sentence as it comes, and '' while there is none."""
        parts = self._parts_of[place]
        while True:
            if text := self._unshown[place]:
                self._unshown[place] = ""
                yield text
            elif not parts:
                return EMPTY
            elif parts[0].place in self._ended:
                return self._ended[parts[0].place][0]
            else:
                yield ""
