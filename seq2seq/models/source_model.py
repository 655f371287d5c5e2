"""Loaded encoder-decoder models: ``seq2seq.load(path).translate(["..."])``.

As in training, sources are truncated only by the reader's `max_source_pieces`. A source longer than the token budget is
decoded alone, in memory proportional to its length.
"""

from collections.abc import Generator, Hashable, Sequence
from dataclasses import replace
from typing import Self, cast

from seq2seq.corpus.example import Example
from seq2seq.decoding.beam_search import beam_search
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.left_to_right import StepCallback, stream, write
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import RerankOptions, SearchOptions, WritingOptions, of_sources
from seq2seq.decoding.output import EMPTY, Output, PairScore
from seq2seq.decoding.phrases.glossary import Glossary, Pairs, glossary_of
from seq2seq.errors import UserError
from seq2seq.generators import Returning
from seq2seq.models import splitting
from seq2seq.models.bundle import Bundle
from seq2seq.models.candidate_ranking import ranked, require_rankers
from seq2seq.models.joint.shallow_fusion import Fused
from seq2seq.models.language_model import LanguageModel
from seq2seq.models.loaded_model import SAMPLE_BITS, Begin, LoadedModel, Verb, numbers_of
from seq2seq.models.scored_outputs import ForcedDecoder
from seq2seq.models.sources import Source, Sources, batches, enough_memory
from seq2seq.options import require, within
from seq2seq.plugin.conversation import Conversation
from seq2seq.plugin.task import require_verb
from seq2seq.runtime.choice import Choice, has_shortlist, short_choice
from seq2seq.runtime.parallel_batches import computed


class SourceModel(LoadedModel):
    """A loaded encoder-decoder model; see `LoadedModel`.

    Args:
        bundle, device, begin: See `LoadedModel`.
        language_model: A language model to fuse, see `along`.
        weight: Weight of the language model at each step; 0 uses it for ranking only.

    Attributes:
        language_model: The language model, if any.
        language_weight: Weight of the language model at each step.
        sources: Encodes sources and decodes hypotheses.
    """

    def __init__(
        self,
        bundle: Bundle,
        device: str = "cpu",
        begin: Begin | None = None,
        language_model: LanguageModel | None = None,
        weight: float = 0.0,
    ) -> None:
        super().__init__(bundle, device, begin)
        self.language_model, self.language_weight = language_model, weight
        if language_model is not None and weight:
            other = language_model.network.placed(self.device)
            self.steps = Fused(self.network, other, weight, self.tokenizers.target.unknown)
        self.sources = Sources(
            self.reader, self.tokenizers, copying=self.network.options.copying, model=self.network, verb=self.task.verb
        )
        self._forced = ForcedDecoder(self.network, self.sources, self.search.batch_tokens)

    def _version(self) -> Hashable:
        return super()._version(), self.language_model and self.language_model.network.version()

    def tagged(self, tag: str) -> "SourceModel":
        """Return a copy of this model that reads another tag before each source ('' for none).

        Raises:
            UserError: If the model has no such tag.
        """
        if tag:
            self.tokenizers.source.tag(tag)
        config = replace(self.bundle.config, reader=replace(self.reader, tag=tag))
        return self._with(replace(self.bundle, config=config))

    def _with(self, bundle: Bundle) -> Self:
        """Return a copy of this model, with its language model, but another bundle."""
        return type(self)(bundle, self.device, self._begin, self.language_model, self.language_weight)

    def along(self, other: LoadedModel, weight: float) -> "SourceModel":
        """Return a copy of this model with a language model, which scores each step and ranks candidates.

        Args:
            other: A language model.
            weight: Factor of its log probabilities at each step (see `Fused`); 0 uses it for ranking only.

        Raises:
            UserError: If `other` is not a language model. If `weight` is positive, and `other` has a different
                vocabulary or no end token.
        """
        within("lm_weight", weight, 0, 1000)
        name, own_name = other.bundle.folder, self.bundle.folder
        if not isinstance(other, LanguageModel):
            raise UserError(
                f"{name} is a model for '{other.task.name}', which reads a source: only a model of running text, such "
                "as one of seq2seq fit generation, can be fused with another."
            )
        require(
            not weight or self.network.engine == other.network.engine,
            f"{name} and {own_name} are computed by different engines, so they cannot be fused: export both for ONNX "
            "Runtime, or give the runs of both.",
        )
        require(
            not (weight and self.reader.masks),
            f"{own_name} was trained with masks, which language models cannot score: give lm_weight 0, for ranking.",
        )
        if weight:
            own, its = self.tokenizers.target, other.tokenizers.target
            require(
                own.digest() == its.digest(),
                f"{name} was trained with other pieces than those of {own_name}, so it cannot score "
                "them: train it with the same tokenizer, --data.tokenizer.source_model "
                f"{own_name}/tokenizer/{'joint' if self.tokenizers.joint else 'target'}.model.",
            )
            require(
                other.has_end,
                f"{name} was trained on one continuous text and has no end token: train it on documents or, "
                "with --data.reader.lines true, on sentences.",
            )
        return SourceModel(self.bundle, self.device, self._begin, other, weight)

    def decode(
        self,
        texts: Sequence[str | Example],
        decoding: Decoding | None = None,
        *,
        reverse: "SourceModel | None" = None,
        first: int = 0,
        numbers: Sequence[int] | None = None,
        prefixes: Sequence[str] | None = None,
        attention: bool = False,
        split: bool | None = None,
        watch: StepCallback | None = None,
    ) -> list[list[Output]]:
        """Generate outputs by search or sampling, optionally with reranking; see `LoadedModel.decode`.

        Args:
            texts: See `LoadedModel.decode`. You can pass any number of texts in any order; texts of similar length are
                batched together.
            decoding: Decoding options; by default the model's own, with reranking if `reverse` is given.
            reverse: See `LoadedModel.decode`.
            first: See `LoadedModel.decode`.
            numbers: See `LoadedModel.decode`.
            prefixes: Required prefix of each output; '' if there is none.
            attention: Whether to set `attention` and `copied` of the outputs.
            split: Whether to decode sentence by sentence (`seq2seq.models.splitting`); by default the task decides.
            watch: Called after each step, see `StepCallback`; from several threads if several batches are computed at a
                time.

        Returns:
            For each text at least one and at most `decoding.count` outputs: best first after search or reranking,
            in the order sampled otherwise. An empty text has one empty output.

        Raises:
            UserError: If `texts` is a string, if lists differ in length, or if the reverse model is missing, unused or
                not a reverse model.
            WorldError: If memory is exhausted.
        """
        if decoding is None:
            decoding = replace(self.decoding, rerank=(self.rerank or RerankOptions()) if reverse else None)
        require_rankers(
            decoding,
            self.bundle,
            reverse.bundle if reverse else None,
            has_language_model=self.language_model is not None,
        )
        sentences = self.sentences_of(texts, prefixes, split)
        numbers = numbers_of(texts, first, numbers)
        if sentences is None:
            return self._decoded(texts, decoding, reverse, numbers, prefixes, attention, watch)
        parts, begun = sentences.numbers(numbers), sentences.prefixes(prefixes)
        outputs = self._decoded(
            sentences.texts, decoding, reverse, parts, begun, attention, watch, firsts=sentences.firsts
        )
        are_ranked = decoding.sampling is None or decoding.rerank is not None
        return sentences.joined(outputs, decoding.count, are_ranked=are_ranked)

    def _decoded(
        self,
        texts: Sequence[str | Example],
        decoding: Decoding,
        reverse: "SourceModel | None",
        numbers: Sequence[int],
        prefixes: Sequence[str] | None,
        attention: bool,
        watch: StepCallback | None,
        firsts: Sequence[bool] | None = None,
    ) -> list[list[Output]]:
        """Return the outputs of texts that are not split; for `firsts` see `Sources.encoded`, else `decode`."""
        search = of_sources(decoding.search)
        encoded = self.sources.encoded(texts, decoding, firsts)
        begun = self.sources.prefixes(encoded, prefixes)
        if decoding.sampling is None:
            is_read = attention and decoding.rerank is None
            if search.n_best != decoding.candidates:
                search = replace(search, n_best=decoding.candidates)
            outputs = self._searched(encoded, search, begun, is_read, watch)
        else:
            outputs = self._sampled(encoded, decoding, begun, numbers)
        return self.ranked_outputs(texts, outputs, decoding, reverse, attention=attention)

    def ranked_outputs(
        self,
        texts: Sequence[str | Example],
        outputs: list[list[Output]],
        decoding: Decoding,
        reverse: "SourceModel | None" = None,
        *,
        attention: bool,
    ) -> list[list[Output]]:
        """Return the outputs of each text after ranking, with attention if it is wanted.

        Args:
            texts: The texts, which are not split.
            outputs: The candidates of each text; those of a search without ranking have attention already.
            decoding: The decoding.
            reverse: The reverse model, if any.
            attention: Whether to set `attention` and `copied` of the outputs.
        """
        if (options := decoding.rerank) is not None:
            reverse_score = reverse.score if reverse else None
            other = self.language_model if options.anti_weight else None
            search, are_drawn = of_sources(decoding.search), decoding.sampling is not None
            outputs = ranked(texts, outputs, options, search, self.reader, reverse_score, other, are_drawn=are_drawn)
            outputs = [some[: decoding.count] for some in outputs]
        if attention and not (decoding.sampling is None and decoding.rerank is None):
            repeated = [text for text, candidates in zip(texts, outputs, strict=True) for _ in candidates]
            read = iter(self.aligned(repeated, [output for candidates in outputs for output in candidates]))
            outputs = [[next(read) for _ in candidates] for candidates in outputs]
        return outputs

    def _searched(
        self,
        sources: Sequence[Source],
        search: SearchOptions,
        prefixes: Sequence[Sequence[int]] | None,
        attention: bool,
        watch: StepCallback | None = None,
    ) -> list[list[Output]]:
        """Return at most `search.n_best` outputs of each source, best first.

        With several beams, outputs must contain the required terms and the masks of their sources. The best outputs of
        all are also the best with them if they contain them; so only the sources of other outputs are searched again.
        """
        outputs: list[list[Output]] = [[EMPTY] for _ in sources]
        rows: Sequence[int] = range(len(sources))
        for has_terms in (False, True):
            self._search(rows, sources, outputs, search, prefixes, attention, watch, has_terms=has_terms)
            rows = [row for row, source in enumerate(sources) if source.lacks_requirements(outputs[row])]
            if not rows or search.beam_size == 1:
                break
        return outputs

    def _search(
        self,
        rows: Sequence[int],
        sources: Sequence[Source],
        outputs: list[list[Output]],
        search: SearchOptions,
        prefixes: Sequence[Sequence[int]] | None,
        attention: bool,
        watch: StepCallback | None,
        *,
        has_terms: bool,
    ) -> None:
        """Search some of the sources, and put their outputs into the list."""
        has_attention = attention and self.network.options.attention != "none"

        def search_batch(rows: list[int]) -> None:
            batch = self._batch(sources, rows, search, prefixes, has_terms=has_terms)
            with enough_memory(batch.lengths):
                choice = self.choice_of(batch, uses_shortlist=rows[0] in listed)
                hypotheses = beam_search(
                    choice.steps,
                    batch,
                    choice.target,
                    search,
                    attention=has_attention,
                    packing=choice.packing,
                    watch=watch,
                )
            for row, of_source in zip(rows, hypotheses, strict=True):
                whole = [choice.spelled(hypothesis) for hypothesis in of_source]
                outputs[row] = self.sources.outputs(sources[row], whole)

        # The pieces of required terms may not be in the shortlist.
        listed = set[int]() if has_terms else self.shortlisted(sources, search, prefixes)
        parts: list[list[int]] = []
        for is_listed in (False, True):
            places = [row for row in rows if (row in listed) is is_listed]
            lengths = [len(sources[row].ids) for row in places]
            found = batches(lengths, search.beam_size, search.batch_tokens, self.network.rows_at_a_time)
            parts += [[places[place] for place in part] for part in found]
        computed(search_batch, parts, self.network.batches_at_a_time)

    def shortlisted(
        self, sources: Sequence[Source], search: SearchOptions, prefixes: Sequence[Sequence[int]] | None
    ) -> set[int]:
        """Return the places of the sources for which search chooses from the model's shortlist; none if it has none.

        What some search options or a language model need may not be in the shortlist, and characters that are spelled
        byte by byte are not.
        """
        is_free = not (prefixes or search.banned or search.no_repeat_source_ngram or search.repetition_penalty != 1)
        if not is_free or not has_shortlist(self.steps):
            return set()
        is_byte = self.tokenizers.source.is_byte
        return {row for row, source in enumerate(sources) if not source.required and not any(map(is_byte, source.ids))}

    def choice_of(self, batch: EncodedSources, *, uses_shortlist: bool) -> Choice:
        """Return what search chooses from for a batch of sources."""
        whole = self.tokenizers.target
        if uses_shortlist and has_shortlist(self.steps):
            return short_choice(self.steps, whole, batch.ids, batch.lengths)
        return Choice(self.steps, whole, self.packing())

    def _sampled(
        self,
        sources: Sequence[Source],
        decoding: Decoding,
        prefixes: Sequence[Sequence[int]] | None,
        numbers: Sequence[int],
    ) -> list[list[Output]]:
        """Return the `decoding.candidates` samples of each source, in the order sampled."""
        search = of_sources(decoding.search)
        # All samples of a source are adjacent, so they share its encoder states.
        draws = range(decoding.candidates)
        samples = [(row, draw) for row, source in enumerate(sources) if source.ids for draw in draws]
        outputs: list[list[Output]] = [[] if source.ids else [EMPTY] for source in sources]
        packing = self.packing()

        def sample_batch(places: list[int]) -> list[Output]:
            chosen = [samples[place] for place in places]
            rows = list(dict.fromkeys(row for row, _ in chosen))
            batch = self._batch(sources, rows, search, prefixes)
            place_of = {row: place for place, row in enumerate(rows)}
            with enough_memory(batch.lengths):
                hypotheses = write(
                    self.steps,
                    batch,
                    self.tokenizers.target,
                    search,
                    decoding.sampling,
                    numbers=[numbers[row] + (draw << SAMPLE_BITS) for row, draw in chosen],
                    rows=[place_of[row] for row, _ in chosen],
                    packing=packing,
                )
            return [
                self.sources.output(sources[row], hypothesis)
                for (row, _), hypothesis in zip(chosen, hypotheses, strict=True)
            ]

        lengths = [len(sources[row].ids) for row, _ in samples]
        parts = list(batches(lengths, 1, search.batch_tokens, self.network.rows_at_a_time))
        for places, found in zip(parts, computed(sample_batch, parts, self.network.batches_at_a_time), strict=True):
            for place, output in zip(places, found, strict=True):
                outputs[samples[place][0]].append(output)
        return outputs

    def _batch(
        self,
        sources: Sequence[Source],
        rows: Sequence[int],
        search: SearchOptions,
        prefixes: Sequence[Sequence[int]] | None,
        *,
        has_terms: bool = False,
    ) -> EncodedSources:
        """Return a batch of the given rows of the sources."""
        begun = [prefixes[row] for row in rows] if prefixes else None
        return self.sources.padded([sources[row] for row in rows], search, begun, has_terms=has_terms)

    def stream(
        self,
        text: str | Example,
        decoding: Decoding | None = None,
        *,
        number: int = 0,
        draw: int = 0,
        split: bool | None = None,
    ) -> Generator[str, None, Output]:
        """Generate one output, yielding its text in parts; see `LoadedModel.stream`, and `decode` for `split`.

        Yields:
            Parts of the text. With beam search, or if the reader post-processes outputs, the whole text is one part.

        Returns:
            The output that `decode` would return.

        Raises:
            WorldError: If memory is exhausted.
        """
        decoding = decoding or self.decoding
        search, sampling = of_sources(decoding.search), decoding.sampling
        if sentences := self.sentences_of([text], None, split):
            firsts = iter(sentences.firsts)
            others = replace(decoding, search=replace(search, required=()))

            def written(part: str | Example, number: int) -> Generator[str, None, Output]:
                chosen = decoding if next(firsts) else others
                return self.stream(part, chosen, number=number, draw=draw, split=False)

            output = yield from sentences.streamed(written, sentences.numbers([number]))
            return output
        source = self.sources.encoded([text], decoding)[0]
        if sampling is None and search.beam_size > 1:
            output = self._searched([source], replace(search, n_best=1), None, attention=False)[0][0]
            yield output.text
            return output
        if not source.ids:
            return EMPTY
        batch = self.sources.padded([source], search)
        uses_shortlist = sampling is None and bool(self.shortlisted([source], search, None))
        choice = self.choice_of(batch, uses_shortlist=uses_shortlist)
        growing = self.sources.growing(source)
        noise = number + (draw << SAMPLE_BITS)
        tokens = Returning(
            stream(choice.steps, batch, choice.target, search, sampling, number=noise, packing=choice.packing)
        )
        with enough_memory(batch.lengths):
            for token in tokens:
                if part := growing.add(choice.piece(token)):
                    yield part
        output = self.sources.output(source, choice.spelled(tokens.result))
        if rest := growing.end(output):
            yield rest
        return output

    def score(self, sources: Sequence[str | Example], targets: Sequence[str | Example]) -> list[PairScore]:
        """Return the log probability of each pair; see `ForcedDecoder.score`."""
        return self._forced.score(sources, targets)

    def score_candidates(
        self, sources: Sequence[str | Example], candidates: Sequence[Sequence[str | Example]]
    ) -> list[list[PairScore]]:
        """Return the log probabilities of several targets per source; see `ForcedDecoder.score_candidates`."""
        return self._forced.score_candidates(sources, candidates)

    def aligned(self, texts: Sequence[str | Example], outputs: Sequence[Output]) -> list[Output]:
        """Return outputs with `attention` and `copied` set; see `ForcedDecoder.aligned`."""
        if any(output.parts for output in outputs) and not isinstance(texts, str) and len(texts) == len(outputs):
            return splitting.aligned(texts, outputs, self.reader.target_language, self.aligned)
        return self._forced.aligned(texts, outputs)

    def with_piece_scores(self, texts: Sequence[str | Example], outputs: Sequence[Output]) -> list[Output]:
        """Return outputs with `piece_log_probabilities` set; the arguments are those of `aligned`."""
        if any(output.parts for output in outputs) and not isinstance(texts, str) and len(texts) == len(outputs):
            return splitting.aligned(texts, outputs, self.reader.target_language, self.with_piece_scores)
        return self._forced.with_piece_scores(texts, outputs)

    def given(self, text: str | Example, target: str) -> Output:
        """Return a text as an output, as if the model had generated it; see `ForcedDecoder.given`."""
        return self._forced.given(text, target)

    def sentences_of(
        self, texts: Sequence[str | Example], prefixes: Sequence[str] | None, split: bool | None
    ) -> "splitting.Sentences | None":
        """Return the texts split into sentences; None if there is nothing to split or if splitting is off."""
        is_wanted = self.task.decoding.by_sentence if split is None else split
        return splitting.Sentences.of(texts, prefixes, self.reader.target_language) if is_wanted else None

    @property
    def _verb(self) -> Verb:
        return cast(Verb, self._best)

    def _best(
        self,
        texts: str | Sequence[str] | None = None,
        search: WritingOptions | None = None,
        *,
        glossary: Glossary | Pairs | None = None,
        reverse: "SourceModel | None" = None,
    ) -> str | list[str] | Conversation:
        """Return the best output for a text, or for each text of a list; without a text, begin a conversation.

        Without `search`, the model's own decoding is used. `glossary` may be given as pairs of terms and translations.
        `reverse` is used only in a conversation, to rank candidates.

        Raises:
            UserError: If this is a reverse model, or if there is no text and the task has no conversations.
        """
        if texts is None:
            conversation = self.session(reverse=reverse)
            if isinstance(conversation, Conversation):
                return conversation
            raise UserError(f"A text, or a list of texts, is needed: model.{self.task.verb}(text).")
        require_verb(self.task, self.reader, str(self.bundle.folder))
        given = [texts] if isinstance(texts, str) else texts
        decoding = Decoding(search) if search else self.decoding
        if glossary is not None:
            decoding = replace(decoding, glossary=glossary_of(glossary))
        outputs = self.decode(given, decoding)
        best = [candidates[0].text for candidates in outputs]
        return best[0] if isinstance(texts, str) else best
