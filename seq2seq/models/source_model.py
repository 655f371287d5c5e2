"""A trained model, loaded once and used many times: ``seq2seq.load(path).translate(["..."])``.

Sources of any length are read completely, unless the reader's `max_source_pieces` cuts them, as in training. One that
is longer than the token budget is decoded alone, in memory proportional to its length.

Shapes: ``B`` batch, ``S`` source length, ``T`` output length.
"""

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, overload

from seq2seq.corpus.example import Example, Text
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.beam_search import beam_search
from seq2seq.decoding.left_to_right import StepCallback, stream, write
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import RerankOptions, SamplingOptions, SearchOptions, WritingOptions, of_sources
from seq2seq.decoding.output import EMPTY, Output, PairScore
from seq2seq.decoding.step_model import StepModel
from seq2seq.errors import UserError
from seq2seq.models import bundle, splitting
from seq2seq.models.companions import require_companions, reranked, with_language_model
from seq2seq.models.scored_outputs import ForcedDecoder
from seq2seq.models.sources import Sources, batches, enough_memory
from seq2seq.network.precision import device_named
from seq2seq.plugin.conversation import Conversation
from seq2seq.plugin.task import TextTask, require_verb
from seq2seq.tokenization.incremental_text import IncrementalText

if TYPE_CHECKING:
    from seq2seq.models.language_model import LanguageModel

DRAW_BITS = 40
"""The low bits of a sample's noise index are the text's number; the bits above are the sample's."""


class Verb(Protocol):
    """A task's verb, bound to a model: the best output for a text, or for each text of a list.

    Without a text, a task that converses begins a conversation.
    """

    @overload
    def __call__(self, texts: str, search: WritingOptions | None = None) -> str: ...  # type: ignore[overload-overlap]

    @overload
    def __call__(self, texts: Sequence[str], search: WritingOptions | None = None) -> list[str]: ...

    @overload
    def __call__(self, *, reverse: "Model | None" = None) -> Conversation: ...


class Begin(Protocol):
    """Begins a session with a model; see `seq2seq.sessions.session.session_of`."""

    def __call__(self, model: "Model", *, reverse: "Model | None" = None) -> Any:  # noqa: ANN401
        """Return the session."""


class Model:
    """A model in memory. The task's verb is a method: ``model.translate(text)`` returns a text, a list gives a list.

    Args:
        loaded: The bundle.
        device: Where to compute, in PyTorch's notation: 'cpu', 'cuda', 'cuda:1', ...
        begin: Begins sessions with the model, see `session`.

    Attributes:
        task: The installed task.
        reader: Converts lines to sources, and outputs to the text shown to the user.
        network: The network, in evaluation mode.
        steps: The network, fused with the language model if there is one: what search and sampling use.
        tokenizers: Both tokenizers.
        search: Search settings used when a call names none.
        sampling: Sampling options, if the model prefers sampling to search; None searches.
        rerank: How to rank candidates with a reverse model; None uses the options' defaults.
        language_model: The fused language model, see `along`; None without one.

    Raises:
        UserError: If there is no such device.
    """

    def __init__(self, loaded: bundle.Bundle, device: str = "cpu", begin: "Begin | None" = None) -> None:
        self._begin = begin
        self.bundle = loaded
        self.task = loaded.task
        self.reader = loaded.config.reader
        self.search = loaded.config.search
        self.sampling = loaded.config.sampling
        self.rerank = loaded.config.rerank
        self.tokenizers = loaded.tokenizers
        self.device = device_named(device)
        self.network = loaded.network.to(self.device)
        self.steps: StepModel[Any] = self.network
        self.language_model: LanguageModel | None = None
        is_copying = self.network.options.copying
        self._sources = Sources(
            self.reader, self.tokenizers, copying=is_copying, device=self.device, verb=self.task.verb
        )
        self._forced = ForcedDecoder(self.network, self._sources)

    def source_of(self, text: str | Example) -> Text:
        """Return the model's source for a user's text, normalised; for an example, its source."""
        return text.source if isinstance(text, Example) else self.reader.source(text)

    def along(self, other: "Model", weight: float) -> "Model":
        """Return this model fused with a language model, which scores each step, and candidates when they are ranked.

        Args:
            other: A model of a task without a source.
            weight: Factor of its log probabilities at each step (`seq2seq.decoding.shallow_fusion`); 0 only ranks
            candidates.

        Raises:
            UserError: If it is not a language model, or does not fit each step: it has other pieces, or no end marks;
                or if this model has no source.
        """
        return with_language_model(self, other, weight)

    @property
    def decoding(self) -> Decoding:
        """Default decoding of a call, without a reverse model."""
        return Decoding(self.search, self.sampling)

    def decode(
        self,
        texts: Sequence[str | Example],
        decoding: Decoding | None = None,
        *,
        reverse: "Model | None" = None,
        first: int = 0,
        numbers: Sequence[int] | None = None,
        prefixes: Sequence[str] | None = None,
        attention: bool = False,
        split: bool | None = None,
        watch: StepCallback | None = None,
    ) -> list[list[Output]]:
        """Produce outputs by search or sampling, optionally with reranking.

        Args:
            texts: Input lines, as a user would type them, or examples, whose sources are already read.
            decoding: Decoding options; by default the model's own, and with a reverse model by ranking candidates.
            reverse: A model of the same task that was trained in the other direction.
            first: Number of the first text, the others follow; see `sample`.
            numbers: The index of each text, if they are not consecutive.
            prefixes: Required beginning of each output; '' requires none.
            attention: Whether to return attention weights and copied shares.
            split: Whether to process texts of several sentences sentence by sentence (`seq2seq.models.splitting`); by
                default as the task does.
            watch: See `beam_search`.

        Returns:
            For each text its `decoding.count` outputs: best first from a search, in order from sampling, or the best of
            the candidates. Fewer if there are not as many, at least one; for an empty text one empty output.

        Raises:
            UserError: If one string is given for the list of texts, lists differ in length, or the reverse model is
                missing, useless or not a reverse model.
            WorldError: If memory is full; advises how to need less.
        """
        if decoding is None:
            decoding = replace(self.decoding, rerank=(self.rerank or RerankOptions()) if reverse else None)
        require_companions(self, decoding, reverse)
        if cut := self._cut(texts, prefixes, split):
            numbers = cut.numbers(range(first, first + len(texts)) if numbers is None else numbers)
            begun = cut.prefixes(prefixes)
            parts = self.decode(
                cut.texts,
                decoding,
                reverse=reverse,
                numbers=numbers,
                prefixes=begun,
                attention=attention,
                split=False,
                watch=watch,
            )
            are_ranked = decoding.sampling is None or decoding.rerank is not None
            return cut.joined(parts, decoding.count, are_ranked=are_ranked)
        if decoding.sampling is None:
            search = replace(of_sources(decoding.search), n_best=decoding.made)
            is_read = attention and decoding.rerank is None
            found = self.apply(texts, search, prefixes=prefixes, attention=is_read, split=False, watch=watch)
        else:
            found = self.sample(
                texts,
                decoding.sampling,
                decoding.search,
                count=decoding.made,
                first=first,
                numbers=numbers,
                prefixes=prefixes,
                split=False,
            )
        if decoding.rerank is not None:
            found = reranked(self, texts, found, decoding.rerank, of_sources(decoding.search), reverse)
            found = [outputs[: decoding.count] for outputs in found]
        if attention and not (decoding.sampling is None and decoding.rerank is None):
            repeated = [text for text, outputs in zip(texts, found, strict=True) for _ in outputs]
            read = iter(self.aligned(repeated, [output for outputs in found for output in outputs]))
            found = [[next(read) for _ in outputs] for outputs in found]
        return found

    def apply(
        self,
        texts: Sequence[str | Example],
        search: WritingOptions | None = None,
        *,
        prefixes: Sequence[str] | None = None,
        attention: bool = False,
        split: bool | None = None,
        watch: StepCallback | None = None,
    ) -> list[list[Output]]:
        """Search for the best outputs.

        Args:
            texts: Input lines, as a user would type them, or examples, whose sources are already read; decoded in
                batches of similar length, in any order and number.
            search: Search settings; by default the model's own.
            prefixes: Required beginning of each output; '' requires none.
            attention: Whether to return attention weights and copied shares.
            split: See `decode`.
            watch: See `beam_search`.

        Returns:
            For each text its `search.n_best` outputs, best first (fewer if there are not as many, at least one); for an
            empty text one empty output.

        Raises:
            UserError: If one string is given for the list of texts, or prefixes and texts differ in number.
            WorldError: If memory is full; advises how to need less.
        """
        options = of_sources(search or self.search)
        if cut := self._cut(texts, prefixes, split):
            parts = self.apply(
                cut.texts,
                options,
                prefixes=cut.prefixes(prefixes),
                attention=attention,
                split=False,
                watch=watch,
            )
            return cut.joined(parts, options.n_best, are_ranked=True)
        sources = self._sources.encoded(texts)
        begun = self._sources.prefixes(texts, prefixes)
        has_attention = attention and self.network.options.attention != "none"
        outputs: list[list[Output]] = [[EMPTY] for _ in texts]
        packing = self.steps.pack()
        for rows in batches([len(one.ids) for one in sources], options.beam_size, options.batch_tokens):
            prefixed = [begun[row] for row in rows] if begun else None
            batch = self._sources.padded([sources[row] for row in rows], options, prefixed)
            with enough_memory(batch.lengths):
                found = beam_search(
                    self.steps,
                    batch,
                    self.tokenizers.target,
                    options,
                    attention=has_attention,
                    packing=packing,
                    watch=watch,
                )
            for row, hypotheses in zip(rows, found, strict=True):
                outputs[row] = self._sources.outputs(sources[row], hypotheses)
        return outputs

    def sample(
        self,
        texts: Sequence[str | Example],
        options: SamplingOptions | None = None,
        search: WritingOptions | None = None,
        *,
        count: int = 1,
        first: int = 0,
        numbers: Sequence[int] | None = None,
        prefixes: Sequence[str] | None = None,
        split: bool | None = None,
    ) -> list[list[Output]]:
        """Draw outputs at random.

        Args:
            texts: Input lines, as a user would type them, or examples, whose sources are already read.
            options: Sampling options, and the seed; by default the model's whole distribution.
            search: Source of length limits, n-gram blocking and banned words; by default the model's own.
            count: Samples per text.
            first: Index of the first text. The index determines the sample: two equal texts get different samples, and
                a long list passed in parts gets the same samples as the whole.
            numbers: The index of each text, if they are not consecutive.
            prefixes: Required beginning of each output; '' requires none.
            split: See `decode`.

        Returns:
            For each text `count` outputs in the order sampled; for an empty text one empty output.

        Raises:
            UserError: If one string is given for the list of texts, or lists differ in length.
            WorldError: If memory is full; advises how to need less.
        """
        drawing, limits = options or SamplingOptions(), of_sources(search or self.search)
        sources = self._sources.encoded(texts)
        begun = self._sources.prefixes(texts, prefixes)
        if numbers is None:
            numbers = range(first, first + len(texts))
        elif len(numbers) != len(texts):
            raise UserError(f"{len(texts):,} texts need as many numbers, not {len(numbers):,}.")
        if cut := self._cut(texts, prefixes, split):
            parts = self.sample(
                cut.texts,
                drawing,
                limits,
                count=count,
                numbers=cut.numbers(numbers),
                prefixes=cut.prefixes(prefixes),
                split=False,
            )
            return cut.joined(parts, count, are_ranked=False)
        # All samples of a source come together, sharing its memory.
        draws = [(row, draw) for row, one in enumerate(sources) if one.ids for draw in range(count)]
        outputs: list[list[Output]] = [[] if one.ids else [EMPTY] for one in sources]
        packing = self.steps.pack()
        for places in batches([len(sources[row].ids) for row, _ in draws], 1, limits.batch_tokens):
            chosen = [draws[place] for place in places]
            rows = list(dict.fromkeys(row for row, _ in chosen))
            prefixed = [begun[row] for row in rows] if begun else None
            batch = self._sources.padded([sources[row] for row in rows], limits, prefixed)
            place_of = {row: place for place, row in enumerate(rows)}
            with enough_memory(batch.lengths):
                drawn = write(
                    self.steps,
                    batch,
                    self.tokenizers.target,
                    limits,
                    drawing,
                    numbers=[numbers[row] + (draw << DRAW_BITS) for row, draw in chosen],
                    rows=[place_of[row] for row, _ in chosen],
                    packing=packing,
                )
            for (row, _), hypothesis in zip(chosen, drawn, strict=True):
                outputs[row].append(self._sources.output(sources[row], hypothesis))
        return outputs

    def stream(
        self,
        text: str | Example,
        search: WritingOptions | None = None,
        drawing: SamplingOptions | None = None,
        *,
        number: int = 0,
        draw: int = 0,
        split: bool | None = None,
    ) -> Generator[str, None, Output]:
        """Write one output, yielding its text as it grows.

        Args:
            text: An input line, as a user would type it, or an example, whose source is already read.
            search: Search settings; by default the model's own.
            drawing: Sampling options; None searches.
            number: Number of the text, as `first` of `sample`.
            draw: Number of the sample of this text.
            split: See `decode`.

        Yields:
            Parts of the text. It comes whole, at the end, from a search with several beams, which cannot know its best
            output earlier, and if the task's reader post-processes outputs.

        Returns:
            The output that `apply` or `sample` would return.

        Raises:
            WorldError: If memory is full; advises how to need less.
        """
        limits = of_sources(search or self.search)
        if cut := self._cut([text], None, split):

            def written(part: str | Example, number: int) -> Generator[str, None, Output]:
                return self.stream(part, limits, drawing, number=number, draw=draw, split=False)

            output = yield from cut.streamed(written, cut.numbers([number]))
            return output
        if not self.streams(limits, drawing):
            output = self.apply([text], limits, split=False)[0][0]
            yield output.text
            return output
        source = self._sources.encoded([text])[0]
        if not source.ids:
            return EMPTY
        batch = self._sources.padded([source], limits)
        growing = IncrementalText(self.tokenizers.target, words=source.words)
        is_growing = type(self.reader).finish is Reader.finish
        pieces = stream(self.steps, batch, self.tokenizers.target, limits, drawing, number=number + (draw << DRAW_BITS))
        while True:
            try:
                with enough_memory(batch.lengths):
                    piece = next(pieces)
            except StopIteration as end:
                output = self._sources.output(source, end.value)
                break
            if is_growing and (part := growing.add(piece)):
                yield part
        if rest := growing.end() if is_growing else output.text:
            yield rest
        return output

    def streams(self, search: SearchOptions, drawing: SamplingOptions | None) -> bool:
        """Return whether an output is written piece by piece, as in sampling and greedy search."""
        return drawing is not None or search.beam_size == 1

    def score(self, sources: Sequence[str | Example], targets: Sequence[str | Example]) -> list[PairScore]:
        """Return the log probabilities of given pairs; see `ForcedDecoder.score`."""
        return self._forced.score(sources, targets, self.search.batch_tokens)

    def score_candidates(
        self, sources: Sequence[str | Example], candidates: Sequence[Sequence[str | Example]]
    ) -> list[list[PairScore]]:
        """Return the log probability of each of several targets per source; see `ForcedDecoder.score_candidates`."""
        return self._forced.score_candidates(sources, candidates, self.search.batch_tokens)

    def aligned(self, texts: Sequence[str | Example], outputs: Sequence[Output]) -> list[Output]:
        """Return outputs with their attention and copied shares; see `ForcedDecoder.aligned`."""
        if any(one.parts for one in outputs) and not isinstance(texts, str) and len(texts) == len(outputs):
            return splitting.aligned(texts, outputs, self.reader.target_language, self.aligned)
        return self._forced.aligned(texts, outputs, self.search.batch_tokens)

    def given(self, text: str | Example, target: str) -> Output:
        """Return a given text as an output, as if the model had written it; see `ForcedDecoder.given`."""
        return self._forced.given(text, target, self.search.batch_tokens)

    def _cut(
        self, texts: Sequence[str | Example], prefixes: Sequence[str] | None, split: bool | None
    ) -> "splitting.Sentences | None":
        """Return the sentences of some texts; None if each has one, or the task does not split texts."""
        is_wanted = self.task.decoding.by_sentence if split is None else split
        return splitting.Sentences.of(texts, prefixes, self.reader.target_language) if is_wanted else None

    def session(self, *, reverse: "Model | None" = None) -> Any:  # noqa: ANN401 - sessions know models
        """Begin a session: text by text, each output as it is written, another one on request.

        Args:
            reverse: A model of the same task that was trained in the other direction; candidates are ranked with it.

        Returns:
            A `seq2seq.sessions.session.Session`, or a conversation if the task has them.

        Raises:
            UserError: If the model does the reverse of its task, or was not loaded by `seq2seq.load`.
        """
        if self._begin is None:
            raise UserError("Only a model of seq2seq.load begins sessions: type seq2seq.load(path).session().")
        return self._begin(self, reverse=reverse)

    @overload
    def _best(self, texts: str, search: WritingOptions | None = None) -> str: ...  # type: ignore[overload-overlap]

    @overload
    def _best(self, texts: Sequence[str], search: WritingOptions | None = None) -> list[str]: ...

    @overload
    def _best(self, *, reverse: "Model | None" = None) -> Conversation: ...

    def _best(
        self,
        texts: str | Sequence[str] | None = None,
        search: WritingOptions | None = None,
        *,
        reverse: "Model | None" = None,
    ) -> str | list[str] | Conversation:
        if texts is None:
            begun = self.session(reverse=reverse)
            if isinstance(begun, Conversation):
                return begun
            raise UserError(f"A text, or a list of texts, is needed: model.{self.task.verb}(text).")
        require_verb(self.task, self.reader, str(self.bundle.folder))
        given = [texts] if isinstance(texts, str) else texts
        made = self.decode(given) if search is None else self.apply(given, search)
        found = [outputs[0].text for outputs in made]
        return found[0] if isinstance(texts, str) else found

    def __getattr__(self, name: str) -> Verb:
        """Return the task's verb as a method.

        Raises:
            AttributeError: For any other name; lists the existing ones.
        """
        task = self.__dict__.get("task")  # missing while a copy is being made
        if task is not None and name == task.verb:
            return self._best
        if task is None or name.startswith("_"):
            raise AttributeError(name)
        more = "" if isinstance(task, TextTask) else ", or model.apply([text]) for scores and alternatives"
        raise AttributeError(
            f"This is a model for '{task.name}': it has no '{name}'. Type model.{task.verb}(text){more}."
        )

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), self.task.verb]

    def __repr__(self) -> str:
        languages = self.bundle.config.languages
        name = f"{self.task.name} {languages}".strip()
        return f"<seq2seq model: {name}, {self.network.weight_count():,} weights, on {self.device}>"
