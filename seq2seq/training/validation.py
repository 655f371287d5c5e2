"""Validation results: loss sums, and outputs scored by the task's metric.

Batches are sorted by length and distributed over ranks; outputs are restored to data order before scoring.
"""

import math
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from seq2seq.batching.batch import Batch
from seq2seq.decoding.beam_search import beam_search
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.options import SearchOptions
from seq2seq.network.encoder_decoder import Network
from seq2seq.run_setup.training_options import ValidationOptions
from seq2seq.tokenization.copy_table import table
from seq2seq.training.loss import LossSum
from seq2seq.training.pair_data import Seq2SeqData

LONGEST = 1000
"""Maximum number of pieces of an output in validation, because an untrained network may never end one."""


@dataclass
class ValidationSums:
    """Sums over the batches of a validation or test.

    Attributes:
        nll: Negative log likelihood in nats.
        tokens: Number of target tokens, including end tokens.
        outputs: Outputs of decoded examples, by index in the data.
    """

    nll: float = 0.0
    tokens: int = 0
    outputs: dict[int, str] = field(default_factory=dict)

    def add(self, sums: LossSum) -> None:
        """Add a batch's loss."""
        self.nll += float(sums.nll)
        self.tokens += sums.tokens

    def gathered(self) -> "ValidationSums":
        """Return the sums over all ranks."""
        if not (torch.distributed.is_available() and torch.distributed.is_initialized()):
            return self
        parts: list[ValidationSums] = [self] * torch.distributed.get_world_size()
        torch.distributed.all_gather_object(parts, self)
        outputs = {number: text for part in parts for number, text in part.outputs.items()}
        return ValidationSums(math.fsum(part.nll for part in parts), sum(part.tokens for part in parts), outputs)

    def scores(self, data: Seq2SeqData, split: str, prefix: str) -> dict[str, float]:
        """Return ``loss`` (nats per target token), ``perplexity``, and the monitored score."""
        loss = self.nll / max(1, self.tokens)
        scores = {"loss": loss, "perplexity": math.exp(min(loss, 700.0))}
        scores |= data.measured(split, self.nll, self.outputs)
        return {prefix + name: value for name, value in scores.items()}


def bounded(search: SearchOptions, source: int) -> SearchOptions:
    """Return search options with outputs of at most `LONGEST` pieces.

    Args:
        search: Search options of the trained model.
        source: Length of the longest source.
    """
    longest = search.max_length or search.max_length_ratio * source + search.max_length_extra
    if longest <= LONGEST:
        return search
    return replace(search, max_length=LONGEST, min_length=min(search.min_length, LONGEST))


def decode(
    network: Network,
    batch: Batch,
    data: Seq2SeqData,
    options: ValidationOptions,
    usual: SearchOptions,
    split: str = "validation",
) -> dict[int, str]:
    """Decode the sources of a batch.

    Args:
        network: Network in evaluation mode.
        batch: Batch; examples from index `options.sentences` on are skipped.
        data: Holds the tokenizers and post-processes outputs.
        options: Beam size and number of sentences.
        usual: Search options of the trained model; the beam options are replaced.
        split: Split of the batch.

    Returns:
        Outputs of the decoded examples, by index in the data.
    """
    wanted: Tensor = batch.indices < options.sentences if options.sentences else batch.indices >= 0  # [B]
    if not bool(wanted.any()):
        return {}
    lengths = batch.source_lengths[wanted]
    search = bounded(replace(usual, beam_size=options.beam_size, n_best=1, groups=1), int(lengths.max()))
    source = batch.source[wanted, : int(lengths.max())]
    copies = None if batch.copies is None else batch.copies[wanted, : int(lengths.max())]
    if copies is None and search.no_repeat_source_ngram:
        copies = torch.tensor(table(data.tokenizers), device=source.device)[source]
    words = batch.words or [()] * len(batch)
    rows = wanted.nonzero().flatten().tolist()
    chosen = [words[row] for row in rows]
    tokenizer = data.tokenizers.source
    masks = [tokenizer.masks_in(ids) for ids in source.tolist()] if tokenizer.masks else ()
    sources = EncodedSources(source, lengths, copies, chosen, masks=masks)
    beams = beam_search(network, sources, data.tokenizers.target, search)
    outputs = {}
    for row, hypotheses in zip(rows, beams, strict=True):
        number = int(batch.indices[row])
        text = data.tokenizers.target.decode(hypotheses[0].ids, words[row], data.masked_spans(split, number))
        outputs[number] = data.reader.finish(text)
    return outputs
