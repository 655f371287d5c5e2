"""A session with a model: one text at a time, each output as it is written, and another one on request.

The terminal's loop uses it, and ``seq2seq.load(path).session()`` returns it. A task whose outputs depend on earlier
turns has a session with memory, a :class:`seq2seq.plugin.conversation.Conversation`.

No torch here: a session can be set up while its model is still being loaded.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from seq2seq.corpus.example import Example, plain
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.method import Decoding
from seq2seq.errors import UserError
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.models.introduction import sureness
from seq2seq.models.unknown_characters import UnknownCharacters
from seq2seq.plugin.conversation import Conversation, require_text
from seq2seq.plugin.task import Task, converses, require_verb
from seq2seq.sessions.settings import Settings

if TYPE_CHECKING:
    from seq2seq.decoding.output import Output
    from seq2seq.models.loaded_model import LoadedModel
    from seq2seq.models.source_model import SourceModel
    from seq2seq.tokenization.tokenizer import Tokenizer

RETRY_BITS = 20
"""The low bits of a candidate's number are the text's index; the bits above count the retries."""


class Session:
    """Writes outputs for texts, which are independent of one another, or for the sources of a conversation.

    Args:
        config: The model's configuration.
        model: Returns the model, waiting if it is still being loaded.
        settings: Decoding settings.
        reverse: Returns the model that candidates are ranked with; None without one.
        is_conversing: Whether sources are those of a conversation.

    Attributes:
        notice: Note about the last output, such as a source that was cut; '' if there is none.
        sureness: Log probability per piece of the last output, if it is doubtful (`seq2seq.models.introduction`); else
            None.
    """

    def __init__(
        self,
        config: BundleConfig,
        model: "Callable[[], LoadedModel]",
        settings: Settings,
        reverse: "Callable[[], LoadedModel] | None" = None,
        *,
        is_conversing: bool = False,
    ) -> None:
        self.settings = settings
        self.notice = ""
        self.sureness: float | None = None
        self._config, self._model, self._reverse, self._is_conversing = config, model, reverse, is_conversing
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
        tokenizers = self._model().tokenizers
        return tokenizers.target if self._config.network.encoder == "none" else tokenizers.source

    @property
    def streams(self) -> bool:
        """Whether an output is shown while it is written, instead of at its end."""
        return not self.settings.ranked and (self.settings.sample or self.settings.decoding.beams == 1)

    def cleaned(self, text: str) -> str:
        """Return the model's source for a typed text; '' if that is empty."""
        return plain(self.reader.source(text)).strip() and text

    def say(self, text: str) -> str:
        """Return the output for a text.

        Raises:
            UserError: If the text is empty.
        """
        return "".join(self.stream(text))

    def stream(self, text: str) -> Iterator[str]:
        """Return the parts of the output for a text, as they are written.

        If the iterator is closed, or interrupted by Ctrl-C, the parts so far become the output.

        Raises:
            UserError: If the text is empty.
        """
        require_text(self.cleaned(text))
        self._count += 1
        return self.write(text, self._count - 1, 0)

    def retry(self) -> str:
        """Return another output for the last text: the next best of a search or of its candidates, or another sample.

        Raises:
            UserError: If there is no last text.
        """
        return "".join(self.again())

    def again(self) -> Iterator[str]:
        """Return the parts of another output for the last text, see `retry` and `stream`."""
        if self._last is None:
            raise UserError("There is no output yet to retry.")
        return self.write(self._last[0], self._count - 1, self._draw + 1)

    def why(self) -> "Output":
        """Return the last output with its attention over the source.

        Raises:
            UserError: If there is no output yet, it is empty, or the model has no attention.
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
        """Write an output and yield its parts; see `seq2seq.plugin.conversation.Answerer`."""
        self._last, self._output, self._draw, self.notice = (source, ""), None, draw, ""
        self.sureness = None
        written = ""
        try:
            for part in (parts := Parts(self._outputs(source, number, draw))):
                written += part
                yield part
            self._output = parts.output
            self.notice = " ".join(filter(None, ((lost or _lost)(parts.output), self._unknown(source))))
            self.sureness = self._doubt(parts.output)
        finally:
            self._last = (source, written)

    def explain(self, source: str | Example, text: str) -> "Output":
        """Return an output for a source with its attention.

        Raises:
            UserError: If it is empty, or the model has no attention.
        """
        model = cast("SourceModel", self._model())  # no other has attention
        if model.network.options.attention == "none":
            raise UserError("This model has no attention, so that there is nothing to show.")
        if not text:
            raise UserError("The last output is empty, so that there is nothing to explain.")
        output = self._output if self._last == (source, text) else None
        # A stopped reply, or one of another session, is read again from its text.
        return model.aligned([source], [output or model.given(source, text)])[0]

    def _outputs(self, source: str | Example, number: int, draw: int) -> "Generator[str, None, Output]":
        """Begin an output. A retry gives the next best of the search while there is one, and then samples."""
        settings, model, decoding = self.settings, self._model(), self.settings.decoding
        if decoding.rerank is None and (decoding.sampling is not None or (draw == 0 and self.streams)):
            return model.stream(source, decoding, number=number, draw=draw)
        is_reversed = decoding.rerank is not None and decoding.rerank.reverse_weight > 0
        reverse = self._reverse() if is_reversed and self._reverse else None
        if decoding.sampling is not None:
            # Each retry gives other candidates: `draw` counts those within one retry.
            outputs = model.decode([source], decoding, reverse=reverse, first=number + (draw << RETRY_BITS))[0]
            return _whole(outputs[0])
        count = 1 if draw == 0 else decoding.made if decoding.rerank else decoding.beams
        outputs = model.decode([source], replace(decoding, count=count), reverse=reverse)[0]
        distinct = list({output.text: output for output in reversed(outputs)}.values())[::-1]
        if draw < len(distinct):
            return _whole(distinct[draw])
        return model.stream(source, Decoding(decoding.search, settings.sampling), number=number, draw=draw)

    def _unknown(self, source: str | Example) -> str:
        """Return a note on characters that the model has never seen; each is noted once in a session."""
        unknown = UnknownCharacters(self.tokenizer)
        unknown.add(self._model().source_of(source))
        unknown.found = {character: None for character in unknown.found if character not in self._noted}
        self._noted.update(unknown.found)
        return unknown.sentence()

    def _doubt(self, output: "Output") -> float | None:
        if self._config.network.encoder == "none":
            return None
        limit = self._config.introduction.doubtful_below(is_drawn=self.settings.sample or self._is_conversing)
        value = sureness(output)
        # A score under other sampling settings than the model's own says nothing about the source.
        is_own = self.settings == Settings.of(self._config) or not self.settings.sample
        return value if limit is not None and is_own and output.pieces and value < limit else None


class Parts(Iterator[str]):
    """The parts of an output, followed by the output itself.

    Args:
        written: Yields the parts and returns the output.

    Attributes:
        output: The output; set after the last part.
    """

    output: "Output"

    def __init__(self, written: "Generator[str, None, Output]") -> None:
        self._written = written

    def __next__(self) -> str:
        try:
            return next(self._written)
        except StopIteration as end:
            self.output = cast("Output", end.value)
            raise


def begin(
    task: Task,
    config: BundleConfig,
    model: "Callable[[], LoadedModel]",
    reverse: "Callable[[], LoadedModel] | None" = None,
    decoding: Decoding | None = None,
) -> Session | Conversation:
    """Begin the kind of session that fits a task.

    Args:
        task: The task.
        config: The model's configuration.
        model: Returns the model, waiting if it is still being loaded.
        reverse: Returns the reverse model; None without one, whose weight is then zero.
        decoding: Decoding options; by default the model's own, and with a reverse model by ranking candidates.
    """
    settings = Settings.of(config, decoding)
    if reverse is None:
        settings = settings.alone()
    elif decoding is None:
        settings = replace(settings, ranked=True)
    session = Session(config, model, settings, reverse, is_conversing=converses(task))
    return task.conversation(session) or session


def session_of(model: "LoadedModel", *, reverse: "LoadedModel | None" = None) -> Session | Conversation:
    """Begin a session with a loaded model.

    Args:
        model: The model.
        reverse: A model of the same task that was trained in the other direction; candidates are ranked with it.

    Raises:
        UserError: If the model does the reverse of its task.
    """
    require_verb(model.task, model.reader, str(model.bundle.folder))
    return begin(model.task, model.bundle.config, lambda: model, (lambda: reverse) if reverse else None)


def _lost(output: "Output") -> str:
    """Return the note on a source that was cut; '' if it was not."""
    if not output.lost:
        return ""
    whole = len(output.source_pieces) + output.lost
    return f"Only {len(output.source_pieces):,} of the text's {whole:,} pieces were read: the model's limit."


def _whole(output: "Output") -> "Generator[str, None, Output]":
    yield output.text
    return output
