"""Writes the files that the page's engine reads (`seq2seq/page/engine/model.js`), from a model folder for ONNX Runtime.

- ``model.json``: the kind of the model, what the page shows of it, its options and defaults, and the size of every
  other file in bytes. Names are written in camelCase, as JavaScript writes them.
- ``pieces.json``: the tokenizers (`seq2seq.deployment.web_pieces`)
- the graphs (`seq2seq.runtime.graphs`), optimized; with a shortlist, the step is that of `seq2seq.deployment.web_step`
- with a shortlist, the tables without headers, in little-endian numbers: ``output.bin`` and ``embedding.bin`` hold the
  scales of all pieces, [V], their biases, [V], both in float32, and their vectors, [V, R]; ``candidates.bin`` holds the
  candidates.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from seq2seq.corpus.reader import Reader
from seq2seq.decoding.options import SearchOptions
from seq2seq.deployment import web_pieces
from seq2seq.deployment.graph_optimization import optimized
from seq2seq.deployment.web_step import for_page
from seq2seq.errors import UserError
from seq2seq.models.bundle import Bundle
from seq2seq.network.options import NetworkOptions
from seq2seq.plugin.task import TextTask, converses, require_verb
from seq2seq.runtime.engine import OnnxNetwork
from seq2seq.runtime.graphs import DIALOGUE, ENCODE, OUTPUT, PROJECT, READ, STEP, TURNS
from seq2seq.runtime.piece_table import PieceTable
from seq2seq.runtime.separate_output import SeparateOutput

FORMAT = 1
MODEL, PIECES = "model.json", "pieces.json"
OUTPUT_TABLE, EMBEDDING_TABLE, CANDIDATES = "output.bin", "embedding.bin", "candidates.bin"
GRAPHS = (ENCODE, STEP, READ, TURNS, DIALOGUE, PROJECT)
SEPARATE = (OUTPUT, OUTPUT_TABLE, EMBEDDING_TABLE, CANDIDATES)
"""Files of a model with a shortlist."""
OVERRIDDEN = ("source", "kept", "begin", "finish")
"""Methods of a reader that the page computes itself, according to the reader's `SOURCE_FORM`."""


def write_web_model(folder: Path, bundle: Bundle) -> list[Path]:
    """Write the files of a model into an existing folder.

    Args:
        folder: The folder.
        bundle: A loaded model folder for ONNX Runtime; if it has a shortlist, with it.

    Returns:
        The files.

    Raises:
        UserError: If the page cannot compute the model; nothing is written then.
        OSError: If a file cannot be written.
    """
    contents = {PIECES: _json(web_pieces.described(bundle.tokenizers))}
    contents |= {path.name: optimized(path) for path in sorted(bundle.folder.glob("*.onnx"))}
    if separate := _separate(bundle):
        width, is_int8 = bundle.config.network.readout_width, separate.table.is_int8
        contents[STEP] = for_page(contents[STEP], width, is_int8=is_int8)
        contents |= _tables(separate)
    description = described(bundle, {name: len(content) for name, content in contents.items()})
    contents[MODEL] = _json(description)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]


def described(bundle: Bundle, files: Mapping[str, int]) -> dict[str, Any]:
    """Return the contents of model.json.

    Args:
        bundle: A loaded model folder for ONNX Runtime.
        files: Number of bytes of each other file.

    Raises:
        UserError: If the page cannot compute the model.
    """
    config, task, reader = bundle.config, bundle.task, bundle.config.reader
    require_verb(task, reader, str(bundle.folder))
    if not _has_known_sources(type(reader)):
        raise UserError(
            f"The task '{task.name}' reads its texts with its own code, which a page in a browser cannot run: export "
            "the model with --format onnx."
        )
    if config.search.banned:
        raise UserError(
            "The model's search bans words, which a page in a browser cannot do: train it without search.banned, or "
            "export it with --format onnx."
        )
    if reader.tag:
        raise UserError(
            f"The model reads the tag '{reader.tag}' before each source, which a page in a browser cannot do: export "
            "it with --format onnx."
        )
    if reader.masks:
        raise UserError(
            "The model reads placeholders as masks, which a page in a browser cannot do: export it with --format onnx."
        )
    if isinstance(config.search, SearchOptions) and config.search.required:
        raise UserError(
            "The model's search requires words, which a page in a browser cannot do: train it without search.required, "
            "or export it with --format onnx."
        )
    separate = _separate(bundle)
    if unknown := files.keys() - {PIECES, *GRAPHS, *(SEPARATE if separate else ())}:
        raise UserError(
            f"{bundle.folder} has a graph that a page in a browser cannot use, {min(unknown)}: export the run that it "
            "was made of with --format web."
        )
    begin = reader.begin()
    kind = "text" if isinstance(task, TextTask) else "dialogue" if converses(task) else "source"
    return {
        "format": FORMAT,
        "kind": kind,
        "task": task.name,
        "info": _info(bundle, files),
        "network": _network(config.network),
        "reader": {
            "form": reader.SOURCE_FORM,
            "normalization": reader.normalization,
            "maxSourcePieces": reader.max_source_pieces,
            "historyTurns": getattr(reader, "history_turns", 0),
            "speakers": getattr(reader, "speakers", False),
            "targetLanguage": reader.target_language,
            "begin": begin.value if begin else None,
        },
        "search": _camel_case(config.search.to_json()),
        "sampling": _camel_case(config.sampling.to_json()) if config.sampling else None,
        "bySentence": task.decoding.by_sentence,
        "shortlist": _shortlist(separate) if separate else None,
        "files": dict(files),
    }


def _info(bundle: Bundle, files: Mapping[str, int]) -> dict[str, Any]:
    """Return what the page shows of a model."""
    config, task = bundle.config, bundle.task
    introduction, search, sampling = config.introduction, config.search, config.sampling
    beams = getattr(search, "beam_size", 1)
    method = "sample" if sampling else "beam" if beams > 1 else "greedy"
    return {
        "title": f"{task.name} {config.languages}".strip(),
        "verb": task.verb,
        "summary": task.summary,
        "sourceLanguage": config.reader.source_language,
        "targetLanguage": config.reader.target_language,
        "openers": list(introduction.openers),
        "size": sum(files.values()),
        "weights": bundle.network.weight_count(),
        "maxLength": search.max_length,
        "historyTurns": getattr(config.reader, "history_turns", 0),
        "longestSource": config.lengths.source if config.lengths else 0,
        # An output is doubtful if the log probability per piece of one of its sentences is below this.
        "doubtfulBelow": introduction.doubtful_below(is_drawn=sampling is not None),
        "decoding": {
            "method": method,
            "beamSize": beams,
            **(_camel_case(sampling.to_json()) if sampling else {}),
        },
    }


def _network(options: NetworkOptions) -> dict[str, Any]:
    """Return the options of a network that do not follow from its graphs."""
    names = ("encoder", "attention", "decoder_layers", "hidden_size", "readout_width", "input_feeding", "copying")
    return _camel_case({name: getattr(options, name) for name in (*names, "coverage")})


def _separate(bundle: Bundle) -> SeparateOutput | None:
    """Return the output layer of a model with a shortlist."""
    return bundle.network.separate if isinstance(bundle.network, OnnxNetwork) else None


def _shortlist(separate: SeparateOutput) -> dict[str, Any]:
    """Return what the tables of a shortlist do not say."""
    assert separate.shortlist is not None, "a model is exported with its shortlist"
    return {
        "frequent": separate.shortlist.frequent.tolist(),
        "candidates": separate.shortlist.candidates.shape[1],  # of each source piece
        "precision": "int8" if separate.table.is_int8 else "float32",
    }


def _tables(separate: SeparateOutput) -> dict[str, bytes]:
    """Return the tables of a model with a shortlist."""
    assert separate.shortlist is not None, "a model is exported with its shortlist"
    candidates = separate.shortlist.candidates
    tables = {OUTPUT_TABLE: separate.table}
    if separate.embedding is not separate.table:
        tables[EMBEDDING_TABLE] = separate.embedding
    little = candidates.astype(candidates.dtype.newbyteorder("<"))
    return {name: _by_column(table) for name, table in tables.items()} | {CANDIDATES: little.tobytes()}


def _by_column(table: PieceTable) -> bytes:
    """Return a table column by column, so that JavaScript can read each as an array of numbers."""
    return b"".join(table.rows[name].tobytes() for name in ("scale", "bias", "vector"))


def _has_known_sources(reader: type[Reader]) -> bool:
    """Return whether the page can compute what a reader's own methods do."""
    for kind in reader.__mro__:
        if "SOURCE_FORM" in vars(kind):
            return bool(vars(kind)["SOURCE_FORM"])
        if any(name in vars(kind) for name in OVERRIDDEN):
            return False
    return False


def _camel_case(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with names as in JavaScript: ``beam_size`` becomes ``beamSize``."""

    def renamed(name: str) -> str:
        first, *others = name.split("_")
        return first + "".join(map(str.capitalize, others))

    return {renamed(name): value for name, value in values.items()}


def _json(values: Mapping[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
