"""Decoding settings of a session, which users change by name."""

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
    """Decoding settings, including those of disabled methods. Each setting has a unique name.

    Args:
        search: Search options and output constraints.
        sampling: Sampling options.
        rerank: Reranking options.
        sample: Whether to sample instead of searching.
        ranked: Whether to rerank candidates.
    """

    search: WritingOptions = field(default_factory=SearchOptions)
    sampling: SamplingOptions = field(default_factory=SamplingOptions)
    rerank: RerankOptions = field(default_factory=RerankOptions)
    sample: bool = False
    ranked: bool = False

    @classmethod
    def of(cls, config: BundleConfig, decoding: Decoding | None = None) -> "Settings":
        """Return the settings for a decoding, by default for the model's own."""
        decoding = decoding or Decoding(config.search, config.sampling)
        return cls(
            replace(decoding.search, n_best=1) if isinstance(decoding.search, SearchOptions) else decoding.search,
            decoding.sampling or config.sampling or SamplingOptions(),
            decoding.rerank or config.rerank or RerankOptions(),
            decoding.sampling is not None,
            decoding.rerank is not None,
        )

    def alone(self) -> "Settings":
        """Return these settings with the weight of the reverse model set to 0."""
        return replace(self, rerank=replace(self.rerank, reverse_weight=0.0))

    @property
    def decoding(self) -> Decoding:
        """The decoding options.

        Raises:
            UserError: If the settings are incompatible.
        """
        return Decoding(self.search, self.sampling if self.sample else None, self.rerank if self.ranked else None)

    def values(self) -> dict[str, object]:
        """Return all settings by name."""
        return {name: getattr(block, name) for name, block in self._blocks().items()}

    def changed(self, name: str, text: str) -> "Settings":
        """Return these settings with setting `name` changed to a typed value.

        Raises:
            UserError: If there is no such setting, or if the value is invalid.
        """
        blocks = self._blocks()
        if name not in blocks:
            raise UserError(f"There is no setting '{name}'. {nearest(name, blocks)}There are: {', '.join(blocks)}.")
        change: dict[str, Any] = {name: _value(name, text, type(getattr(blocks[name], name)))}
        try:
            block = replace(blocks[name], **change)
        except OptionError as fault:
            raise fault.named(fault.option, GREEDY_TYPED) from fault
        place = next((own.name for own in fields(self) if isinstance(block, type(getattr(self, own.name)))), "")
        settings = replace(self, **{place: block}) if place else cast(Settings, block)
        _ = settings.decoding  # refuses incompatible options
        return settings

    def _blocks(self) -> dict[str, Any]:
        """Return the options object that contains each setting."""
        names: dict[str, Any] = {"sample": self, "ranked": self}
        for block in (self.sampling, self.search, self.rerank):
            names |= {option.name: block for option in fields(block) if option.name not in NOT_SET}
        return names


def _value(name: str, text: str, kind: type) -> object:
    """Parse a value. Items of a list are separated by commas and may be quoted."""
    if kind is tuple:
        return tuple(word for part in text.split(",") if (word := part.strip().strip('"')))
    try:
        if kind is bool:
            return {"true": True, "false": False}[text]
        return kind(text)
    except (ValueError, KeyError) as fault:
        raise UserError(f"{name} must be {_KINDS[kind]}, but '{text}' was given.") from fault
