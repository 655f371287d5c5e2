"""What a training run says when it ends: why, the best validation, and what to type next."""

from lightning.pytorch import Trainer
from lightning.pytorch.callbacks import Timer

from seq2seq.callbacks import Steering
from seq2seq.progress import rounded


def stop_reason(trainer: Trainer, steering: Steering) -> str:
    """Return a sentence that says why training has ended, with the best validation so far.

    Args:
        trainer: After its `fit`.
        steering: Knows the best validation and whether patience ran out.
    """
    best = steering.best_value
    found = "no validation" if best is None else f"{best[0].removeprefix('val_')} {rounded(best[1])}"
    where = "" if best is None else f" at step {steering.best_step:,}"
    if steering.is_over:
        patience = steering.options.patience
        last = "the last validation was" if patience == 1 else f"the last {patience} validations were"
        return (
            f"Early stopping at step {trainer.global_step:,}: {last} no better than {found}{where} (stopping.patience)."
        )
    timers = [one for one in trainer.callbacks if isinstance(one, Timer)]  # type: ignore[attr-defined]
    steps, epochs = trainer.max_steps, trainer.max_epochs or -1
    if 0 <= steps <= trainer.global_step:
        cause = f"trainer.max_steps ({steps:,}) is reached"
    elif 0 <= epochs <= trainer.current_epoch:
        cause = f"trainer.max_epochs ({epochs:,}) is reached"
    elif any((one.time_remaining() or 0) <= 0 for one in timers if one.time_remaining() is not None):
        cause = "trainer.max_time is over"
    else:
        cause = "a callback asked for it"
    return f"Training ended at step {trainer.global_step:,}: {cause}. Best: {found}{where}."
