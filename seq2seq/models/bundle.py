"""Bundles: model folders with weights, options, tokenizers and a model card, but without code.

::

    bundle/
        model.safetensors      weights; tied ones are stored once
        step.onnx, ...         instead of these, graphs for ONNX Runtime (`seq2seq.runtime.graphs`)
        config.json            task, options, vocabulary sizes, provenance, scores
        tokenizer/             sentencepiece models
        README.md              model card

Bundles are written atomically (`seq2seq.files.atomic_folders`).
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from seq2seq import __version__
from seq2seq.corpus.example import Mark
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.options import RerankOptions, SamplingOptions, stored_search
from seq2seq.errors import UserError, WorldError, nearest
from seq2seq.files import parsing
from seq2seq.files.atomic_folders import replace_folder, restore
from seq2seq.files.typed_values import Fields
from seq2seq.hub.model_repository import downloaded, is_hub
from seq2seq.models import weights_file
from seq2seq.models.bundle_config import BundleConfig, Introduction, StoredScore, TrainingFacts
from seq2seq.models.lengths import Lengths
from seq2seq.models.model_card import model_card
from seq2seq.network.options import NetworkOptions
from seq2seq.options import choice
from seq2seq.plugin import registry
from seq2seq.plugin.task import Task
from seq2seq.runtime import graphs
from seq2seq.runtime.placement import Placement
from seq2seq.tokenization.copy_table import table
from seq2seq.tokenization.tokenizer import Tokenizers, require_masks

if TYPE_CHECKING:
    from torch import Tensor

    from seq2seq.network.encoder_decoder import Network
    from seq2seq.runtime.network_protocol import Engine

FORMAT = 1
"""Version of the bundle format; it changes when older code cannot read new bundles."""
WEIGHTS, CONFIG, TOKENIZER, CARD = "model.safetensors", "config.json", "tokenizer", "README.md"
PRECISIONS = ("float32", "float16")
BOUNDARIES = (Mark.TURN, Mark.LINE)
"""The marks that end a segment for the hierarchical encoder."""
SHOWN = 20
"""Maximum number of models that a message names."""
_PICKLES = (".ckpt", ".pt", ".pth", ".bin", ".pkl", ".pickle")


@dataclass(frozen=True)
class Bundle:
    """A loaded model folder.

    Args:
        folder: The model folder.
        config: Contents of ``config.json``.
        task: The installed task.
        network: The network in evaluation mode, on the CPU; PyTorch's has weights in float32.
        tokenizers: The source and target tokenizers.
        ensemble: The other members, if the network is an ensemble.
    """

    folder: Path
    config: BundleConfig
    task: Task
    network: "Engine"
    tokenizers: Tokenizers
    ensemble: tuple["Bundle", ...] = ()

    @property
    def torch_network(self) -> "Network":
        """The network, if PyTorch computes it.

        Raises:
            UserError: If it does not.
        """
        from seq2seq.runtime.network_protocol import torch_network

        return torch_network(self.network, self.folder)


def save(
    folder: Path, network: "Network", config: BundleConfig, tokenizers: Tokenizers, precision: str = "float32"
) -> None:
    """Write a bundle atomically, replacing an existing one.

    Args:
        folder: A new or empty folder, or a bundle to be replaced.
        network: The network, on any device.
        config: Contents of ``config.json``.
        tokenizers: Contents of ``tokenizer/``.
        precision: 'float32', or 'float16' for half the size.

    Raises:
        UserError: If `folder` contains anything else.
        WorldError: If the disk is full or not writable; an existing bundle is unchanged.
    """
    from safetensors.torch import save as serialized

    choice("precision", precision, PRECISIONS)
    folder = Path(folder).resolve()  # an absolute path, because "." has no name
    require_free(folder)
    weights = {name: _stored(tensor, precision) for name, (tensor, _) in distinct(network).items()}
    # Only one metadata entry, because safetensors writes several in random order, and equal models must give equal
    # files.
    blob = serialized(weights, {"format": "pt"})
    description = described(config, tokenizers, network.weight_count(), precision)
    card = model_card(config, registry.load(config.task), network.weight_count(), len(blob))

    def write(new: Path) -> None:
        write_description(new, description, tokenizers, card)
        (new / WEIGHTS).write_bytes(blob)

    put(folder, write)


def described(config: BundleConfig, tokenizers: Tokenizers, weights: int, precision: str) -> dict[str, Any]:
    """Return the contents of ``config.json`` for a network with a number of weights, stored in a precision."""
    return {
        "format": FORMAT,
        "task": config.task,
        "network": config.network.to_json(),
        "source_vocabulary": tokenizers.source.vocabulary_size,
        "target_vocabulary": tokenizers.target.vocabulary_size,
        "reader": {"class": type(config.reader).__qualname__, "options": asdict(config.reader)},
        "search": config.search.to_json(),
        "sampling": config.sampling.to_json() if config.sampling else None,
        "rerank": config.rerank.to_json() if config.rerank else None,
        "lengths": config.lengths.to_json() if config.lengths else None,
        "training": config.training.to_json(),
        "introduction": config.introduction.to_json(),
        "weights": weights,
        "precision": precision,
    }


def write_description(folder: Path, description: Mapping[str, Any], tokenizers: Tokenizers, card: str) -> None:
    """Write everything but the weights into a folder."""
    tokenizers.save(folder / TOKENIZER)
    (folder / CONFIG).write_text(json.dumps(description, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    (folder / CARD).write_text(card, encoding="utf-8")


def put(folder: Path, write: Callable[[Path], object]) -> None:
    """Write a model folder atomically, replacing an existing one.

    Args:
        folder: The folder.
        write: Writes the contents into a new folder.

    Raises:
        WorldError: If the disk is full or not writable; an existing bundle is unchanged.
    """
    try:
        replace_folder(folder, write)
    except OSError as fault:
        raise WorldError(f"The model folder {folder} could not be written: {fault.strerror}.") from fault


def load(folder: Path | str, placement: Placement = Placement()) -> Bundle:  # noqa: B008 - frozen
    """Read a bundle.

    Args:
        folder: A bundle, or a run folder; the best weights of a run are loaded.
        placement: Where the network computes; the caller must move it to the device.

    Raises:
        UserError: If there is no bundle, if a file is missing or damaged, if the bundle has another version, if its
            task is not installed, if weights and options do not match, or if the folder is not for the engine.
    """
    path = find(folder)
    values = read_json(path)
    config = config_of(path, values)
    if engine_of(path, placement.engine) == "onnx":
        return _load_graphs(path, config, values, placement)
    return _load_weights(path, config, values, placement.threads)


def engine_of(path: Path, wanted: str = "") -> str:
    """Return what computes a bundle's network: what is wanted, or by default what the bundle is for.

    Raises:
        UserError: If the bundle is not for what is wanted.
    """
    has = {"torch": (path / WEIGHTS).is_file(), "onnx": (path / graphs.STEP).is_file()}
    if not wanted:
        return "onnx" if has["onnx"] and not has["torch"] else "torch"
    if not has[wanted]:
        raise UserError(
            f"{path} is no model for ONNX Runtime: make one of it, seq2seq export {path} FOLDER --format onnx."
            if wanted == "onnx"
            else f"{path} has no weights for PyTorch: give the run or the model folder that it was exported from."
        )
    return wanted


def weight_files(folder: Path, engine: str) -> list[Path]:
    """Return the files with the weights of a bundle for an engine.

    Raises:
        UserError: If there are none.
    """
    names = [WEIGHTS] if engine == "torch" else [name for name in graphs.FILES if (folder / name).is_file()]
    paths = [folder / name for name in names or [graphs.STEP]]
    for path in paths:
        if not path.is_file():
            raise UserError(f"{path} has been removed since the model was loaded.")
    return paths


def _load_graphs(path: Path, config: BundleConfig, values: dict[str, Any], placement: Placement) -> Bundle:
    """Read a bundle for ONNX Runtime."""
    import numpy as np

    from seq2seq.runtime.engine import OnnxNetwork, Vocabularies
    from seq2seq.runtime.separate_output import SeparateOutput

    tokenizers, stored = _tokenizers(path, values, config.reader), Fields(values, str(path / CONFIG))
    copies = np.array(table(tokenizers) if config.network.copying else [], dtype=np.int64)
    target = tokenizers.target
    boundaries = tuple(tokenizers.source.marks[mark] for mark in BOUNDARIES)
    vocabularies = Vocabularies(target.vocabulary_size, target.padding, target.unknown, copies, boundaries)
    separate = None
    if "shortlist" in stored:
        sizes = tokenizers.source.vocabulary_size, target.vocabulary_size
        frequent = stored.section("shortlist").get("frequent", list[int])
        separate = SeparateOutput.read(path, config.network, sizes, frequent, uses_shortlist=placement.shortlist)
    threads = placement.threads or 1
    network = OnnxNetwork(path, config.network, vocabularies, stored.whole("weights"), threads, separate)
    return Bundle(path, config, registry.load(config.task), network, tokenizers)


def _load_weights(path: Path, config: BundleConfig, values: dict[str, Any], threads: int | None) -> Bundle:
    """Read a bundle for PyTorch."""
    if find_spec("torch") is None:
        # With its run, an export has a shortlist, and is compared with the model.
        exported = path.parent if path.name == "bundle" and (path.parent / "config.yaml").is_file() else path
        raise UserError(
            f"{path} is a model for PyTorch, which is not installed: where it is, export the model with seq2seq export "
            f"{exported} FOLDER --format onnx, and use that folder here."
        )
    import torch

    if threads is not None:
        torch.set_num_threads(threads)
    shapes = weights_file.shapes(path / WEIGHTS)
    weights_file.require_possible(shapes, config.network, path / WEIGHTS)
    tokenizers = _tokenizers(path, values, config.reader)
    with weights_file.shapes_alone():
        weights_file.require_fit(shapes, _weights(network_for(config.network, tokenizers)), path / WEIGHTS)
    # Initialization must not change the caller's random generator.
    with torch.random.fork_rng(devices=[]):
        network = network_for(config.network, tokenizers)
    weights_file.fill(_weights(network), path / WEIGHTS)
    return Bundle(path, config, registry.load(config.task), network.eval(), tokenizers)


def _tokenizers(path: Path, values: dict[str, Any], reader: Reader) -> Tokenizers:
    """Return the tokenizers of a bundle, which must have the sizes in its ``config.json``, and masks if it has them."""
    tokenizers = Tokenizers.load(path / TOKENIZER)
    sizes = Fields(values, str(path / CONFIG))
    for side, tokenizer in (("source", tokenizers.source), ("target", tokenizers.target)):
        size = sizes.whole(f"{side}_vocabulary")
        if size != tokenizer.vocabulary_size:
            raise UserError(
                f"{path}: config.json says {size} {side} pieces, but the tokenizer has {tokenizer.vocabulary_size}."
            )
    if reader.masks:
        require_masks(tokenizers, str(path / TOKENIZER))
    return tokenizers


def network_for(options: NetworkOptions, tokenizers: Tokenizers) -> "Network":
    """Return a randomly initialized network with the vocabularies of the tokenizers."""
    from seq2seq.network.encoder_decoder import Network

    source, target = tokenizers.source, tokenizers.target
    return Network(
        options,
        source.vocabulary_size,
        target.vocabulary_size,
        source.padding,
        target.padding,
        copies=table(tokenizers) if options.copying else None,
        target_unknown=target.unknown,
        boundaries=[source.marks[mark] for mark in BOUNDARIES],
    )


def find(path: Path | str) -> Path:
    """Return the bundle at a path: the folder itself, the bundle in a run folder, or a downloaded one (``hf:...``).

    Raises:
        UserError: If the path is neither a bundle nor a run folder with one.
        WorldError: If it cannot be downloaded.
    """
    if is_hub(str(path)):
        return downloaded(str(path))
    folder = Path(path).expanduser()
    restore(folder)
    if (folder / CONFIG).is_file():
        return folder
    restore(folder / "bundle")
    if (folder / "bundle" / CONFIG).is_file():
        return folder / "bundle"
    if not folder.exists():
        names = [child.name for child in folder.parent.iterdir()] if folder.parent.is_dir() else []
        what = "a model is a run folder, its folder bundle, or an exported folder."
        raise UserError(f"There is no folder {folder}: {what} {nearest(folder.name, names)}".strip())
    if folder.is_file():
        what = "a pickle, which is never loaded as a model" if folder.suffix in _PICKLES else "a file"
        more = (
            "To make a model folder of a checkpoint: seq2seq export RUN FOLDER --checkpoint FILE."
            if folder.suffix in _PICKLES
            else "MODEL comes before the files to read: seq2seq VERB MODEL FILE."
        )
        raise UserError(f"{folder} is {what}: MODEL is a run folder or a model folder. {more}")
    if (folder / "config.yaml").is_file():
        raise UserError(
            f"{folder} is a run that has left no model yet. Wait for its end, or make a model folder of its last "
            f"checkpoint: seq2seq export {folder} FOLDER --checkpoint last."
        )
    if (folder / "index.html").is_file() and (folder / "model").is_dir():
        raise UserError(
            f"{folder} is a page for browsers: seq2seq export RUN FOLDER --format onnx makes a model for this command."
        )
    if models := models_in(folder):
        raise UserError(f"{folder} is not a model, but contains {listed(models)}: name one of these.")
    raise UserError(
        f"{folder} is not a model: it contains neither {CONFIG} (a model folder) nor bundle/ (a run folder)."
    )


def models_in(folder: Path) -> list[Path]:
    """Return the model folders and run folders in a folder that can be read, by name."""
    try:
        children = sorted(folder.iterdir())
    except OSError:
        return []
    places = ("", "bundle")
    # Unlike Path.is_file, it is False in folders that cannot be read.
    return [child for child in children if any(os.path.isfile(child / place / CONFIG) for place in places)]  # noqa: PTH113


def listed(models: Sequence[Path]) -> str:
    """Return the paths of models for a message, at most `SHOWN` of them."""
    more = f" and {len(models) - SHOWN} more" if len(models) > SHOWN else ""
    return f"{', '.join(map(str, models[:SHOWN]))}{more}"


def read_json(folder: Path) -> dict[str, Any]:
    """Return the raw ``config.json``.

    Raises:
        UserError: If it is damaged or has another version.
    """
    path = folder / CONFIG
    values = parsing.read_json(path)
    if not isinstance(values, dict) or "format" not in values:
        raise UserError(f"{path} is not the config.json of one of our models: it names no format.")
    if values["format"] != FORMAT:
        raise UserError(
            f"{path} has format {values['format']}, but seq2seq {__version__} reads format {FORMAT}: "
            "install the version that wrote it, or export the model again."
        )
    return values


def read_config(folder: Path) -> BundleConfig:
    """Return the configuration of a bundle, without loading its weights.

    Raises:
        UserError: If ``config.json`` is damaged or has another version, or if its task is not installed.
    """
    return config_of(folder, read_json(folder))


def config_of(folder: Path, raw: dict[str, Any]) -> BundleConfig:
    """Return the configuration of a bundle from its raw ``config.json``; see `read_config`."""
    values = Fields(raw, str(folder / CONFIG))
    task = registry.load(values.text("task"))
    training = values.section("training")
    scores = tuple(score.build(StoredScore) for score in training.sections("scores"))
    facts = training.without("scores").build(TrainingFacts)
    return BundleConfig(
        task=task.name,
        network=values.section("network").build(NetworkOptions),
        reader=_reader(task, values.section("reader").section("options")),
        search=stored_search(values.section("search"), type(task.decoding.search)),
        training=replace(facts, scores=scores),
        # The configuration of an older model may lack these sections.
        sampling=values.section("sampling").build(SamplingOptions) if "sampling" in values else None,
        rerank=values.section("rerank").build(RerankOptions) if "rerank" in values else None,
        lengths=values.section("lengths").build(Lengths) if "lengths" in values else None,
        introduction=values.section("introduction").build(Introduction) if "introduction" in values else Introduction(),
    )


def require_free(folder: Path) -> None:
    """Check that a bundle may be written into a folder.

    Raises:
        UserError: If the path is a file, or a non-empty folder without a model.
    """
    if folder.is_file():
        raise UserError(f"{folder} is a file; a model is a folder: choose another name.")
    if (
        folder.is_dir()
        and any(folder.iterdir())
        and not ((folder / WEIGHTS).is_file() or (folder / graphs.STEP).is_file())
    ):
        raise UserError(f"{folder} is not empty and contains no model: choose another folder.")


def distinct(network: "Network") -> dict[str, tuple["Tensor", list[str]]]:
    """Return each distinct weight and buffer with all of its names, keyed by its alphabetically first name."""
    names_by_tensor: dict[int, list[str]] = {}
    tensors = cast("dict[str, Tensor]", network.state_dict(keep_vars=True))
    for name in sorted(tensors):
        names_by_tensor.setdefault(id(tensors[name]), []).append(name)
    return {names[0]: (tensors[names[0]], names) for names in names_by_tensor.values()}


def _reader(task: Task, values: Fields) -> Reader:
    known = [entry.name for entry in fields(task.reader)]
    unknown = [name for name in values.values if name not in known]
    if unknown:
        raise UserError(
            f"The model was made with another version of task '{task.name}': "
            f"its reader has no option '{unknown[0]}' here. It has: {', '.join(known)}."
        )
    return values.build(task.reader)


def _weights(network: "Network") -> dict[str, "Tensor"]:
    return {name: tensor for name, (tensor, _) in distinct(network).items()}


def _stored(tensor: "Tensor", precision: str) -> "Tensor":
    import torch

    kind = torch.float16 if precision == "float16" else torch.float32
    tensor = tensor.detach().cpu()
    return (tensor.to(kind) if tensor.is_floating_point() else tensor).contiguous()
