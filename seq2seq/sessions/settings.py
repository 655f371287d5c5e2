"""Decoding settings of a session, by name, as typed by a user."""

from dataclasses import dataclass, field, fields, replace
from typing import Any, cast

from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import RerankOptions, SamplingOptions, SearchOptions, WritingOptions
from seq2seq.errors import UserError, nearest
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.options import OptionError, Options

NOT_SET = ("n_best",)
"""Search options that do not apply to a session."""
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

    search: WritingOptions = field(default_factory=SearchOptions)
    sampling: SamplingOptions = field(default_factory=SamplingOptions)
    rerank: RerankOptions = field(default_factory=RerankOptions)
    sample: bool = False
    ranked: bool = False

    @classmethod
    def of(cls, config: BundleConfig, decoding: Decoding | None = None) -> "Settings":
        """Return the settings of a decoding; by default the model's own.

        Args:
            config: The model's configuration.
            decoding: Decoding options.
        """
        decoding = decoding or Decoding(config.search, config.sampling)
        return cls(
            replace(decoding.search, n_best=1) if isinstance(decoding.search, SearchOptions) else decoding.search,
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
