"""Run many inputs: ``python -m tests.fuzz --count 10000 --seed 1``."""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.fuzz import materials
from tests.fuzz.trial import Outcome, run
from tests.fuzz.verdict import violations


def main() -> int:
    """Run inputs, print each violation with how to repeat it, and a summary by kind; exit code 1 if there are any."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="inputs to run (200)")
    parser.add_argument("--seed", type=int, default=1, help="with its number, decides everything about an input (1)")
    parser.add_argument("--first", type=int, default=0, help="number of the first input (0)")
    parser.add_argument("--only", type=int, help="run this one alone, and show all of it")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="start no input after this many seconds")
    parser.add_argument("--materials", type=Path, help="keep the valid files here between runs")
    typed = parser.parse_args()
    import_everything()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as temporary:
        place = Path(temporary)
        kept = (typed.materials or place / "materials").absolute()
        prepare(kept)
        numbers = range(typed.first, typed.first + typed.count) if typed.only is None else [typed.only]
        end = time.monotonic() + typed.seconds
        kinds: Counter[str] = Counter()
        verbs: Counter[str] = Counter()
        codes: Counter[int | None] = Counter()
        done, cpu_s = 0, 0.0
        for number in numbers:
            if time.monotonic() > end:
                break
            outcome = run(typed.seed, number, kept, place / "trial")
            done, cpu_s = done + 1, cpu_s + outcome.cpu_s
            verbs[outcome.verb] += 1
            codes[outcome.code] += 1
            if done % 500 == 0:
                print(f"{done} inputs, {sum(kinds.values())} violations, {cpu_s:.0f} CPU seconds", flush=True)
            found = violations(outcome)
            kinds.update(found)
            if found or typed.only is not None:
                print(described(outcome, found), flush=True)
            if typed.only is not None:
                sys.stdout.write(f"{outcome.output[-3000:]!a}\n{outcome.errors[-6000:].decode('utf-8', 'replace')}\n")
    print(f"{done} inputs, {sum(kinds.values())} violations, {cpu_s:.0f} CPU seconds")
    print(f"by verb: {', '.join(f'{name} {count}' for name, count in verbs.most_common())}")
    print(f"by exit code: {', '.join(f'{code}: {count}' for code, count in codes.most_common())}")
    for kind, count in kinds.most_common():
        print(f"{count:6} {kind!a}")
    return 1 if kinds else 0


def described(outcome: Outcome, found: list[str]) -> str:
    """Return what an input was, how it ended, and how to repeat it."""
    repeat = f"python -m tests.fuzz --seed {outcome.seed} --only {outcome.number}"
    words = " ".join(f"{word!a}"[:80] for word in outcome.words)
    return (
        f"{repeat}: {'; '.join(map(ascii, found)) or 'fine'} (exit code {outcome.code}, {outcome.cpu_s:.1f} s)\n"
        f"    {words}   [{', '.join(map(ascii, outcome.damages))}]\n"
        f"    {outcome.errors[-300:]!a}"
    )


def import_everything() -> None:
    """Import what verbs import, once."""
    from seq2seq.runtime import telemetry

    telemetry.disable()
    import lightning.pytorch
    import onnxruntime
    import prompt_toolkit
    import torch

    import seq2seq.commands.transduce
    import seq2seq.evaluation.pairs
    import seq2seq.evaluation.running_text
    import seq2seq.metrics.significance
    import seq2seq.models.language_model
    import seq2seq.report.html.document
    import seq2seq.runs.fit
    import seq2seq.runs.lightning_cli
    import seq2seq.runtime.engine

    assert all((lightning.pytorch, onnxruntime, prompt_toolkit, seq2seq))
    torch.set_num_threads(1)


def prepare(folder: Path) -> None:
    """Make the valid files, unless they are there."""
    if (folder / "report-two").is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    before, here = dict(os.environ), Path.cwd()
    os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
    os.chdir(folder)
    silent = os.dup(2)
    try:
        with (folder / "making.log").open("w", encoding="utf-8") as log:
            sys.stdout, out = log, sys.stdout
            os.dup2(log.fileno(), 2)
            try:
                materials.make(folder)
            finally:
                sys.stdout = out
                os.dup2(silent, 2)
    finally:
        os.close(silent)
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)


if __name__ == "__main__":
    sys.exit(main())
