"""Training on two machines, which are two network namespaces: the losses of one process, also after one was killed."""

import csv
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.seq2seq.trained import curves, environment, fork

pytestmark = pytest.mark.slow
PORT = "29517"
OPTIONS = (
    # The corpus is two batches, in whatever order: one for each machine, or two steps of one process in one.
    *("--model.network.dropout", "0", "--trainer.max_epochs", "20", "--data.batches.max_tokens", "20000"),
    *("--model.validation.decode_every", "0"),
    *("--checkpoint.every_minutes", "1e-9"),
)
WAIT_S = 240


class Machine:
    """A network namespace with an address of its own.

    Args:
        number: Its rank.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.name = f"s2s{os.getpid()}n{number}"
        self.link = f"s2s{number}v{os.getpid()}"[:15]
        self.address = f"10.77.0.{number + 1}"

    def torchrun(self, folder: Path, *arguments: str) -> "subprocess.Popen[str]":
        """Start torchrun there."""
        command = ["-m", "torch.distributed.run", "--nnodes", "2", "--nproc_per_node", "1"]
        command += ["--node_rank", str(self.number), "--master_addr", "10.77.0.1", "--master_port", PORT]
        return self._start(folder, {}, *command, "-m", "seq2seq.cli", "fit", *arguments)

    def srun(self, folder: Path, *arguments: str) -> "subprocess.Popen[str]":
        """Start the command with the variables that SLURM's srun sets for a task on each of two machines."""
        of_job = {"JOB_ID": "7", "JOB_NAME": "train", "NTASKS": "2", "NTASKS_PER_NODE": "1", "NNODES": "2"}
        of_task = {"PROCID": str(self.number), "NODEID": str(self.number), "LOCALID": "0"}
        variables = {f"SLURM_{name}": value for name, value in {**of_job, **of_task}.items()}
        variables |= {"MASTER_ADDR": "10.77.0.1", "MASTER_PORT": PORT}
        nodes = ["--trainer.num_nodes", "2", "--trainer.devices", "1", "--trainer.strategy", "ddp"]
        return self._start(folder, variables, "-m", "seq2seq.cli", "fit", *arguments, *nodes)

    def _start(self, folder: Path, variables: dict[str, str], *command: str) -> "subprocess.Popen[str]":
        with (folder / f"node{self.number}.log").open("a", encoding="utf-8") as log:
            return subprocess.Popen(
                ["ip", "netns", "exec", self.name, sys.executable, *command],
                env={**environment(folder), **variables, "GLOO_SOCKET_IFNAME": self.link},
                cwd=folder,
                stdout=log,
                stderr=log,
                text=True,
            )

    def kill(self) -> None:
        """Kill every process there."""
        shown = subprocess.run(["ip", "netns", "pids", self.name], capture_output=True, text=True, check=True)
        for process in map(int, shown.stdout.split()):
            os.kill(process, signal.SIGKILL)


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture
def machines() -> Iterator[list[Machine]]:
    """Two namespaces that are linked."""
    pair = [Machine(0), Machine(1)]
    if shutil.which("ip") is None or os.geteuid() != 0:
        pytest.skip("network namespaces need root and the program ip")
    try:
        ip("netns", "add", pair[0].name)
    except subprocess.CalledProcessError:
        pytest.skip("network namespaces are not allowed here")
    try:
        ip("netns", "add", pair[1].name)
        ip(
            "link",
            "add",
            pair[0].link,
            "netns",
            pair[0].name,
            "type",
            "veth",
            "peer",
            pair[1].link,
            "netns",
            pair[1].name,
        )
        for machine in pair:
            ip("-n", machine.name, "addr", "add", f"{machine.address}/24", "dev", machine.link)
            ip("-n", machine.name, "link", "set", machine.link, "up")
            ip("-n", machine.name, "link", "set", "lo", "up")
        yield pair
    finally:
        for machine in pair:
            if Path("/var/run/netns", machine.name).exists():
                machine.kill()
                ip("netns", "del", machine.name)


def require_end(nodes: "list[subprocess.Popen[str]]", folder: Path) -> None:
    """Wait for the end of a training, which must succeed."""
    codes = [node.wait(WAIT_S) for node in nodes]
    assert codes == [0, 0], (folder / "node0.log").read_text(encoding="utf-8")[-3000:]


def alone(folder: Path) -> dict[str, float]:
    """Train with one process and return its losses."""
    done = fork(folder, "fit", "reversing", *OPTIONS, "--trainer.accumulate_grad_batches", "2", "--run_dir", "one")
    assert done.returncode == 0, done.stderr
    expected = losses(folder / "one")
    assert len(expected) == 20
    return expected


def losses(run: Path) -> dict[str, float]:
    """Return the validation loss by step."""
    with (run / "metrics.csv").open(encoding="utf-8") as file:
        return {row["step"]: float(row["loss"]) for row in csv.DictReader(file) if row["split"] != "train"}


def test_slurm_s_tasks_do_as_one_process(tmp_path: Path, machines: list[Machine]) -> None:
    nodes = [machine.srun(tmp_path, "reversing", *OPTIONS, "--run_dir", "two") for machine in machines]
    require_end(nodes, tmp_path)
    assert losses(tmp_path / "two") == pytest.approx(alone(tmp_path), rel=1e-5)


def test_two_machines_do_as_one_process_and_resume_after_a_kill(tmp_path: Path, machines: list[Machine]) -> None:
    folder = tmp_path
    require_end([machine.torchrun(folder, "reversing", *OPTIONS, "--run_dir", "two") for machine in machines], folder)
    assert losses(folder / "two") == pytest.approx(alone(folder), rel=1e-5)

    nodes = [machine.torchrun(folder, "reversing", *OPTIONS, "--run_dir", "killed") for machine in machines]
    end = time.monotonic() + WAIT_S
    while not (folder / "killed" / "metrics.csv").is_file() or len(losses(folder / "killed")) < 3:
        assert time.monotonic() < end
        assert nodes[0].poll() is None, (folder / "node0.log").read_text(encoding="utf-8")[-3000:]
        time.sleep(0.05)
    machines[1].kill()
    assert nodes[1].wait(WAIT_S) != 0
    assert nodes[0].wait(WAIT_S) != 0
    assert 3 <= len(losses(folder / "killed")) < 20
    require_end([machine.torchrun(folder, "--run_dir", "killed", "--resume") for machine in machines], folder)
    assert curves(folder / "killed") == curves(folder / "two")
