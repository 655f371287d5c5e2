"""A session with a model: one text at a time, each output as it is written, and another one on request.

The terminal's loop uses it, and ``seq2seq.load(path).session()`` returns it. A task whose outputs depend on earlier
turns (`Task.conversation`) has a session with memory, :class:`Conversing`.

No torch here: a session can be set up while its model is still being loaded.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from seq2seq.corpus.example import Example, plain
from seq2seq.decoding.method import Decoding
from seq2seq.errors import UserError, nearest
from seq2seq.models.introduction import sureness
from seq2seq.models.unknown_characters import UnknownCharacters
from seq2seq.options import OptionError, Options, RerankOptions, SamplingOptions, SearchOptions

if TYPE_CHECKING:
    from seq2seq.decoding.output import Output
    from seq2seq.models.bundle_config import BundleConfig
    from seq2seq.models.source_model import Model
    from seq2seq.plugin.task import Task

NOT_SET = ("n_best",)
"""Options of a search that a session has no use for."""
RETRY_BITS = 20
"""The low bits of a candidate's number are the text's index; the bits above count the retries."""
GREEDY_TYPED = "For the likeliest piece each time, set sample to false and beam_size to 1."
_KINDS: dict[type, str] = {int: "a whole number", float: "a number", bool: "true or false"}


@dataclass(frozen=True)
class Settings(Options):
    """Decoding settings, including those that are switched off; each setting has a unique name.

    Args:
        search: Search options, and constraints on outputs.
        sampling: Sampling options.
        rerank: Reranking options.
        sample: Whether to sample outputs instead of searching.
        ranked: Whether to choose the best of several candidates; with a reverse model, by mutual information.
    """

    search: SearchOptions = field(default_factory=SearchOptions)
    sampling: SamplingOptions = field(default_factory=SamplingOptions)
    rerank: RerankOptions = field(default_factory=RerankOptions)
    sample: bool = False
    ranked: bool = False

    @classmethod
    def of(cls, config: "BundleConfig", decoding: Decoding | None = None) -> "Settings":
        """Return the settings of a decoding; by default the model's own.

        Args:
            config: The model's configuration.
            decoding: Decoding options.
        """
        decoding = decoding or Decoding(config.search, config.sampling)
        return cls(
            replace(decoding.search, n_best=1),
            decoding.sampling or config.sampling or SamplingOptions(),
            decoding.rerank or config.rerank or RerankOptions(),
            decoding.sampling is not None,
            decoding.rerank is not None,
        )

    def alone(self) -> "Settings":
        """Return these settings for a model without a reverse model, which ranks candidates by itself."""
        return replace(self, rerank=replace(self.rerank, reverse_weight=0.0))

    @property
    def decoding(self) -> Decoding:
        """The decoding options.

        Raises:
            UserError: If settings contradict each other.
        """
        return Decoding(self.search, self.sampling if self.sample else None, self.rerank if self.ranked else None)

    def values(self) -> dict[str, object]:
        """Return all settings by name."""
        return {name: getattr(block, name) for name, block in self._blocks().items()}

    def changed(self, name: str, text: str) -> "Settings":
        """Return these settings with one of them changed.

        Args:
            name: Its name.
            text: Its value, as typed.

        Raises:
            UserError: If there is no such setting (names the nearest), or the value does not fit it.
        """
        blocks = self._blocks()
        if name not in blocks:
            raise UserError(f"There is no setting '{name}'. {nearest(name, blocks)}There are: {', '.join(blocks)}.")
        change: dict[str, Any] = {name: _value(name, text, type(getattr(blocks[name], name)))}
        try:
            block = replace(blocks[name], **change)
        except OptionError as fault:
            raise fault.named(fault.option, GREEDY_TYPED) from fault
        place = next((one.name for one in fields(self) if isinstance(block, type(getattr(self, one.name)))), "")
        made = replace(self, **{place: block}) if place else cast(Settings, block)
        _ = made.decoding  # refuses incompatible options
        return made

    def _blocks(self) -> dict[str, Any]:
        """Return for each setting the block of options that holds it."""
        names: dict[str, Any] = {"sample": self, "ranked": self}
        for block in (self.sampling, self.search, self.rerank):
            names |= {one.name: block for one in fields(block) if one.name not in NOT_SET}
        return names


@dataclass(frozen=True)
class Turn:
    """A turn of a conversation.

    Args:
        text: Its text.
        is_reply: Whether the model said it.
        draw: Sample number of a reply: how many times it was retried.
    """

    text: str
    is_reply: bool
    draw: int = 0


class Session:
    """Texts one by one, independent of one another.

    Args:
        config: The model's configuration.
        model: Returns the model, waiting if it is still being loaded.

    Attributes:
        settings: Decoding settings; initially the model's own.
        reverse: Returns the model that candidates are ranked with; None without one.
        notice: Note about the last output, such as a source that was cut; '' if there is none.
        sureness: Log probability per piece of the last output, if it is doubtful (`seq2seq.models.introduction`); else
        None.
    """

    def __init__(self, config: "BundleConfig", model: "Callable[[], Model]") -> None:
        self.config = config
        self.reader = config.reader
        self.settings = Settings.of(config)
        self.reverse: Callable[[], Model] | None = None
        self.notice = ""
        self.sureness: float | None = None
        self._model = model
        self._said = 0
        self._last: tuple[str | Example, str] | None = None
        self._output: Output | None = None
        self._draw = 0
        self._noted: set[str] = set()

    @property
    def model(self) -> "Model":
        """The model; waits for it."""
        return self._model()

    @property
    def streams(self) -> bool:
        """Whether an output is shown while it is written, instead of at its end."""
        return not self.settings.ranked and (self.settings.sample or self.settings.search.beam_size == 1)

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
        self._said += 1
        return self._written(text, self._said - 1, 0)

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
        return self._written(self._last[0], self._said - 1, self._draw + 1)

    def why(self) -> "Output":
        """Return the last output with its attention over the source.

        Raises:
            UserError: If there is no output yet, it is empty, or the model has no attention.
        """
        if self._last is None:
            raise UserError("There is no output yet to explain.")
        source, text = self._last
        return self._explained(source, text, self._output)

    def _written(self, source: str | Example, number: int, draw: int) -> Iterator[str]:
        """Write an output, the `draw`-th for the same source, and record its state."""
        self._last, self._output, self._draw, self.notice = (source, ""), None, draw, ""
        self.sureness = None
        said = ""
        try:
            for part in (parts := Parts(self._outputs(source, number, draw))):
                said += part
                yield part
            self._output = parts.output
            self.notice = " ".join(filter(None, (self._lost(parts.output), self._unknown(source))))
            self.sureness = self._doubt(parts.output)
        finally:
            self._last = (source, said)

    def _outputs(self, source: str | Example, number: int, draw: int) -> "Generator[str, None, Output]":
        """Begin an output. A retry gives the next best of the search while there is one, and then samples."""
        settings, model, decoding = self.settings, self.model, self.settings.decoding
        if decoding.rerank is None and (decoding.sampling is not None or (draw == 0 and self.streams)):
            return model.stream(source, decoding.search, decoding.sampling, number=number, draw=draw)
        is_asked = decoding.rerank is not None and decoding.rerank.reverse_weight > 0 and self.reverse is not None
        reverse = self.reverse() if is_asked and self.reverse else None
        if decoding.sampling is not None:
            # Each retry gives other candidates: `draw` counts those within one retry.
            found = model.decode([source], decoding, reverse=reverse, first=number + (draw << RETRY_BITS))[0]
            return _whole(found[0])
        count = 1 if draw == 0 else decoding.made if decoding.rerank else decoding.search.beam_size
        found = model.decode([source], replace(decoding, count=count), reverse=reverse)[0]
        others = list({one.text: one for one in reversed(found)}.values())[::-1]
        if draw < len(others):
            return _whole(others[draw])
        return model.stream(source, decoding.search, settings.sampling, number=number, draw=draw)

    def _explained(self, source: str | Example, text: str, output: "Output | None") -> "Output":
        model = self.model
        if model.network.options.attention == "none":
            raise UserError("This model has no attention, so that there is nothing to show.")
        if not text:
            raise UserError("The last output is empty, so that there is nothing to explain.")
        # A stopped reply, or one of another session, is read again from its text.
        return model.aligned([source], [output or model.given(source, text)])[0]

    def _unknown(self, source: str | Example) -> str:
        """Return a note on characters that the model has never seen; each is noted once in a session."""
        tokenizers = self.model.tokenizers
        is_running = self.config.network.encoder == "none"
        found = UnknownCharacters(tokenizers.target if is_running else tokenizers.source)
        found.add(self.model.source_of(source))
        found.found = {one: None for one in found.found if one not in self._noted}
        self._noted.update(found.found)
        return found.sentence()

    def _doubt(self, output: "Output") -> float | None:
        if self.config.network.encoder == "none":
            return None
        limit = self.config.introduction.doubtful_below(is_drawn=self.settings.sample or isinstance(self, Conversing))
        sure = sureness(output)
        # If sampled at a higher temperature than the model's own, an output's score says nothing about its source.
        is_own = self.settings == Settings.of(self.config) or not self.settings.sample
        return sure if limit is not None and is_own and output.pieces and sure < limit else None

    def _lost(self, output: "Output") -> str:
        if not output.lost:
            return ""
        whole = len(output.source_pieces) + output.lost
        return f"Only {len(output.source_pieces):,} of the text's {whole:,} pieces were read: the model's limit."


class Conversing(Session, ABC):
    """A session that remembers earlier turns."""

    persona: Sequence[str]
    """Persona or background facts of the responder, one per line."""

    @property
    @abstractmethod
    def history(self) -> Sequence[Turn]:
        """The turns, oldest first."""

    @property
    @abstractmethod
    def remembered(self) -> int:
        """Number of past turns that the model can still read; waits for the model."""

    @abstractmethod
    def reset(self) -> None:
        """Forget all turns."""

    @abstractmethod
    def undo(self) -> Turn:
        """Forget the last message and its reply; return the message.

        Raises:
            UserError: If there are no turns.
        """

    @abstractmethod
    def require_place(self, path: Path | str) -> None:
        """Refuse a file that cannot hold the conversation.

        Raises:
            UserError: If something else is there, or there is no such folder.
        """

    @abstractmethod
    def save(self, path: Path | str) -> None:
        """Write the conversation into a file.

        Raises:
            UserError: See `require_place`.
            WorldError: If it could not be written.
        """

    @abstractmethod
    def load(self, path: Path | str) -> None:
        """Continue a saved conversation, replacing the current one.

        Raises:
            UserError: If there is none, or it is damaged; then nothing has changed.
        """


class Parts(Iterator[str]):
    """The parts of an output, and the output when they are over.

    Args:
        written: Yields the parts and returns the output.

    Attributes:
        output: The output; only there after the last part.
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


def require_text(text: str) -> None:
    """Refuse an empty message.

    Raises:
        UserError: If the text is empty.
    """
    if not text:
        raise UserError("The text is empty: there is nothing to answer.")


def session(
    task: "Task",
    config: "BundleConfig",
    model: "Callable[[], Model]",
    reverse: "Callable[[], Model] | None" = None,
    decoding: Decoding | None = None,
) -> Session:
    """Begin the kind of session that fits a task.

    Args:
        task: The task.
        config: The model's configuration.
        model: Returns the model, waiting if it is still being loaded.
        reverse: Returns the reverse model; None without one, whose weight is then zero.
        decoding: Decoding options; by default the model's own, and with a reverse model by ranking candidates.
    """
    begun = task.conversation(config, model) or Session(config, model)
    begun.reverse = reverse
    begun.settings = Settings.of(config, decoding)
    if reverse is None:
        begun.settings = begun.settings.alone()
    elif decoding is None:
        begun.settings = replace(begun.settings, ranked=True)
    return begun


def _whole(output: "Output") -> "Generator[str, None, Output]":
    yield output.text
    return output


def _value(name: str, text: str, kind: type) -> object:
    """Return a typed value. Items of a list are separated by commas; quotes around each may be left out."""
    if kind is tuple:
        return tuple(word for part in text.split(",") if (word := part.strip().strip('"')))
    try:
        if kind is bool:
            return {"true": True, "false": False}[text]
        return kind(text)
    except (ValueError, KeyError) as fault:
        raise UserError(f"{name} must be {_KINDS[kind]}, but '{text}' was given.") from fault
