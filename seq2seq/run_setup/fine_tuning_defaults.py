"""Defaults of a run that starts from a trained model (``--init_from``), in place of those for random weights.

Fine-tuning needs a lower learning rate, fewer epochs and a shorter warm-up than training from random weights: the
weights are good already, and every step away from them forgets some of the old data. docs/fine-tuning.md has the
measurements from which the numbers were chosen.
"""

import math
from dataclasses import dataclass

from seq2seq.amounts import amount
from seq2seq.run_setup.data_defaults import (
    SIZE_RULES,
    VALIDATION_RULE,
    DataSize,
    Default,
    Rule,
    Values,
    estimated_steps,
    rounded,
)

RATE = 0.25
"""Learning rate, as a fraction of that of the first training."""
LONGEST_WARMUP = 100
SCHEDULE = "cosine"
ADAM = ("adam", "adamw")


@dataclass(frozen=True)
class FirstTraining:
    """How the model that a run starts from was trained.

    Args:
        optimizer: Name of its optimizer; '' if it is unknown.
        learning_rate: Its maximum learning rate; 0 if it is unknown.
    """

    optimizer: str = ""
    learning_rate: float = 0.0

    def rules(self) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
        """Return the rules of fine-tuning; see `data_defaults.fitted`."""
        return (*SIZE_RULES, self._rate, _schedule, _epochs), (_warmup, VALIDATION_RULE)

    def _rate(self, size: DataSize, config: Values) -> list[Default]:
        name = config["model.optimizer.name"]
        is_alike = name == self.optimizer or {name, self.optimizer} <= set(ADAM)
        if self.learning_rate and is_alike:
            value = RATE * self.learning_rate
            reason = f"{RATE:g} times the {self.learning_rate:g} of the starting model's training"
        elif name in ADAM:
            value = RATE * config["model.optimizer.learning_rate"]
            reason = f"{RATE:g} times that of a new model, because the starting model's is unknown"
        else:
            return []  # the rates of SGD and Adam differ by orders of magnitude
        return [Default("model.optimizer.learning_rate", float(f"{value:.2g}"), reason)]


def _schedule(size: DataSize, config: Values) -> list[Default]:
    return [Default("model.schedule.name", SCHEDULE, "the rate falls to almost 0 at the end of the run")]


def _epochs(size: DataSize, config: Values) -> list[Default]:
    value = max(3, min(20, round(10 * (20_000 / max(1, size.tokens)) ** 0.25)))
    return [Default("trainer.max_epochs", value, "fine-tuning needs fewer than training; less text is read more often")]


def _warmup(size: DataSize, config: Values) -> list[Default]:
    steps = estimated_steps(size, config)
    value = min(LONGEST_WARMUP, max(1, math.ceil(steps / 20)))
    reason = f"a twentieth of about {amount(rounded(steps), 'step')}, at most {LONGEST_WARMUP}"
    return [Default("model.schedule.warmup_steps", value, reason)]
