"""The metrics of all workers in one answer, whichever of them gives it.

Each worker writes its own to a folder that they share, once a second; the label `worker` tells them apart.
"""

import asyncio
import re
from pathlib import Path

from seq2seq.server.measurements import Measurements

EVERY_S = 1.0
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SAMPLE = re.compile(r"([A-Za-z0-9_:]+)(?:\{(.*)\})? (\S+)")


class WorkerMetrics:
    """The metrics of a server.

    Args:
        own: Those of this process.
        folder: Folder that all workers share.
        worker: Number of this worker; 0 if there is only one process.
    """

    def __init__(self, own: Measurements, folder: Path, worker: int) -> None:
        self._own, self._folder, self._worker = own, folder, worker

    def text(self) -> str:
        """Return all metrics in the text format of Prometheus."""
        if not self._worker:
            return self._own.text()
        texts = {self._worker: self._own.text()}
        for path in self._folder.glob("metrics-*.txt"):
            number = int(path.stem.removeprefix("metrics-"))
            texts.setdefault(number, path.read_text(encoding="utf-8"))
        return merged(texts)

    async def keep(self) -> None:
        """Write the metrics of this worker again and again, until cancelled."""
        while self._worker:
            await asyncio.to_thread(self._write)
            await asyncio.sleep(EVERY_S)

    def _write(self) -> None:
        path = self._folder / f"metrics-{self._worker}.txt"
        new = path.with_suffix(".new")
        new.write_text(self._own.text(), encoding="utf-8")
        new.replace(path)


def merged(texts: dict[int, str]) -> str:
    """Return the metrics of several workers, given by number, as one text."""
    heads: dict[str, list[str]] = {}
    samples: dict[str, list[str]] = {}
    for number, text in sorted(texts.items()):
        name = ""
        for line in text.splitlines():
            if line.startswith("#"):
                name = line.split(" ")[2]
                head = heads.setdefault(name, [])
                head += [line] if line not in head else []
            elif sample := _SAMPLE.fullmatch(line):
                labels = f'worker="{number}"' + (f",{sample[2]}" if sample[2] else "")
                samples.setdefault(name, []).append(f"{sample[1]}{{{labels}}} {sample[3]}")
    return "\n".join(line for name, head in heads.items() for line in [*head, *samples.get(name, [])]) + "\n"
