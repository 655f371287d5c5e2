"""Loaded language models: ``seq2seq.load(path).generate("Once upon a time")``."""

import math
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from typing import Any, cast, overload

import numpy as np

from seq2seq.corpus.example import Example, Mark, Text, plain
from seq2seq.decoding.encoded_sources import no_sources
from seq2seq.decoding.forced_decoding import score as score_pieces
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SearchOptions, of_texts
from seq2seq.decoding.output import Output, PairScore
from seq2seq.decoding.prompt_continuation import LONGEST_PROMPT, Piece, continue_prompt
from seq2seq.errors import UserError
from seq2seq.models.loaded_model import SAMPLE_BITS, LoadedModel, Verb, numbers_of
from seq2seq.models.sources import batches, enough_memory
from seq2seq.options import require
from seq2seq.runtime.parallel_batches import computed
from seq2seq.tokenization.incremental_text import IncrementalText, Stops
from seq2seq.tokenization.token_healing import Prompt, prompted
from seq2seq.tokenization.tokenizer import Tokenizer

ROWS = 256
"""Maximum number of texts generated in parallel; a larger number takes more memory and is hardly faster."""
NO_RANKING = "Candidates are ranked by the probability of their source, but this model has none."


class LanguageModel(LoadedModel):
    """A loaded language model, which continues prompts; see `LoadedModel`."""

    @property
    def begin(self) -> int:
        """Id before the first piece of a text: the begin id of a document or line."""
        return self.tokenizers.target.before(self.reader.begin())

    @property
    def has_end(self) -> bool:
        """Whether the model has learned an end token; False if it was trained on one continuous text."""
        return self.reader.begin() is None

    @property
    def end(self) -> int:
        """Id after the last piece of a scored text: the end token, or a line break if there is none."""
        target = self.tokenizers.target
        return target.end if self.has_end else target.marks[Mark.LINE]

    @overload
    def generate(  # type: ignore[overload-overlap]
        self, prompt: str = "", decoding: Decoding | None = None, *, stop: Sequence[str] = ()
    ) -> str: ...

    @overload
    def generate(
        self, prompt: Sequence[str], decoding: Decoding | None = None, *, stop: Sequence[str] = ()
    ) -> list[str]: ...

    def generate(
        self, prompt: str | Sequence[str] = "", decoding: Decoding | None = None, *, stop: Sequence[str] = ()
    ) -> str | list[str]:
        """Return a prompt with its continuation; for a list of prompts, return a list.

        Args:
            prompt: A prompt, which may be empty, or a list of prompts. Equal prompts in a list get different samples.
            decoding: Decoding options; by default the model's own. `count` is ignored.
            stop: Stop strings; the continuation ends before the first occurrence of any of them.

        Raises:
            UserError: If the prompt is not a string, if a stop string is empty, or if the decoding needs a source (see
                `require_plain`).
            WorldError: If the network's scores are NaN.
        """
        if isinstance(prompt, list | tuple):
            outputs = self.decode(prompt, decoding, count=1, stop=stop)
            return [
                plain(self.reader.source(text)) + output.text for text, (output,) in zip(prompt, outputs, strict=True)
            ]
        following = "".join(self.stream(cast(str, prompt), decoding, stop=stop))
        return plain(self.reader.source(cast(str, prompt))) + following

    def decode(
        self,
        texts: Sequence[str | Example],
        decoding: Decoding | None = None,
        *,
        reverse: Any = None,  # noqa: ANN401 - see `LoadedModel`
        first: int = 0,
        numbers: Sequence[int] | None = None,
        count: int | None = None,
        stop: Sequence[str] = (),
    ) -> list[list[Output]]:
        """Generate several continuations of each prompt, in parallel.

        Args:
            texts: The prompts.
            decoding: See `generate`; `search.max_length` must be positive.
            reverse: Must be None, because candidates cannot be ranked.
            first: See `LoadedModel.decode`.
            numbers: See `LoadedModel.decode`.
            count: Number of continuations per prompt; by default `decoding.count`.
            stop: See `generate`.

        Returns:
            For each prompt `count` continuations in the order sampled, each as returned by `stream`.

        Raises:
            UserError: See `generate`; also if `texts` is a string, or if `search.max_length` is 0.
            WorldError: If memory is exhausted.
        """
        decoding = self.plain_decoding(decoding, stop)
        require(reverse is None, NO_RANKING)
        if texts is None or isinstance(texts, str):
            given = "nothing" if texts is None else "one text"
            raise UserError(f"A list of prompts is needed, but {given} was given: model.{self.task.verb}(text).")
        self.require_limit(decoding)
        count = decoding.count if count is None else count
        result = []
        size = min(ROWS, decoding.search.batch_tokens)
        for prompt, number in zip(texts, numbers_of(texts, first, numbers), strict=True):
            read = self.prompt_of(prompt)
            outputs: list[Output] = []
            while len(outputs) < count:
                draws = range(len(outputs), min(count, len(outputs) + size))
                growing = [Continuation(read, self.tokenizers.target, stop) for _ in draws]
                with enough_memory(np.full(len(draws), len(read.ids)), "texts"):
                    for step in self._pieces(read, decoding, [number + (draw << SAMPLE_BITS) for draw in draws]):
                        for piece in step:
                            growing[piece.row].add(piece)
                        if all(text.is_over for text in growing):
                            break
                for text in growing:
                    text.end()
                outputs += map(self.output_of, growing)
            result.append(outputs)
        return result

    def stream(
        self,
        text: str | Example = "",
        decoding: Decoding | None = None,
        *,
        number: int = 0,
        draw: int = 0,
        stop: Sequence[str] = (),
    ) -> Generator[str, None, Output]:
        """Continue a prompt, yielding the text in parts.

        Args:
            text: The prompt as typed by a user, or an example with the prompt as its source.
            decoding: See `generate`. If `search.max_length` is 0, generation continues, in constant memory, until the
                text ends or the iterator is closed.
            number: See `LoadedModel.stream`.
            draw: See `LoadedModel.stream`.
            stop: See `generate`.

        Yields:
            Parts of the continuation.

        Returns:
            The continuation; without a length limit its `text` and `ids` are empty. If the last pieces of the prompt
            were replaced (`seq2seq.tokenization.token_healing`), `ids` and their log probability include the
            replacement, and `source_pieces` has only the pieces that were kept; `text` still starts after the prompt.

        Raises:
            UserError: See `generate`.
            WorldError: If the network's scores are NaN.
        """
        decoding = self.plain_decoding(decoding, stop)
        read = self.prompt_of(text)
        growing = Continuation(read, self.tokenizers.target, stop, is_kept=decoding.search.max_length > 0)
        for (piece,) in self._pieces(read, decoding, [number + (draw << SAMPLE_BITS)]):
            if part := growing.add(piece):
                yield part
            if growing.is_over:
                break
        if rest := growing.end():
            yield rest
        return self.output_of(growing)

    def score(self, texts: Sequence[str | Text]) -> list[PairScore]:
        """Return the log probability of each text, including its end.

        Args:
            texts: Texts as typed by a user, or targets returned by a reader; if a target includes its end token, the
                token is not scored twice.

        Raises:
            UserError: If `texts` is a string.
            WorldError: If memory is exhausted.
        """
        read = self._read(texts)
        return [
            PairScore(math.fsum(values), len(values), len(plain(text)), end_log_probability=values[-1])
            for text, values in zip(read, self._logarithms(read), strict=True)
        ]

    def beginnings(self, texts: Sequence[str | Text], pieces: int) -> list[float]:
        """Return the log probability of each text's first `pieces` pieces (0 means all pieces); see `score`."""
        return [math.fsum(values[: pieces or None]) for values in self._logarithms(self._read(texts))]

    def _read(self, texts: Sequence[str | Text]) -> list[Text]:
        if isinstance(texts, str):
            raise UserError("A list of texts is needed, but one text was given: give [text].")
        return [self.reader.target(text) if isinstance(text, str) else _unended(text) for text in texts]

    def _logarithms(self, texts: Sequence[Text]) -> list[list[float]]:
        """Return the log probabilities of the pieces of each text and of its end token."""
        target = self.tokenizers.target
        wanted = [target.encode(text) for text in texts]
        logarithms: dict[int, list[float]] = {}

        def score_batch(rows: list[int]) -> None:
            sources = no_sources(len(rows), self.network.array(np.zeros(0)))
            chosen = [wanted[row] for row in rows]
            with enough_memory(sources.lengths + len(chosen[0])):
                scored = score_pieces(self.network, sources, chosen, target, begin=self.begin, end=self.end)
            logarithms.update(zip(rows, scored, strict=True))

        parts = batches([len(ids) + 1 for ids in wanted], 1, self.search.batch_tokens)
        computed(score_batch, parts, self.network.batches_at_a_time)
        return [logarithms[row] for row in range(len(wanted))]

    def require_plain(self, decoding: Decoding) -> None:
        """Check that a decoding needs no source.

        Raises:
            UserError: If it ranks candidates, searches with several beams, or blocks source n-grams.
        """
        search = decoding.search
        require(decoding.rerank is None, NO_RANKING)
        if not isinstance(search, SearchOptions):
            return
        require(
            decoding.sampling is not None or search.beam_size == 1,
            f"beam_size is {search.beam_size}, but a text without a source is not searched with beams: set beam_size "
            "to 1 for the likeliest piece each time, or sample.",
        )
        require(
            not search.no_repeat_source_ngram,
            f"no_repeat_source_ngram is {search.no_repeat_source_ngram}, but there is no source whose n-grams could be "
            "blocked: set it to 0 (no_repeat_ngram blocks those of the text).",
        )

    @staticmethod
    def require_limit(decoding: Decoding) -> None:
        """Check that a decoding has a length limit.

        Raises:
            UserError: If it has none.
        """
        require(decoding.search.max_length > 0, "max_length is 0, but a list of texts needs a limit: set max_length.")

    def plain_decoding(self, decoding: Decoding | None, stop: Sequence[str]) -> Decoding:
        """Return a decoding adapted to language models, by default the model's own.

        Raises:
            UserError: See `require_plain`; also if a stop string is empty.
        """
        if isinstance(stop, str) or not all(stop):
            raise UserError(f"stop is {stop!r}, but it must be a list of texts, none of them empty.")
        decoding = decoding or self.decoding
        self.require_plain(decoding)
        return replace(decoding, search=of_texts(decoding.search))

    def prompt_of(self, prompt: str | Example) -> Prompt:
        """Return a prompt's pieces, and the seams from which it may be continued.

        Raises:
            UserError: If the prompt is neither a string nor an example.
        """
        if not isinstance(prompt, str | Example):
            given = "nothing" if prompt is None else f"something of type {type(prompt).__name__}"
            raise UserError(
                f"A prompt is a text, but {given} was given: model.{self.task.verb}(text), or a list of texts."
            )
        return prompted(self.source_of(prompt), self.tokenizers.target).last(LONGEST_PROMPT)

    def _pieces(self, prompt: Prompt, decoding: Decoding, numbers: Sequence[int]) -> Iterator[list[Piece]]:
        """Yield the pieces of a continuation for each index in `numbers`; see `continue_prompt`."""
        return continue_prompt(
            self.network,
            prompt.ids,
            self.tokenizers.target,
            decoding.search,
            decoding.sampling,
            begin=self.begin,
            has_end=self.has_end,
            numbers=numbers,
            seams=prompt.seams,
            packing=self.packing(),
        )

    def output_of(self, text: "Continuation") -> Output:
        """Return a continuation as an output."""
        target = self.tokenizers.target
        return Output(
            self.reader.finish(text.written),
            text.log_probability,
            text.log_probability,
            tuple(target.pieces(text.ids)),
            tuple(target.pieces(text.kept)),
            lost=text.lost,
            ids=tuple(text.ids),
            piece_log_probabilities=tuple(text.log_probabilities),
        )

    @property
    def _verb(self) -> Verb:
        return cast(Verb, self.generate)  # its parameter is named `prompt`, not `texts`


def _unended(text: Text) -> Text:
    """Return a text without its end token, because scoring adds one."""
    return text[:-1] if isinstance(text, tuple) and text[-1:] == (Mark.END,) else text


class Continuation:
    """A growing continuation of a prompt.

    Args:
        prompt: The prompt.
        target: The tokenizer.
        stop: Stop strings.
        is_kept: Whether to keep the text and its pieces; if not, memory is constant.
        is_scored: Whether to keep the log probability of each piece.

    Attributes:
        written: The continuation so far.
        ids: Ids of the continuation's pieces; the text of the first may include the end of the prompt.
        kept: Ids of the prompt's pieces that precede `ids`.
        lost: Number of pieces cut off the beginning of the prompt.
        log_probability: Natural log probability of the pieces, including an end token.
        log_probabilities: That of each piece in `ids`; empty unless wanted.
        is_over: Whether an end token or stop string was generated.
    """

    def __init__(
        self,
        prompt: Prompt,
        target: Tokenizer,
        stop: Sequence[str],
        *,
        is_kept: bool = True,
        is_scored: bool = False,
    ) -> None:
        self.written, self.ids, self.kept, self.lost = "", list[int](), prompt.ids, prompt.lost
        self.log_probability, self.log_probabilities, self.is_over = 0.0, list[float](), False
        self._prompt, self._target, self._is_kept, self._is_scored = prompt, target, is_kept, is_scored
        self._stops = Stops(stop)
        self._text: IncrementalText | None = None  # set when the first piece determines the seam

    def add(self, piece: Piece) -> str:
        """Add a piece and return the text to show; '' after the end of the text."""
        if self.is_over:
            return ""
        self.log_probability += piece.log_probability
        self.is_over = piece.token == self._target.end
        if self.is_over:
            return ""
        again = ""
        if self._text is None:
            seam = self._prompt.seams[piece.seam]
            self.kept, again = self._prompt.ids[: seam.kept], seam.text
            self._text = IncrementalText(self._target, self.kept)
        if self._is_kept:
            self.ids.append(piece.token)
        if self._is_scored:
            self.log_probabilities.append(piece.log_probability)
        part = self._stops.add(self._text.add(piece.token).removeprefix(again))
        self.is_over = self._stops.is_over
        return self._kept(part)

    def end(self) -> str:
        """End the text and return the part that was held back."""
        if self._stops.is_over:
            return ""
        rest = self._stops.add(self._text.end()) if self._text else ""
        return self._kept(rest + self._stops.end())

    def _kept(self, part: str) -> str:
        if self._is_kept:
            self.written += part
        return part
