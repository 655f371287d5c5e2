"""Training options. The module does not import torch, so parsers and plugins load it in milliseconds."""

from dataclasses import dataclass

from seq2seq.alignment.options import AlignmentOptions
from seq2seq.network.options import NetworkOptions
from seq2seq.options import Options, choice, fraction, not_negative, require
from seq2seq.plugin.task import Task, TextTask

FREEZABLE = ("encoder", "decoder", "attention", "source_embeddings", "target_embeddings", "embeddings", "output")
"""Parts of the network that ``--freeze`` can name; see `seq2seq.training.frozen_parts`."""


@dataclass(frozen=True)
class OptimizerOptions(Options):
    """Options of the optimizer.

    Args:
        name: 'adam', 'adamw' (decoupled weight decay, Loshchilov and Hutter 2019) or 'sgd' (without momentum; needs a
            learning rate of 1 to 30).
        learning_rate: Maximum learning rate; the schedule multiplies it.
        beta1: Decay of the running mean of gradients.
        beta2: Decay of the running mean of squared gradients.
        epsilon: Added to the denominator.
        weight_decay: Weight decay of matrices; biases, embeddings and norms are never decayed.
        ema_decay: Decay of the moving average of the weights, which is validated and saved; 0 disables it.
        average_after: 0 disables averaging. Otherwise averaging starts after the first validation whose val_loss is no
            better than the best val_loss from at least this many validations earlier; the average is then validated and
            saved (NT-ASGD, Merity et al. 2018, section 3, which uses 5 and 'sgd').
    """

    name: str = "adam"
    learning_rate: float = 1e-3
    beta1: float = 0.9
    beta2: float = 0.98
    epsilon: float = 1e-8
    weight_decay: float = 0.0
    ema_decay: float = 0.0
    average_after: int = 0

    def __post_init__(self) -> None:
        """Refuse values out of range."""
        choice("optimizer.name", self.name, ("adam", "adamw", "sgd"))
        require(self.learning_rate > 0, f"learning_rate is {self.learning_rate}, but it must be above 0.")
        require(self.epsilon > 0, f"epsilon is {self.epsilon}, but it must be above 0.")
        not_negative("weight_decay", self.weight_decay)
        fraction("beta1", self.beta1)
        fraction("beta2", self.beta2)
        fraction("ema_decay", self.ema_decay)
        not_negative("average_after", self.average_after)
        require(
            self.average_after == 0 or self.ema_decay == 0,
            f"ema_decay is {self.ema_decay} and average_after is {self.average_after}, but there is one average: leave "
            "out one of them.",
        )


@dataclass(frozen=True)
class ScheduleOptions(Options):
    """Learning-rate schedule.

    Args:
        name: 'constant', 'inverse_sqrt' (Vaswani et al. 2017), 'cosine' or 'plateau' (lowered if val_loss stalls).
        warmup_steps: Number of optimizer steps of the linear warm-up from 0.
        total_steps: Step at which 'cosine' reaches its minimum; 0 is the end of the run.
        minimum: Minimum of 'cosine' and 'plateau', as a fraction of the learning rate.
        factor: Factor by which 'plateau' multiplies the rate.
        patience: Number of validations without a better val_loss that 'plateau' tolerates before it lowers the rate.
    """

    name: str = "inverse_sqrt"
    warmup_steps: int = 400
    total_steps: int = 0
    minimum: float = 0.01
    factor: float = 0.5
    patience: int = 1

    def __post_init__(self) -> None:
        """Refuse values out of range."""
        choice("schedule.name", self.name, ("constant", "inverse_sqrt", "cosine", "plateau"))
        for name in ("warmup_steps", "total_steps", "patience"):
            not_negative(f"schedule.{name}", getattr(self, name))
        require(
            self.total_steps == 0 or self.total_steps > self.warmup_steps,
            f"schedule.total_steps is {self.total_steps} but must be 0 or above warmup_steps ({self.warmup_steps}).",
        )
        fraction("schedule.minimum", self.minimum)
        fraction("schedule.factor", self.factor)


@dataclass(frozen=True)
class ScheduledSamplingOptions(Options):
    """Scheduled sampling (Bengio et al. 2015): how often the decoder reads its own predictions in training.

    Args:
        probability: Final fraction of replaced input pieces; 0 disables it. Costs a second decoder pass.
        start_step: Optimizer step at which replacing starts.
        ramp_steps: Number of optimizer steps over which the fraction then rises linearly.
        choice: 'sample' (sampled from the decoder's distribution) or 'best' (its most probable piece).
    """

    probability: float = 0.0
    start_step: int = 0
    ramp_steps: int = 10_000
    choice: str = "sample"

    def __post_init__(self) -> None:
        """Refuse values out of range."""
        fraction("scheduled_sampling.probability", self.probability)
        for name in ("start_step", "ramp_steps"):
            not_negative(f"scheduled_sampling.{name}", getattr(self, name))
        choice("scheduled_sampling.choice", self.choice, ("sample", "best"))


@dataclass(frozen=True)
class CoverageOptions(Options):
    """Penalty on repeated attention (See et al. 2017, section 2.3), and the start of coverage.

    Args:
        loss_weight: Weight of the coverage loss; 0 disables it.
        loss_start_step: Optimizer step at which the coverage loss starts.
        score_start_step: Optimizer step at which attention starts to use coverage (`network.coverage`). Training is
            several times faster until then.
    """

    loss_weight: float = 0.0
    loss_start_step: int = 0
    score_start_step: int = 0

    def __post_init__(self) -> None:
        """Refuse values out of range."""
        for name in ("loss_weight", "loss_start_step", "score_start_step"):
            not_negative(f"coverage.{name}", getattr(self, name))
        require(
            self.loss_start_step == 0 or self.loss_weight > 0,
            f"coverage.loss_start_step is {self.loss_start_step}, but coverage.loss_weight is 0, so the loss "
            "is off: give it a weight.",
        )


@dataclass(frozen=True)
class ActivationOptions(Options):
    """Penalties on the states of the decoder's last layer, before dropout (Merity et al. 2018, section 4.4).

    Args:
        size_weight: Weight of the states' mean square (AR; alpha in the paper, which uses 2); 0 disables it.
        change_weight: Weight of the mean square of the states' changes per step (TAR; beta in the paper, which uses 1);
            0 disables it.
    """

    size_weight: float = 0.0
    change_weight: float = 0.0

    def __post_init__(self) -> None:
        """Refuse negative weights."""
        for name in ("size_weight", "change_weight"):
            not_negative(f"activation.{name}", getattr(self, name))


@dataclass(frozen=True)
class ValidationOptions(Options):
    """Decoding in validation.

    Args:
        decode_every: Decode in every n-th validation and log the task's first metric; 0 never decodes.
        beam_size: Beam size; 1 is greedy search.
        sentences: Decode only this many validation sentences, from the first; 0 decodes all.
    """

    decode_every: int = 1
    beam_size: int = 1
    sentences: int = 0

    def __post_init__(self) -> None:
        """Refuse values out of range."""
        not_negative("validation.decode_every", self.decode_every)
        require(self.beam_size >= 1, f"validation.beam_size is {self.beam_size}, but it must be at least 1.")
        not_negative("validation.sentences", self.sentences)


@dataclass(frozen=True)
class VectorOptions(Options):
    """Pretrained embeddings: text files of word2vec, fastText or GloVe, perhaps .gz (docs/fine-tuning.md).

    Args:
        source: File of vectors for source pieces; '' for random ones.
        target: File of vectors for target pieces; '' for random ones.
    """

    source: str = ""
    target: str = ""

    @property
    def files(self) -> list[str]:
        """The files that are given."""
        return [name for name in (self.source, self.target) if name]


@dataclass(frozen=True)
class ModelOptions(Options):
    """Network and training.

    Args:
        network: Architecture of the encoder-decoder.
        optimizer: Options of the optimizer.
        schedule: Learning-rate schedule.
        scheduled_sampling: How often the decoder reads its own predictions.
        coverage: Penalty on repeated attention, and the start of coverage.
        activation: Penalties on large states and on large changes between steps.
        validation: Decoding in validation.
        vectors: Pretrained embeddings.
        label_smoothing: Fraction of the target probability spread over the vocabulary in training.
        alignment_weight: Weight of the cross-entropy between alignments and attention weights (Chen et al. 2016); used
            only with data.alignment.files.
        rdrop_weight: Weight of R-Drop (Wu et al. 2021): each batch is read twice, with different dropout, and the two
            distributions are drawn to each other. 0 disables it; a step takes about twice as long.
    """

    network: NetworkOptions = NetworkOptions()
    optimizer: OptimizerOptions = OptimizerOptions()
    schedule: ScheduleOptions = ScheduleOptions()
    scheduled_sampling: ScheduledSamplingOptions = ScheduledSamplingOptions()
    coverage: CoverageOptions = CoverageOptions()
    activation: ActivationOptions = ActivationOptions()
    validation: ValidationOptions = ValidationOptions()
    vectors: VectorOptions = VectorOptions()
    label_smoothing: float = 0.1
    alignment_weight: float = 0.1
    rdrop_weight: float = 0.0

    def __post_init__(self) -> None:
        """Refuse contradictory options."""
        fraction("model.label_smoothing", self.label_smoothing)
        not_negative("model.alignment_weight", self.alignment_weight)
        not_negative("model.rdrop_weight", self.rdrop_weight)
        require(
            self.coverage.loss_weight == 0 or self.network.attention != "none",
            "model.coverage.loss_weight penalizes repeated attention, but model.network.attention is 'none': "
            "change one of them.",
        )
        require(
            self.coverage.score_start_step == 0 or self.network.coverage,
            f"model.coverage.score_start_step is {self.coverage.score_start_step}, but model.network.coverage is "
            "false: set model.network.coverage to true.",
        )


@dataclass(frozen=True)
class StoppingOptions(Options):
    """Selection of the best weights, and early stopping.

    Args:
        monitor: 'metric' (the task's first metric, computed on decoded outputs; ties go to the lower loss) or 'loss'.
        patience: Number of validations in a row without improvement before training stops; 0 disables early stopping.
            Validations with a metric of 0 do not count while the loss falls.
        min_delta: Minimum improvement that resets patience (the best weights are saved regardless).
        start_after: Number of validations at the start that patience ignores.
    """

    monitor: str = "metric"
    patience: int = 0
    min_delta: float = 0.0
    start_after: int = 0

    def __post_init__(self) -> None:
        """Refuse unknown criteria and values out of range."""
        choice("stopping.monitor", self.monitor, ("metric", "loss"))
        for name in ("patience", "min_delta", "start_after"):
            not_negative(f"stopping.{name}", getattr(self, name))


@dataclass(frozen=True)
class CheckpointOptions(Options):
    """When to write checkpoints. `last.ckpt` resumes a run exactly; the others hold only weights.

    Args:
        every_minutes: Maximum time between two writes of `last.ckpt`, which is also written at each validation, at the
            end, and when training is interrupted.
        keep: Number of most recent validated weights kept for averaging; 0 keeps none.
        openers: Whether to store three validation sources in the model, as suggested inputs for chat and --interactive.
            Sources of the sample corpus are always stored; `seq2seq export --no_openers` removes them.
    """

    every_minutes: float = 5.0
    keep: int = 5
    openers: bool = False

    def __post_init__(self) -> None:
        """Refuse values out of range."""
        require(self.every_minutes > 0, f"checkpoint.every_minutes is {self.every_minutes}, but it must be above 0.")
        not_negative("checkpoint.keep", self.keep)


def require_attention(network: NetworkOptions, alignment: AlignmentOptions) -> None:
    """Refuse alignments for a network that has no attention to train on them.

    Raises:
        UserError: If there are such; the message names both options.
    """
    require(
        not alignment.is_given or network.attention != "none",
        "data.alignment.files names alignments on which attention is trained, but model.network.attention is 'none': "
        "leave out the alignments, or choose an attention.",
    )


def check_network(network: NetworkOptions, task: Task, *, is_joint: bool, sampling_alpha: float) -> None:
    """Refuse a network that contradicts its task or vocabularies.

    Args:
        network: Options of the network.
        task: The task.
        is_joint: Whether source and target share one vocabulary.
        sampling_alpha: Parameter of subword sampling; 0 disables it.

    Raises:
        UserError: If they contradict each other; the message names both options, and what to change.
    """
    has_source, is_text = network.encoder != "none", isinstance(task, TextTask)
    require(
        has_source != is_text,
        f"model.network.encoder is '{network.encoder}', but the task '{task.name}' has "
        f"{'no source' if has_source else 'sources to read'}: "
        f"{'set it to none' if has_source else 'choose flat or hierarchical'}.",
    )
    if is_text:
        return
    require(
        network.tied_embeddings != "all" or is_joint,
        "model.network.tied_embeddings 'all' shares one table between source and target, but each has a vocabulary of "
        "its own: set data.tokenizer.joint to true, or tied_embeddings to 'output'.",
    )
    require(
        not network.copying or is_joint or sampling_alpha == 0,
        "data.batches.sampling_alpha segments source and target independently, so copied words would be spelled "
        "differently than in the source: set data.tokenizer.joint to true, or sampling_alpha to 0.",
    )
