"""State of Lightning's loops, from which training resumes exactly.

A checkpoint always describes the last *boundary*: the moment after an optimizer step, when no gradient is partly
accumulated. Between two boundaries, weights, optimizer, schedule and callbacks do not change. A checkpoint can
therefore be written at any time (during accumulation, a validation or an exception), if the loops' counters and the
data position are taken from the last boundary. :func:`boundary` records them.

Lightning's own mid-epoch checkpoints do not suffice. A checkpoint saved before a validation skips that validation after
resuming. A checkpoint saved during a validation continues with its second half. At an epoch's last batch, the epoch
counters are one short; during accumulation, gradients are lost. The counters are therefore rewritten into one of three
states that Lightning's loops (lightning 2.6, ``loops/training_epoch_loop.py`` and ``fit_loop.py``) resume correctly:

* within an epoch, all batches so far done: training continues with the next batch;
* within an epoch, with a validation due: the whole validation runs first;
* at the start of an epoch.

No random state is saved, because the generators are reseeded before every batch; see `reseed.Reseed`.
"""

import math
from collections.abc import Mapping
from typing import Any, cast

from lightning.pytorch import Trainer

Counters = dict[str, int]


def is_boundary(trainer: Trainer) -> bool:
    """Return whether the current batch is the last one of its optimizer step."""
    return not trainer.fit_loop._should_accumulate()


class StepLoss:
    """Sums the loss over the batches of each optimizer step."""

    def __init__(self) -> None:
        self._batches: list[tuple[float, int]] = []  # since the last boundary

    def add(self, trainer: Trainer, outputs: object) -> tuple[float, int] | None:
        """Add a batch; at a boundary, return the step's loss in nats and its number of tokens."""
        losses = cast(Mapping[str, Any], outputs)
        self._batches.append((float(losses["nll"]), int(losses["tokens"])))
        if not is_boundary(trainer):
            return None
        nlls, tokens = zip(*self._batches, strict=True)
        self._batches = []
        return math.fsum(nlls), sum(tokens)


def boundary(trainer: Trainer, is_validated: bool) -> dict[str, Any]:
    """Return the loops' state for ``checkpoint["loops"]["fit_loop"]``.

    Args:
        trainer: Trainer after an optimizer step (in ``on_train_batch_end``) or after a validation.
        is_validated: Whether the validation after this batch, if any, has run.
    """
    fit, epoch = trainer.fit_loop, trainer.fit_loop.epoch_loop
    assert fit._data_fetcher is not None
    is_due = not is_validated and epoch._should_check_val_fx(fit._data_fetcher)
    is_epoch_done = epoch._num_ready_batches_reached() and not is_due
    done_epochs = trainer.current_epoch + is_epoch_done
    batches = 0 if is_epoch_done else epoch.batch_progress.current.ready

    state: dict[str, Any] = fit.state_dict()
    state["epoch_progress"] = _progress(
        {
            "ready": done_epochs + 1,
            "started": done_epochs + (not is_epoch_done),
            "processed": done_epochs,
            "completed": done_epochs,
        }
    )
    state["epoch_loop.batch_progress"] = {
        "total": _all(epoch.batch_progress.total.ready),
        "current": _all(batches),
        "is_last_batch": epoch.batch_progress.is_last_batch and not is_epoch_done,
    }
    if is_epoch_done:
        for name in ("epoch_loop.scheduler_progress", "epoch_loop.automatic_optimization.optim_progress"):
            state[name] = _restarted(state[name])
    # Lightning repeats a whole validation only if it was started (by one batch) and not finished.
    begun = {"ready": 1, "started": 1, "processed": 0, "completed": 0} if is_due else _all(0)
    state["epoch_loop.val_loop.batch_progress"] = {"total": begun, "current": _all(0), "is_last_batch": False}
    return state


def next_epoch(state: dict[str, Any]) -> dict[str, Any]:
    """Move a boundary to the start of the next epoch; one that is already at the start of an epoch stays there.

    Args:
        state: Result of `boundary`. The loader's state is removed from it.
    """
    done = state["epoch_progress"]["current"]["completed"] + (batches_done(state) > 0)
    changed = {
        "epoch_progress": _progress({"ready": done + 1, "started": done, "processed": done, "completed": done}),
        "epoch_loop.batch_progress": {
            "total": state["epoch_loop.batch_progress"]["total"],
            "current": _all(0),
            "is_last_batch": False,
        },
        "epoch_loop.val_loop.batch_progress": {"total": _all(0), "current": _all(0), "is_last_batch": False},
        "state_dict": {name: value for name, value in state["state_dict"].items() if name != "combined_loader"},
    }
    for name in ("epoch_loop.scheduler_progress", "epoch_loop.automatic_optimization.optim_progress"):
        changed[name] = _restarted(state[name])
    return {**state, **changed}


def batches_done(state: dict[str, Any]) -> int:
    """Return the number of batches done in the epoch of a boundary."""
    return int(state["epoch_loop.batch_progress"]["current"]["ready"])


def _all(count: int) -> Counters:
    return {"ready": count, "started": count, "processed": count, "completed": count}


def _restarted(progress: dict[str, Any]) -> dict[str, Any]:
    """Return the counters with "current" values set to 0, as at the start of an epoch."""
    return {
        name: dict.fromkeys(value, 0) if name == "current" else value if name == "total" else _restarted(value)
        for name, value in progress.items()
    }


def _progress(counters: Counters) -> dict[str, Counters]:
    return {"total": dict(counters), "current": dict(counters)}
