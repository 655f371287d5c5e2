"""Export a run's best weights, or the average of several checkpoints, as a model folder."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from torch import Tensor

from seq2seq.corpus.example import Example
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.options import RerankOptions, SamplingOptions, SearchOptions, stored_search
from seq2seq.errors import UserError
from seq2seq.files.typed_values import Fields
from seq2seq.models import bundle, weights_file
from seq2seq.models.bundle_config import BundleConfig, Introduction, StoredScore, TrainingFacts
from seq2seq.models.introduction import introduced
from seq2seq.models.lengths import Lengths, limited
from seq2seq.models.load import load
from seq2seq.network.options import NetworkOptions
from seq2seq.plugin.task import TextTask
from seq2seq.run_setup.run_folder import RunFolder, trained_with
from seq2seq.run_setup.training_options import ValidationOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq.training.checkpoint_file import read_checkpoint
from seq2seq.training.identity import ABOUT, require_same_model, require_weights, tensors

if TYPE_CHECKING:
    from seq2seq.plugin.task import Task

PREFIX = "network."
"""Prefix of the network's weights in a checkpoint of `Seq2SeqModule`."""


def average(paths: Sequence[Path]) -> dict[str, Any]:
    """Average the weights of checkpoints of one model, in double precision.

    Returns:
        A copy of the last checkpoint, with the averaged weights and without scores.

    Raises:
        UserError: If there are no checkpoints, or if they belong to different models (names the differences).
    """
    if not paths:
        raise UserError("There are no checkpoints to average.")
    checkpoint: dict[str, Any] = {}
    sums: dict[str, Tensor] = {}
    for path in paths:
        following = read_checkpoint(path)
        if checkpoint:
            require_same_model(following[ABOUT], checkpoint[ABOUT], str(path))
            require_weights(following["state_dict"], checkpoint["state_dict"], str(path))
        checkpoint = following
        for name, weight in checkpoint["state_dict"].items():
            sums[name] = sums[name] + weight.double() if name in sums else weight.double()
    weights = {name: (sums[name] / len(paths)).to(weight.dtype) for name, weight in checkpoint["state_dict"].items()}
    return {**checkpoint, "state_dict": weights, "scores": {}}


def save_bundle(
    checkpoint: dict[str, Any],
    folder: RunFolder,
    task: "Task",
    place: Path,
    precision: str = "float32",
    introduction: Introduction | None = None,
) -> None:
    """Save a checkpoint's weights as a model folder.

    Args:
        checkpoint: Result of `average` or `read_checkpoint`.
        folder: Folder of the run.
        task: Task of the run.
        place: Path of the model folder.
        precision: See `bundle.save`.
        introduction: Introduction of the model; None takes that of the run's existing model.

    Raises:
        UserError: If the checkpoint belongs to another run, because its tokenizers differ.
    """
    place_of = f"A checkpoint of {folder.path}"
    about = Fields(checkpoint[ABOUT], place_of)
    tokenizers = Tokenizers.load(folder.tokenizer)
    if (about.text("task"), about.text("tokenizer")) != (task.name, tokenizers.digest()):
        raise UserError(
            f"The checkpoint does not belong to the run {folder.path}: it was trained with other tokenizers than those "
            f"in {folder.tokenizer}. Name the run that it belongs to."
        )
    options = about.section("network").build(NetworkOptions)
    weights = _weights(checkpoint, place_of)
    shapes = {name: list(weight.shape) for name, weight in weights.items()}
    weights_file.require_possible(shapes, options, place_of, "its options")
    with weights_file.shapes_alone():
        require_weights(weights, bundle.network_for(options, tokenizers).state_dict(), place_of)
    network = bundle.network_for(options, tokenizers)
    network.load_state_dict(weights)
    reader = about.section("reader").build(task.reader)
    validation = about.section("validation").build(ValidationOptions)
    scores = {name.removeprefix("val_"): value for name, value in checkpoint.get("scores", {}).items()}
    facts = TrainingFacts(
        seed=about.get("seed", int, 0),
        config_hash=hashlib.sha256(folder.config.read_bytes()).hexdigest()[:16] if folder.config.is_file() else "",
        steps=checkpoint["global_step"],
        data=about.text("data"),
        base=about.get("base", str, ""),
        **trained_with(folder.config),
        scores=tuple(
            StoredScore(name, value, _recipe(name, task, reader, validation), "validation")
            for name, value in scores.items()
        ),
    )
    lengths = about.section("lengths").build(Lengths) if "lengths" in about else None
    usual = task.decoding
    search = stored_search(about.section("search"), type(usual.search))
    if isinstance(search, SearchOptions):
        search = limited(search, lengths, usual.search, is_growing=usual.by_sentence)
    config = BundleConfig(
        task.name,
        options,
        reader,
        search,
        facts,
        # Older checkpoints lack sampling options and lengths.
        about.section("sampling").build(SamplingOptions) if "sampling" in about else None,
        about.section("rerank").build(RerankOptions) if "rerank" in about else None,
        lengths,
        introduction or introduction_of(folder),
    )
    bundle.save(place, network, config, tokenizers, precision)


def introduce(folder: RunFolder, examples: Sequence[Example], *, pairs: int, has_openers: bool) -> None:
    """Evaluate a run's model on validation examples, and store the introduction in the model.

    Args:
        folder: Folder of a run that has a model.
        examples: Validation examples.
        pairs: Number of training examples.
        has_openers: Whether validation texts may be stored.
    """
    loaded = load(folder.bundle)
    introduction = introduced(loaded, examples, pairs=pairs, has_openers=has_openers)
    config = replace(loaded.bundle.config, introduction=introduction)
    bundle.save(folder.bundle, loaded.torch_network, config, loaded.tokenizers)


def introduction_of(folder: RunFolder) -> Introduction:
    """Return the introduction of a run's model; empty if the model is missing or its ``config.json`` is damaged."""
    try:
        return bundle.read_config(bundle.find(folder.bundle)).introduction
    except UserError:  # the run can still be exported
        return Introduction()


def _recipe(name: str, task: "Task", reader: Reader, validation: ValidationOptions) -> str:
    """Return the evaluation settings of a validation score, as reported by its metric."""
    if name in ("loss", "perplexity"):
        return "nats per target piece, end mark counts" if name == "loss" else "per target piece, end mark counts"
    if isinstance(task, TextTask):
        return "text in streams, state carried; ends of documents count, but are no characters"
    metric = task.metrics(reader)[0]
    # The signature includes the number of references, so it exists only after a score is computed.
    metric.score(["1"], [["1"]])
    beams = validation.beam_size
    search = "greedy" if beams == 1 else f"beam {beams}"
    some = f", the first {validation.sentences} sentences" if validation.sentences else ""
    return f"{metric.signature()}|decoded while training: {search}{some}"


def _weights(checkpoint: dict[str, Any], place: str) -> dict[str, Tensor]:
    """Return the network's weights; in ``last.ckpt``, the moving average takes precedence over the trained weights."""
    average = checkpoint.get("callbacks", {}).get("WeightAverage", {}).get("average", {})
    state = {**checkpoint["state_dict"], **tensors(average, f"{place}: its moving average")}
    return {name.removeprefix(PREFIX): value for name, value in state.items() if name.startswith(PREFIX)}
