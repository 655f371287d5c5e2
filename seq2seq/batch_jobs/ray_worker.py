"""What runs on the machines of a Ray cluster: an actor that decodes shards, with models that came by the network."""

import argparse
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from seq2seq import __version__
from seq2seq.batch_jobs.identity import FILES, MODELS, model_files
from seq2seq.batch_jobs.shard_worker import ShardWorker
from seq2seq.batch_jobs.shards import Shard
from seq2seq.errors import SentenceError, UserError
from seq2seq.models.bundle import find

Load = Callable[[argparse.Namespace], ShardWorker]
Carried = Mapping[str, Mapping[str, bytes]]
"""Contents of files by option and relative path; of an option that names a file, one with its name."""
Answer = tuple[dict[str, Any], bytes]
"""Counts of a result or an error, and the outputs."""


class RayWorker:
    """An actor that decodes shards.

    Args:
        options: Arguments of the verb.
        load: Loads the models.
        carried: Reference to the files of the models and other files.
    """

    def __init__(self, options: argparse.Namespace, load: Load, carried: list[Any]) -> None:
        self._options, self._load, self._carried = options, load, carried
        self._worker: ShardWorker | None = None

    def load(self) -> Answer:
        """Write the files to a folder of this machine and load the models; afterwards the files are not needed."""
        import ray

        try:
            with tempfile.TemporaryDirectory(prefix="seq2seq-") as folder:
                self._worker = self._load(written(self._options, ray.get(self._carried[0]), Path(folder)))
        except SentenceError as fault:
            return _error(fault)
        return {"version": __version__, "address": ray.util.get_node_ip_address()}, b""

    def decode(self, head: dict[str, Any], content: bytes) -> Answer:
        """Decode a shard, whose fields are the head and the content."""
        assert self._worker is not None
        try:
            result = self._worker.apply(Shard(**head, content=content))
        except SentenceError as fault:
            return _error(fault)
        return result.head, result.payload


def portable(options: argparse.Namespace) -> tuple[argparse.Namespace, Carried]:
    """Return the options without the paths of models and files, and their contents."""
    paths: dict[str, dict[str, Path]] = {}
    for option in ("model", *MODELS):
        if getattr(options, option, None):
            paths[option] = model_files(find(getattr(options, option)))
    for option in FILES:
        if getattr(options, option, None):
            path = Path(getattr(options, option))
            paths[option] = {path.name: path}  # its suffix may say what it is
    carried = {option: {name: path.read_bytes() for name, path in files.items()} for option, files in paths.items()}
    return argparse.Namespace(**{**vars(options), **dict.fromkeys(carried)}), carried


def written(options: argparse.Namespace, carried: Carried, folder: Path) -> argparse.Namespace:
    """Write the contents to a folder, and return the options with their paths there."""
    result = argparse.Namespace(**vars(options))
    for option, files in carried.items():
        for name, content in files.items():
            path = folder / option / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        setattr(result, option, str(folder / option / next(iter(files)) if option in FILES else folder / option))
    return result


def _error(fault: SentenceError) -> Answer:
    return {"error": str(fault), "code": 2 if isinstance(fault, UserError) else 1}, b""
