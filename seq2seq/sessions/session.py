"""Interactive sessions: one text at a time, with streamed outputs and retries.

The terminal loop uses a session, and ``seq2seq.load(path).session()`` returns one. For tasks whose outputs depend on
earlier turns, the session is a :class:`seq2seq.plugin.conversation.Conversation`.

This module does not import torch, so a session can begin while its model is still loading.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from seq2seq.corpus.example import Example, plain
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.method import Decoding
from seq2seq.errors import UserError
from seq2seq.generators import Returning
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.models.introduction import sureness
from seq2seq.models.unknown_characters import UnknownCharacters
from seq2seq.plugin.conversation import Conversation, require_text
from seq2seq.plugin.task import Task, TextTask, converses, require_verb
from seq2seq.sessions.settings import Settings

if TYPE_CHECKING:
    from seq2seq.decoding.output import Output
    from seq2seq.models.loaded_model import LoadedModel
    from seq2seq.models.source_model import SourceModel
    from seq2seq.tokenization.tokenizer import Tokenizer

RETRY_BITS = 20
"""The index passed to `decode` holds the text's index in this number of low bits; the higher bits count retries."""


class Session:
    """Generates outputs for independent texts, or for the sources of a conversation.

    Args:
        task: The task.
        config: The model's configuration.
        model: Returns the model; waits if it is still loading.
        settings: Decoding settings.
        reverse: Returns the reverse model, if any.

    Attributes:
        notice: Note about the last output, e.g. on a truncated source; '' if there is none.
        sureness: Log probability per piece of the last output if it is doubtful (`seq2seq.models.introduction`), else
            None.
    """

    def __init__(
        self,
        task: Task,
        config: BundleConfig,
        model: "Callable[[], LoadedModel]",
        settings: Settings,
        reverse: "Callable[[], LoadedModel] | None" = None,
    ) -> None:
        self.settings = settings
        self.notice = ""
        self.sureness: float | None = None
        self._task, self._config, self._model, self._reverse = task, config, model, reverse
        self._count = 0
        self._last: tuple[str | Example, str] | None = None
        self._output: Output | None = None
        self._draw = 0
        self._noted: set[str] = set()

    @property
    def reader(self) -> Reader:
        """The model's reader."""
        return self._config.reader

    @property
    def tokenizer(self) -> "Tokenizer":
        """The tokenizer of the model's sources; waits for the model."""
        return self._model().tokenizers.source

    @property
    def streams(self) -> bool:
        """Whether outputs are shown while they are generated."""
        return not self.settings.ranked and (self.settings.sample or self.settings.decoding.beams == 1)

    def cleaned(self, text: str) -> str:
        """Return a typed text unchanged, or '' if the source made from the text is empty."""
        return plain(self.reader.source(text)).strip() and text

    def say(self, text: str) -> str:
        """Return the output for a text.

        Raises:
            UserError: If the text is empty.
        """
        return "".join(self.stream(text))

    def stream(self, text: str) -> Iterator[str]:
        """Yield the output for a text in parts, as it is generated.

        If the iterator is closed, or interrupted by Ctrl-C, the parts so far become the output.

        Raises:
            UserError: If the text is empty.
        """
        require_text(self.cleaned(text))
        self._count += 1
        return self.write(text, self._count - 1, 0)

    def retry(self) -> str:
        """Return another output for the last text: the next best one of the search, or another sample.

        Raises:
            UserError: If there is no last text.
        """
        return "".join(self.again())

    def again(self) -> Iterator[str]:
        """Yield another output for the last text in parts; see `retry` and `stream`."""
        if self._last is None:
            raise UserError("There is no output yet to retry.")
        return self.write(self._last[0], self._count - 1, self._draw + 1)

    def why(self) -> "Output":
        """Return the last output with its attention over the source.

        Raises:
            UserError: If there is no output yet, if the output is empty, or if the model has no attention.
        """
        if self._last is None:
            raise UserError("There is no output yet to explain.")
        return self.explain(*self._last)

    def write(
        self,
        source: str | Example,
        number: int,
        draw: int,
        lost: "Callable[[Output], str] | None" = None,
    ) -> Iterator[str]:
        """Generate an output, yielding it in parts; see `seq2seq.plugin.conversation.Answerer`."""
        self._last, self._output, self._draw, self.notice = (source, ""), None, draw, ""
        self.sureness = None
        written = ""
        try:
            for part in (parts := Returning(self._outputs(source, number, draw))):
                written += part
                yield part
            self._output = output = parts.result
            self.notice = " ".join(filter(None, ((lost or truncated)(output), self._unknown(source))))
            self.sureness = self._doubt(output)
        finally:
            self._last = (source, written)

    def explain(self, source: str | Example, text: str) -> "Output":
        """Return an output for a source, with its attention.

        Raises:
            UserError: If the output is empty, or if the model has no attention.
        """
        model = cast("SourceModel", self._model())  # other models have no attention
        if model.network.options.attention == "none":
            raise UserError("This model has no attention, so there is nothing to show.")
        if not text:
            raise UserError("The last output is empty, so there is nothing to explain.")
        output = self._output if self._last == (source, text) else None
        # A reply that was stopped or is from an earlier session must be rebuilt from its text.
        return model.aligned([source], [output or model.given(source, text)])[0]

    def _outputs(self, source: str | Example, number: int, draw: int) -> "Generator[str, None, Output]":
        """Begin an output. First retries return the search's next best outputs, and later retries return samples."""
        settings, model, decoding = self.settings, self._model(), self.settings.decoding
        if decoding.rerank is None and (decoding.sampling is not None or (draw == 0 and self.streams)):
            return model.stream(source, decoding, number=number, draw=draw)
        is_reversed = decoding.rerank is not None and decoding.rerank.uses_reverse
        reverse = self._reverse() if is_reversed and self._reverse else None
        if decoding.sampling is not None:
            # Candidates are numbered from 0 in every retry, so each retry needs its own index.
            outputs = model.decode([source], decoding, reverse=reverse, first=number + (draw << RETRY_BITS))[0]
            return _whole(outputs[0])
        count = 1 if draw == 0 else decoding.candidates if decoding.rerank else decoding.beams
        outputs = model.decode([source], replace(decoding, count=count), reverse=reverse)[0]
        distinct = list({output.text: output for output in reversed(outputs)}.values())[::-1]
        if draw < len(distinct):
            return _whole(distinct[draw])
        return model.stream(source, Decoding(decoding.search, settings.sampling), number=number, draw=draw)

    def _unknown(self, source: str | Example) -> str:
        """Return a note on unknown characters; each character is mentioned only once per session."""
        unknown = UnknownCharacters(self.tokenizer, self._noted)
        unknown.add(self._model().source_of(source))
        self._noted.update(unknown.characters)
        return unknown.sentence()

    def _doubt(self, output: "Output") -> float | None:
        if isinstance(self._task, TextTask):
            return None
        limit = self._config.introduction.doubtful_below(is_drawn=self.settings.sample or converses(self._task))
        value = sureness(output)
        # The threshold does not apply to outputs sampled with settings other than the model's own.
        is_own = self.settings == Settings.of(self._config) or not self.settings.sample
        return value if limit is not None and is_own and output.pieces and value < limit else None


def begin(
    task: Task,
    config: BundleConfig,
    model: "Callable[[], LoadedModel]",
    reverse: "Callable[[], LoadedModel] | None" = None,
    decoding: Decoding | None = None,
) -> Session | Conversation:
    """Begin a session; if the task has conversations, begin a conversation.

    Args:
        task: The task.
        config: The model's configuration.
        model: Returns the model; waits if it is still loading.
        reverse: Returns the reverse model, if any.
        decoding: Decoding options; by default the model's own, with reranking if `reverse` is given.
    """
    settings = Settings.of(config, decoding)
    if reverse is None:
        settings = settings.alone()
    elif decoding is None:
        settings = replace(settings, ranked=True)
    session = Session(task, config, model, settings, reverse)
    return task.conversation(session) or session


def session_of(model: "LoadedModel", *, reverse: "LoadedModel | None" = None) -> Session | Conversation:
    """Begin a session with a loaded model; `reverse` is a reverse model that ranks candidates.

    Raises:
        UserError: If `model` is a reverse model.
    """
    require_verb(model.task, model.reader, str(model.bundle.folder))
    return begin(model.task, model.bundle.config, lambda: model, (lambda: reverse) if reverse else None)


def truncated(output: "Output") -> str:
    """Return a note on a truncated source; '' if it is complete."""
    if not output.lost:
        return ""
    whole = len(output.source_pieces) + output.lost
    return f"Only {len(output.source_pieces):,} of the text's {whole:,} pieces were read: the model's limit."


def _whole(output: "Output") -> "Generator[str, None, Output]":
    yield output.text
    return output
