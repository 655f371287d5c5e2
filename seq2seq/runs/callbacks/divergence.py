"""Detects diverging runs by their training and validation losses, and stops them with advice."""

import math
from typing import Any, ClassVar, cast

from lightning.pytorch import Callback, LightningModule, Trainer

from seq2seq.batching.batch import Batch
from seq2seq.errors import WorldError
from seq2seq.files.typed_values import typed
from seq2seq.runs.callbacks.loop_boundary import StepLoss
from seq2seq.training.module import Seq2SeqModule

FAR = 1.5
"""A loss above this multiple of log V is worse than guessing: random weights or a unigram model reach log V or less."""
HOPELESS = 10.0
"""Above this multiple of log V, a falling loss does not count as recovery."""
LOST = 0.5
"""A loss that rises by more than this fraction of the distance from the best loss to log V counts as a relapse."""
VALIDATIONS = 3
"""Number of consecutive validations with signs of divergence after which training stops."""


class DivergenceError(WorldError):
    """Training has diverged."""


def is_far(loss: float, uniform: float) -> bool:
    """Return whether a loss is far above the loss of the uniform distribution.

    Args:
        loss: Loss in nats per target token; NaN counts as far.
        uniform: log V, for a vocabulary of V tokens.
    """
    return not loss <= FAR * uniform


class DivergenceGuard(Callback):
    """Stops a run whose loss is far above log V, or has risen towards it, for several validations in a row.

    A rise counts only if both losses rise: with overfitting the training loss falls, and scheduled sampling raises only
    the training loss. Validations with a recovering loss do not count.
    """

    KINDS: ClassVar[dict[str, Any]] = {
        "nll": float,
        "tokens": int,
        "bests": tuple[float, float],
        "previous": float,
        "count": int,
    }
    """State saved in checkpoints."""

    def __init__(self) -> None:
        self.nll = 0.0  # training loss since the last validation, summed, in nats
        self.tokens = 0
        self.bests = (math.inf, math.inf)  # lowest validation and training losses
        self.previous = 0.0  # validation loss of the last validation
        self.count = 0
        self._losses = StepLoss()

    def state_dict(self) -> dict[str, Any]:
        """Return the state that later decisions depend on."""
        return {name: getattr(self, name) for name in self.KINDS}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore the result of `state_dict`."""
        for name, value in typed(state_dict, self.KINDS, "The checkpoint's guard against divergence").items():
            setattr(self, name, value)
        self.bests = (self.bests[0], self.bests[1])

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: object, batch: Batch, batch_idx: int
    ) -> None:
        """Add the batch to the training loss."""
        if (step := self._losses.add(trainer, outputs)) is not None:
            self.nll += step[0]
            self.tokens += step[1]

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Check the losses.

        Raises:
            DivergenceError: If training has diverged; the message gives advice.
        """
        if trainer.state.fn != "fit" or trainer.sanity_checking:
            return
        module = cast(Seq2SeqModule, pl_module)
        loss = float(trainer.callback_metrics["val_loss"])
        self.judge(loss, self.nll / self.tokens if self.tokens else math.inf, module.uniform_loss)
        self.nll, self.tokens = 0.0, 0
        # Each rank knows only the training loss of its own batches, so rank 0 decides for all.
        if trainer.strategy.broadcast(self.count >= VALIDATIONS):
            raise DivergenceError(sentence(trainer, module))

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Fail if the run ends far above log V.

        Raises:
            DivergenceError: If it does; the message gives advice.
        """
        module = cast(Seq2SeqModule, pl_module)
        if is_far(self.previous, module.uniform_loss):
            raise DivergenceError(sentence(trainer, module))

    def judge(self, validation: float, training: float, uniform: float) -> None:
        """Count consecutive validations that look like divergence; a good one resets the count.

        Args:
            validation: Validation loss in nats per target token.
            training: Mean training loss since the last validation.
            uniform: log V, for a vocabulary of V tokens.
        """
        has_lost = all(
            loss > best + LOST * (uniform - best) if best < uniform else False
            for loss, best in zip((validation, training), self.bests, strict=True)
        )
        is_recovering = validation < 0.99 * self.previous and validation < HOPELESS * uniform
        if not (is_far(validation, uniform) or has_lost):
            self.count = 0
        elif not is_recovering:
            self.count += 1
        self.previous = validation
        self.bests = (min(self.bests[0], validation), min(self.bests[1], training))


def sentence(trainer: Trainer, module: Seq2SeqModule) -> str:
    """Return the error message, with advice that depends on the options."""
    loss = float(trainer.callback_metrics["val_loss"])
    optimizer, warmup = module.optimizer_options, module.schedule_options.warmup_steps
    rate = optimizer.learning_rate
    advice = [f"a lower learning rate (model.optimizer.learning_rate is {rate:g}, try {rate / 5:.2g})"]
    if not trainer.gradient_clip_val:
        advice.append("gradient clipping (trainer.gradient_clip_val 1.0)")
    advice.append(f"a longer warm-up (model.schedule.warmup_steps is {warmup:,})")
    return (
        f"Training has diverged: val_loss is {loss:.4g} at step {trainer.global_step:,}, and a model that guesses has "
        f"{module.uniform_loss:.3g}. Start again with {', '.join(advice[:-1])} or {advice[-1]}."
    )
