"""Workers on the machines of a Ray cluster, by Ray Data (the extra `ray`).

Shards travel through Ray's object store, and so do the files of the models: the machines need seq2seq, but no shared
folder. Results come back in any order and are identified by their shard. Ray starts another actor for one that is
killed and repeats its shard; the results that the first one had sent already are not sent again.
"""

import argparse
import json
import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

from seq2seq.batch_jobs.identity import MODELS, model_files
from seq2seq.batch_jobs.shard_worker import ShardWorker
from seq2seq.batch_jobs.shards import Result, Shard
from seq2seq.errors import SentenceError, UserError, WorldError
from seq2seq.models.bundle import find

WINDOW = 16
"""Shards per worker in Ray's hands at a time: the more, the rarer workers wait for the last one."""
FEWEST = 64
_ERROR = re.compile(r"[\w.]*(?:Error|Exception)\b.*: ")
Load = Callable[[argparse.Namespace], ShardWorker]


class RayCluster:
    """Workers on a Ray cluster.

    Args:
        options: Arguments of the verb, which say how to decode.
        load: Loads the models that the options name. Machines import it by its name.
        count: Number of workers; None uses all free GPUs of the cluster, or all free processors but one.
        is_gpu: Whether each worker gets a GPU instead of a processor.

    Attributes:
        lost: Shards that were left out; always empty, because Ray repeats them.

    Raises:
        UserError: If Ray is not installed.
    """

    def __init__(self, options: argparse.Namespace, load: Load, count: int | None, *, is_gpu: bool = False) -> None:
        if find_spec("ray") is None:
            raise UserError("--cluster ray needs Ray Data: pip install 'ray[data]'.")
        self.lost: list[Shard] = []
        self._count, self._is_gpu = count, is_gpu
        self._options, self._models = _portable(options)
        self._load = load

    def _joined(self) -> int:
        """Join the cluster, or start one on this machine, and return the number of workers.

        Raises:
            UserError: If the cluster is too small.
        """
        import ray

        if not ray.is_initialized():
            ray.init(log_to_driver=False, logging_level=logging.ERROR, include_dashboard=False)
        there = int(ray.cluster_resources().get("GPU" if self._is_gpu else "CPU", 0))
        # One processor is left for Ray itself: actors that took all would let its other tasks wait for ever.
        most = there if self._is_gpu else max(1, there - 1)
        if not most:
            raise UserError("--device is cuda, but the Ray cluster has no GPU.")
        if self._count is not None and self._count > most:
            what = "GPUs" if self._is_gpu else "processors, of which one is left for Ray itself"
            raise UserError(f"--workers is {self._count}, but the Ray cluster has {there} {what}.")
        return self._count or most

    def results(self, shards: Iterator[Shard]) -> Iterator[tuple[Shard, Result]]:
        """Decode shards and yield their results in the order in which they are finished.

        Raises:
            UserError: If the cluster is too small, if a worker cannot load the model, or if an input is malformed.
            WorldError: If Ray fails.
        """
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        import ray
        from ray.exceptions import RayError

        count = self._joined()
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        for name in ("ray", "ray.data"):
            logging.getLogger(name).setLevel(logging.ERROR)
        context.execution_options.preserve_order = False
        models = ray.put(self._models)
        resources = {"num_gpus": 1} if self._is_gpu else {"num_cpus": 1}
        while window := list(islice(shards, max(FEWEST, WINDOW * count))):
            by_key = {f"{shard.file}:{shard.number}": shard for shard in window}
            rows = [
                {"key": key, "head": json.dumps(shard.head), "content": shard.content} for key, shard in by_key.items()
            ]
            dataset = ray.data.from_items(rows, override_num_blocks=len(rows)).map_batches(
                RayWorker,
                fn_constructor_args=(self._options, self._load, [models]),
                batch_size=1,
                batch_format="pyarrow",
                compute=ray.data.ActorPoolStrategy(size=min(count, len(rows))),
                **resources,
            )
            try:
                for row in dataset.iter_rows():
                    head = json.loads(row["head"])
                    if "error" in head:
                        raise UserError(head["error"]) if head["code"] == 2 else WorldError(head["error"])
                    yield by_key.pop(row["key"]), Result.of(head, row["payload"])
            except RayError as fault:
                raise WorldError(f"Ray failed: {cause_of(str(fault))}") from fault
            if by_key:
                raise WorldError(f"Ray returned no result for {next(iter(by_key.values()))}.")


class RayWorker:
    """An actor that decodes shards.

    Args:
        options: Arguments of the verb.
        load: Loads the models.
        models: Reference to the files of the models, by option.
    """

    def __init__(self, options: argparse.Namespace, load: Load, models: list[Any]) -> None:
        self._options, self._load, self._models = options, load, models
        self._worker: ShardWorker | None = None

    def __call__(self, batch: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
        """Decode the shard in a table of one row."""
        import pyarrow as pa

        (row,) = batch.to_pylist()
        payload = b""
        try:
            worker = self._worker = self._worker or self._loaded()
            result = worker.apply(Shard(**json.loads(row["head"]), content=row["content"]))
            head, payload = result.head, result.payload
        except SentenceError as fault:
            head = {"error": str(fault), "code": 2 if isinstance(fault, UserError) else 1}
        columns = {"key": [row["key"]], "head": [json.dumps(head, ensure_ascii=False)]}
        return pa.table({**columns, "payload": pa.array([payload], pa.large_binary())})

    def _loaded(self) -> ShardWorker:
        """Write the models to a folder of this machine and load them; afterwards their files are not needed."""
        import ray

        models: Mapping[str, Mapping[str, bytes]] = ray.get(self._models[0])
        options = argparse.Namespace(**vars(self._options))
        with tempfile.TemporaryDirectory(prefix="seq2seq-") as folder:
            for option, files in models.items():
                for name, content in files.items():
                    path = Path(folder) / option / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)
                setattr(options, option, str(Path(folder) / option))
            return self._load(options)


def cause_of(text: str) -> str:
    """Return the innermost error in a text of Ray, which quotes the tracebacks of several processes."""
    errors = [line.strip() for line in text.splitlines() if _ERROR.match(line.strip())]
    own = [line for line in errors if "UserCodeException" not in line]
    return (own or errors or text.strip().splitlines() or ["no message"])[-1]


def _portable(options: argparse.Namespace) -> tuple[argparse.Namespace, dict[str, dict[str, bytes]]]:
    """Return options that name no files of this machine, and the files of the models by option."""
    portable = argparse.Namespace(**vars(options))
    models: dict[str, dict[str, bytes]] = {}
    for option in ("model", *MODELS):
        if getattr(options, option, None):
            models[option] = {
                name: path.read_bytes() for name, path in model_files(find(getattr(options, option))).items()
            }
    if options.banned_file:
        from seq2seq.files.text_lines import lines

        portable.banned = [*(options.banned or ()), *lines(Path(options.banned_file))]
        portable.banned_file = None
    return portable, models
