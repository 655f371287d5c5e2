"""A trained model of a task without a source: ``seq2seq.load(path).generate("Once upon a time")``.

What other models call a source is a prompt here, and the output is what follows it. So sessions, the terminal's loop
and draws in lists work as for every other task.
"""

import math
from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import cast

from seq2seq.corpus import Example, Mark, Text, plain
from seq2seq.decoding import Decoding
from seq2seq.errors import UserError
from seq2seq.generation import nothing, write
from seq2seq.model import DRAW_BITS, Model, Verb
from seq2seq.options import SamplingOptions, SearchOptions, require
from seq2seq.outputs import Output, PairScore
from seq2seq.scoring import score
from seq2seq.search import beam_search
from seq2seq.sources import batches, enough_memory
from seq2seq.spelling import Spelling, Stops, prompted


class LanguageModel(Model):
    """A model in memory that goes on with texts; see :class:`seq2seq.model.Model` for its attributes."""

    @property
    def begin(self) -> int:
        """Id of what stands before the first piece of a text: the start of a document, or of a line."""
        mark = self.reader.begin()
        target = self.tokenizers.target
        return target.start if mark is None else target.marks[mark]

    @property
    def has_end(self) -> bool:
        """Whether the model has learnt where a text ends; from one running text it has not."""
        return self.reader.begin() is None

    @property
    def end(self) -> int:
        """Id of what ends a text that is scored: the end of a document, or of a line where there are no documents."""
        target = self.tokenizers.target
        return target.end if self.has_end else target.marks[Mark.LINE]

    def generate(self, prompt: str = "", decoding: Decoding | None = None, *, stop: Sequence[str] = ()) -> str:
        """Return a prompt and what follows it.

        Args:
            prompt: The beginning; '' begins a text.
            decoding: How to go on; by default as the model does. Its `count` plays no part.
            stop: Strings where the text ends; they are no part of it.

        Raises:
            UserError: If a stop is empty, or the decoding ranks candidates.
            WorldError: If the network's scores are not numbers.
        """
        return plain(self.reader.source(prompt)) + "".join(self.write(prompt, decoding, stop=stop))

    def write(
        self,
        prompt: str | Example = "",
        decoding: Decoding | None = None,
        *,
        stop: Sequence[str] = (),
        number: int = 0,
        draw: int = 0,
    ) -> Generator[str, None, Output]:
        """Go on with a prompt and hand out the text as it grows, in memory that does not.

        Args:
            prompt: The beginning, as a user would type it; '' begins a text. (Of an example its source.)
            decoding: See `generate`. With `search.max_length` 0 the text goes on until it ends by itself, or the
                iterator is closed.
            stop: See `generate`.
            number: Number of the text; with the seed it makes the draw.
            draw: Number of the draw of this text.

        Yields:
            Parts of what follows the prompt.

        Returns:
            What followed, with its probability; of a text without a limit the probability alone.

        Raises:
            UserError: See `generate`.
            WorldError: If the network's scores are not numbers.
        """
        decoding = self._plain(decoding, stop)
        ids, words = self._prompted(prompt)
        pieces = write(
            self.network,
            ids,
            self.tokenizers.target,
            decoding.search,
            decoding.sampling,
            begin=self.begin,
            has_end=self.has_end,
            numbers=[number + (draw << DRAW_BITS)],
            first=words,
        )
        said, written, total = "", [], 0.0
        is_kept = decoding.search.max_length > 0
        spelling, stops = self._spelling(ids, words), Stops(stop)
        for (piece,) in pieces:
            total += piece.log_probability
            if piece.token == self.tokenizers.target.end:
                break
            part = stops.add(spelling.add(piece.token))
            if is_kept:
                said += part
                written.append(piece.token)
            if part:
                yield part
            if stops.is_over:
                break
        if not stops.is_over and (rest := stops.add(spelling.end()) + stops.end()):
            said += rest
            yield rest
        return self._output(said, written, total, ids)

    def samples(
        self,
        prompts: Sequence[str | Example],
        decoding: Decoding | None = None,
        *,
        count: int = 1,
        first: int = 0,
        numbers: Sequence[int] | None = None,
        stop: Sequence[str] = (),
    ) -> list[list[Output]]:
        """Go on with prompts, each in several ways that are written side by side.

        Args:
            prompts: The beginnings.
            decoding: See `generate`; it needs a `search.max_length`.
            count: Ways to go on with each.
            first: Number of the first prompt, the others follow: the number makes the draw.
            numbers: The number of each prompt, where they do not follow each other.
            stop: See `generate`.

        Returns:
            For each prompt `count` outputs, in the order drawn.

        Raises:
            UserError: See `generate`; and if one string is given for the list of prompts, or there is no limit.
        """
        decoding = self._plain(decoding, stop)
        if isinstance(prompts, str):
            raise UserError(f"A list of prompts is needed, but one text was given: model.{self.task.verb}(text).")
        require(decoding.search.max_length > 0, "max_length is 0, but a list of texts needs a limit: set max_length.")
        chosen = range(first, first + len(prompts)) if numbers is None else numbers
        packing = self.network.pack()
        found = []
        for prompt, number in zip(prompts, chosen, strict=True):
            ids, words = self._prompted(prompt)
            texts = [""] * count
            written: list[list[int]] = [[] for _ in texts]
            totals = [0.0] * count
            spelt = [(self._spelling(ids, words), Stops(stop)) for _ in texts]
            pieces = write(
                self.network,
                ids,
                self.tokenizers.target,
                decoding.search,
                decoding.sampling,
                begin=self.begin,
                has_end=self.has_end,
                numbers=[number + (draw << DRAW_BITS) for draw in range(count)],
                first=words,
                packing=packing,
            )
            for step in pieces:
                for row, token, log_probability in step:
                    spelling, stops = spelt[row]
                    if stops.is_over:
                        continue
                    totals[row] += log_probability
                    if token != self.tokenizers.target.end:
                        written[row].append(token)
                        texts[row] += stops.add(spelling.add(token))
                if all(stops.is_over for _, stops in spelt):
                    break
            for row, (spelling, stops) in enumerate(spelt):
                if not stops.is_over:
                    texts[row] += stops.add(spelling.end()) + stops.end()
            found.append([self._output(*one, ids) for one in zip(texts, written, totals, strict=True)])
        return found

    def stream(
        self,
        text: str | Example,
        search: SearchOptions | None = None,
        drawing: SamplingOptions | None = None,
        *,
        number: int = 0,
        draw: int = 0,
    ) -> Generator[str, None, Output]:
        """Go on with a prompt; see `write` and `Model.stream`."""
        return self.write(text, Decoding(search or self.search, drawing), number=number, draw=draw)

    def sample(
        self,
        texts: Sequence[str | Example],
        options: SamplingOptions | None = None,
        search: SearchOptions | None = None,
        *,
        count: int = 1,
        first: int = 0,
        numbers: Sequence[int] | None = None,
        prefixes: Sequence[str] | None = None,
    ) -> list[list[Output]]:
        """Draw what follows prompts; see `samples` and `Model.sample`. Prefixes are joined to the prompts."""
        decoding = Decoding(search or self.search, options or SamplingOptions())
        return self.samples(self._joined(texts, prefixes), decoding, count=count, first=first, numbers=numbers)

    def apply(
        self,
        texts: Sequence[str | Example],
        search: SearchOptions | None = None,
        *,
        prefixes: Sequence[str] | None = None,
        attention: bool = False,
    ) -> list[list[Output]]:
        """Search the likeliest texts that follow prompts, up to their ends; see `Model.apply`.

        A search of several beams is for models of documents, such as sentences: others have no end to be found.
        """
        options = search or self.search
        prompts = self._joined(texts, prefixes)
        if options.beam_size == 1:
            return self.samples(prompts, Decoding(options))
        found = []
        target = self.tokenizers.target
        for prompt in prompts:
            ids, _ = self._prompted(prompt)
            limits = replace(options, max_length=options.max_length and options.max_length + len(ids))
            (hypotheses,) = beam_search(self.network, *nothing(1, self.device), target, limits, prefixes=[ids])
            outputs = []
            for one in hypotheses:
                spelling = self._spelling(ids, [])
                written = list(one.ids[len(ids) :])
                text = "".join(map(spelling.add, written)) + spelling.end()
                outputs.append(replace(self._output(text, written, one.log_probability, ids), score=one.score))
            found.append(outputs)
        return found

    def streams(self, search: SearchOptions, drawing: SamplingOptions | None) -> bool:
        """Say that a text is handed out as it grows, whatever the settings."""
        return True

    def score_texts(self, texts: Sequence[str | Text]) -> list[PairScore]:
        """Return how likely texts are, each by itself and from its beginning to its end.

        Args:
            texts: As a user would type them, or as a reader has read them.

        Raises:
            UserError: If one string is given for the list.
            WorldError: If memory is full; says what needs less.
        """
        read = self._read(texts)
        return [
            PairScore(math.fsum(values), len(values), len(plain(text)), end_log_probability=values[-1])
            for text, values in zip(read, self._logarithms(read), strict=True)
        ]

    def beginnings(self, texts: Sequence[str | Text], pieces: int) -> list[float]:
        """Return the natural logarithm of the probability of the first pieces of texts, each by itself.

        Args:
            texts: See `score_texts`.
            pieces: How many, the end counts as one; 0 takes all.
        """
        return [math.fsum(values[: pieces or None]) for values in self._logarithms(self._read(texts))]

    def _read(self, texts: Sequence[str | Text]) -> list[Text]:
        if isinstance(texts, str):
            raise UserError("A list of texts is needed, but one text was given: give [text].")
        return [self.reader.target(one) if isinstance(one, str) else one for one in texts]

    def _logarithms(self, texts: Sequence[Text]) -> list[list[float]]:
        """Return for each text the logarithms of its pieces' probabilities, the end's last."""
        target = self.tokenizers.target
        wanted = [target.encode(one) for one in texts]
        found: dict[int, list[float]] = {}
        for rows in batches([len(ids) + 1 for ids in wanted], 1, self.search.batch_tokens):
            sources, lengths = nothing(len(rows), self.device)
            chosen = [wanted[row] for row in rows]
            with enough_memory(lengths + len(chosen[0])):
                scored = score(self.network, sources, lengths, chosen, target, begin=self.begin, end=self.end)
            found.update(zip(rows, scored, strict=True))
        return [found[row] for row in range(len(wanted))]

    def score(self, sources: Sequence[str | Example], targets: Sequence[str | Example]) -> list[PairScore]:
        """Return how likely texts are as what follows nothing; sources play no part. See `score_texts`."""
        return self.score_texts([one.target if isinstance(one, Example) else one for one in targets])

    def _plain(self, decoding: Decoding | None, stop: Sequence[str]) -> Decoding:
        """Return a decoding that can write texts.

        Raises:
            UserError: If it ranks candidates, or a stop is empty.
        """
        if isinstance(stop, str) or not all(stop):
            raise UserError("A stop is a text with at least one character, in a list of such.")
        decoding = decoding or self.decoding
        if decoding.rerank is not None:
            raise UserError("Candidates are ranked by what they say about a source, but this model has none.")
        return decoding

    def _prompted(self, prompt: str | Example) -> tuple[list[int], list[int]]:
        """Return a prompt's pieces, and those among which the first one after it must be; none leaves it free."""
        text = prompt.source if isinstance(prompt, Example) else self.reader.source(prompt)
        return prompted(text, self.tokenizers.target)

    def _spelling(self, ids: Sequence[int], words: Sequence[int]) -> Spelling:
        """Return what spells the pieces after a prompt; a blank that was taken back is in the prompt already."""
        return Spelling(self.tokenizers.target, () if words else ids)

    def _joined(self, texts: Sequence[str | Example], prefixes: Sequence[str] | None) -> list[str | Example]:
        if prefixes is None:
            return list(texts)
        if isinstance(prefixes, str) or len(prefixes) != len(texts):
            raise UserError(f"Give {len(texts):,} prefixes, one for each prompt ('' leaves it free).")
        given = [plain(one.source) if isinstance(one, Example) else one for one in texts]
        return [text + prefix for text, prefix in zip(given, prefixes, strict=True)]

    def _output(self, text: str, ids: Sequence[int], log_probability: float, prompt: Sequence[int]) -> Output:
        target = self.tokenizers.target
        return Output(
            self.reader.finish(text),
            log_probability,
            log_probability,
            tuple(target.pieces(ids)),
            tuple(target.pieces(prompt)),
            ids=tuple(ids),
        )

    def __getattr__(self, name: str) -> Verb:
        """Return the task's verb as a method: `generate`.

        Raises:
            AttributeError: For any other name; says what there is.
        """
        task = self.__dict__.get("task")
        if task is not None and name == task.verb:
            return cast(Verb, self.generate)  # the verb of a task without a source takes a prompt
        return super().__getattr__(name)
