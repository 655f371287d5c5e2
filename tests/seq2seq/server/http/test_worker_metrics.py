"""Metrics of several workers in one text."""

import asyncio
from pathlib import Path

from seq2seq.server.http.worker_metrics import WorkerMetrics, merged
from seq2seq.server.measurements import Measurements

FIRST = '# HELP a Texts.\n# TYPE a counter\na{model="x}y",end="d"} 1\n# HELP b Others.\n# TYPE b gauge\nb 0\n'
SECOND = '# HELP a Texts.\n# TYPE a counter\na{model="z",end="d"} 2\n# HELP b Others.\n# TYPE b gauge\nb 3\n'
BOTH = """# HELP a Texts.
# TYPE a counter
a{worker="1",model="x}y",end="d"} 1
a{worker="2",model="z",end="d"} 2
# HELP b Others.
# TYPE b gauge
b{worker="1"} 0
b{worker="2"} 3
"""


def test_samples_of_a_metric_stand_together() -> None:
    assert merged({2: SECOND, 1: FIRST}) == BOTH


def test_a_single_process_has_no_label(tmp_path: Path) -> None:
    own = Measurements()
    assert WorkerMetrics(own, tmp_path, 0).text() == own.text()
    asyncio.run(WorkerMetrics(own, tmp_path, 0).keep())
    assert list(tmp_path.iterdir()) == []


def test_each_worker_sees_all(tmp_path: Path) -> None:
    async def keep_for_a_while(metrics: WorkerMetrics) -> None:
        task = asyncio.create_task(metrics.keep())
        while not (tmp_path / "metrics-2.txt").exists():
            await asyncio.sleep(0.01)
        task.cancel()

    first, second = Measurements(), Measurements()
    first.jobs.add(1, "x", "done")
    second.jobs.add(2, "x", "done")
    asyncio.run(keep_for_a_while(WorkerMetrics(second, tmp_path, 2)))
    text = WorkerMetrics(first, tmp_path, 1).text()
    assert 'seq2seq_jobs_total{worker="1",model="x",end="done"} 1\n' in text
    assert 'seq2seq_jobs_total{worker="2",model="x",end="done"} 2\n' in text
    assert text.count("# TYPE seq2seq_jobs_total counter") == 1
