"""LightningModule that computes losses of batches. It accesses no files, and the network does not depend on it.

Shapes: ``B`` batch, ``S`` source length, ``T`` target length, ``R`` readout width.
"""

import math
import sys
from collections.abc import Sequence
from typing import Any

import torch
from lightning.pytorch import LightningModule

from seq2seq.batching.batch import Batch
from seq2seq.decoding.options import SearchOptions, of_sources
from seq2seq.files.typed_values import Fields
from seq2seq.models.bundle import network_for
from seq2seq.models.lengths import Lengths, limited
from seq2seq.network.state import State
from seq2seq.options import require
from seq2seq.run_setup.training_options import (
    ActivationOptions,
    ModelOptions,
    VectorOptions,
    check_network,
    require_attention,
)
from seq2seq.training.frozen_parts import FrozenParts, freeze
from seq2seq.training.identity import ABOUT, require_same_model, require_weights
from seq2seq.training.initial_weights import CarriedOver, InitialWeights
from seq2seq.training.loss import LossSum, sequence_loss
from seq2seq.training.optimizer import Schedule, optimizer_for
from seq2seq.training.pair_data import Seq2SeqData
from seq2seq.training.pretrained_vectors import VectorsFound, load_vectors
from seq2seq.training.scheduled_sampling import mixed_input, share
from seq2seq.training.validation import ValidationSums, decode


class Seq2SeqModule(LightningModule):
    """Trains a :class:`~seq2seq.network.encoder_decoder.Network`.

    Args:
        options: Options of the network and of training.
        initial: Weights to start from; None for random ones.
        is_continued: Whether the weights will be those of a checkpoint, so that no pretrained embeddings are read.
        frozen: Parts of the network that are not trained.

    Attributes:
        carried_over: What was taken from `initial`; None if nothing was.
        frozen_parts: What was frozen; None if nothing was.
        vectors_found: Pretrained embeddings that were loaded.
        base: Description of the model that the run started from; '' for random weights.
    """

    def __init__(
        self,
        options: ModelOptions,
        initial: InitialWeights | None = None,
        frozen: Sequence[str] = (),
        *,
        is_continued: bool = False,
    ) -> None:
        super().__init__()
        self.vectors = VectorOptions() if is_continued else options.vectors
        self.vectors_found: list[VectorsFound] = []
        self.initial, self.frozen = initial, frozen
        self.carried_over: CarriedOver | None = None
        self.frozen_parts: FrozenParts | None = None
        self.base = ""
        self.options = options.network
        self.optimizer_options = options.optimizer
        self.schedule_options = options.schedule
        self.scheduled_sampling_options = options.scheduled_sampling
        self.coverage_options = options.coverage
        self.activation_options = options.activation
        self.validation_options = options.validation
        self.label_smoothing = options.label_smoothing
        self.alignment_weight = options.alignment_weight
        self.rdrop_weight = options.rdrop_weight
        self.validations = 0
        # whether the last validation computed the monitored score, which usually needs decoding
        self.is_decoded = False
        self.stored_lengths: Lengths | None = None  # from a checkpoint, if the training pairs are not available
        self.carried: dict[str, State] = {}  # state after the last window of running text, by purpose

    @property
    def data(self) -> Seq2SeqData:
        """The data module, which holds the tokenizers."""
        data = self.trainer.datamodule  # type: ignore[attr-defined]
        assert isinstance(data, Seq2SeqData)
        return data

    @property
    def search(self) -> SearchOptions:
        """Search settings of the trained model, with length limits derived from the training pairs."""
        usual = self.data.task.decoding
        lengths = self.data.lengths or self.stored_lengths
        return limited(of_sources(self.data.search), lengths, usual.search, is_growing=usual.by_sentence)

    @property
    def uniform_loss(self) -> float:
        """Loss of the uniform distribution over the vocabulary, in nats per target token."""
        return math.log(self.data.tokenizers.target.vocabulary_size)

    def configure_model(self) -> None:
        """Build the network when the vocabularies are known."""
        if hasattr(self, "network"):
            return
        # Checked again with the actual vocabularies, because the module may be used without our command line.
        alpha = self.data.batches.sampling_alpha
        check_network(self.options, self.data.task, is_joint=self.data.tokenizers.joint, sampling_alpha=alpha)
        torch.manual_seed(self.data.seed)  # the initial weights depend on the seed alone
        require(
            self.data.is_copying or not self.options.copying,
            "network.copying needs the ids of unknown words in each batch: give the data module is_copying=True.",
        )
        require_attention(self.options, self.data.alignment)
        self.network = network_for(self.options, self.data.tokenizers)
        if self.initial is not None:
            self.carried_over, self.base = self.initial.fill(self.network, self.data.tokenizers)
        self.vectors_found = load_vectors(self.network, self.data.tokenizers, self.vectors)
        if self.frozen:
            self.frozen_parts = freeze(self.network, self.frozen)
        # On a CPU, denormal numbers made a backward pass 8 times slower.
        torch.set_flush_denormal(True)

    def configure_optimizers(self) -> Any:  # noqa: ANN401 - Lightning's own union of shapes
        """Return the optimizer and its schedule, which advances once per optimizer step."""
        # With fused optimizers under mixed precision, Lightning does not clip gradients.
        is_fused = "mixed" not in str(self.trainer.precision) and self.device.type in ("cpu", "cuda")
        optimizer = optimizer_for(self.network, self.optimizer_options, is_fused)
        schedule = Schedule(optimizer, self.schedule_options)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def on_train_start(self) -> None:
        """Pass the total number of optimizer steps to the schedule.

        This cannot be done in `configure_optimizers`: asking for the number makes Lightning set up the loaders before
        it has read their position from the checkpoint.
        """
        schedule = self.lr_schedulers()
        assert isinstance(schedule, Schedule)
        schedule.begin(float(self.trainer.estimated_stepping_batches))

    def _step(
        self,
        batch: Batch,
        label_smoothing: float,
        own_share: float = 0.0,
        coverage: float = 0.0,
        activation: ActivationOptions = ActivationOptions(),
        alignment_weight: float = 0.0,
        rdrop_weight: float = 0.0,
    ) -> LossSum:
        if rdrop_weight > 0:
            batch = batch.twice()
        memory = self.network.encode(batch.source, batch.source_lengths, batch.copies)
        purpose = "train" if self.network.training else "evaluate"
        carried = self.carried.get(purpose)
        state = None if batch.begins is None or carried is None else carried.restarted(batch.begins)
        covering = self.trainer.state.fn != "fit" or self.trainer.global_step >= self.coverage_options.score_start_step
        target_input = batch.target_input  # [B, T]
        if own_share > 0:
            choice = self.scheduled_sampling_options.choice
            target_input = mixed_input(self.network, memory, target_input, own_share, choice, covering, state)
        decoded = self.network(memory, target_input, covering, state)
        if batch.begins is not None:
            self.carried[purpose] = decoded.state.detached()
        return sequence_loss(
            self.network,
            memory,
            decoded,
            batch.target,
            label_smoothing,
            coverage,
            activation,
            alignment_weight,
            batch.links,
            rdrop_weight,
        )

    def training_step(self, batch: Batch, batch_idx: int) -> dict[str, Any]:
        """Return the batch's contribution to the mean loss over all target tokens of the optimizer step.

        Lightning divides by the number of accumulated batches, and DDP averages over ranks. Both are undone here, so
        the gradient equals that of one big batch, even if its parts differ in size.
        """
        step = self.trainer.global_step
        own_share = share(self.scheduled_sampling_options, step)
        coverage = self.coverage_options
        weight = coverage.loss_weight if step >= coverage.loss_start_step else 0.0
        sums = self._step(
            batch,
            self.label_smoothing,
            own_share,
            weight,
            self.activation_options,
            self.alignment_weight,
            self.rdrop_weight,
        )
        parts = self.trainer.world_size * self.trainer.accumulate_grad_batches
        return {"loss": sums.total / batch.step_tokens * parts, "nll": sums.nll, "tokens": sums.tokens}

    def validation_step(self, batch: Batch, batch_idx: int) -> None:
        """Add the loss of a batch, and decode the batch if this validation decodes; running text is never decoded."""
        self.sums.add(self._step(batch, 0.0))
        if self.is_decoded and batch.begins is None:
            self.sums.outputs |= self._decoded(batch)

    def on_validation_epoch_start(self) -> None:
        """Begin a validation or test; in training, only every n-th validation decodes."""
        every = self.validation_options.decode_every
        is_due = every > 0 and self.validations % every == 0
        self.is_decoded = self.trainer.state.fn != "fit" or is_due
        self.sums = ValidationSums()

    def on_validation_epoch_end(self) -> None:
        """Log ``val_loss`` (nats per target token), ``val_perplexity`` and the task's first metric."""
        scores = self.sums.gathered().scores(self.data, "validation", "val_")
        is_scored = f"val_{self.data.monitored[0]}" in scores
        if self.is_decoded and not is_scored:
            self._note_nothing_decoded()
        self.is_decoded = is_scored
        self.log_dict(scores, sync_dist=True)
        self.validations += 1

    def _note_nothing_decoded(self) -> None:
        """Explain, once per run, why a validation has a loss but no score."""
        if self.validations == 0 and self.trainer.is_global_zero:
            print(
                f"Warning: No output was scored, because trainer.limit_val_batches leaves out the first "
                f"{self.validation_options.sentences} examples, the only ones that "
                "model.validation.sentences decodes: raise the limit, or set model.validation.sentences to 0 to decode "
                "all that are read.",
                file=sys.stderr,
                flush=True,
            )

    def on_test_epoch_end(self) -> None:
        """Log the scores as ``test_...``."""
        self.log_dict(self.sums.gathered().scores(self.data, "test", "test_"), sync_dist=True)

    test_step, on_test_epoch_start = validation_step, on_validation_epoch_start

    def predict_step(self, batch: Batch, batch_idx: int) -> dict[int, str]:
        """Return the output for each example, by the example's index in the data."""
        return self._decoded(batch)

    def _decoded(self, batch: Batch) -> dict[int, str]:
        split = "test" if self.trainer.state.fn in ("test", "predict") else "validation"
        return decode(self.network, batch, self.data, self.validation_options, self.search, split)

    def transfer_batch_to_device(self, batch: Batch, device: torch.device, dataloader_idx: int) -> Batch:
        """Move a batch to a device; Lightning cannot rebuild frozen dataclasses."""
        return batch.to(device)

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Store the model's identity and settings; options stored in a checkpoint never override the command line."""
        checkpoint[ABOUT] = {
            **self._about(),
            "validations": self.validations,
            "validation": self.validation_options.to_json(),
        }

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Refuse the checkpoint of another model."""
        about = checkpoint[ABOUT]
        require_same_model(about, self._about(), "The checkpoint")
        require_weights(checkpoint["state_dict"], self.state_dict(), "The checkpoint")
        self.validations = about["validations"]
        self.base = Fields(about, "The checkpoint").get("base", str, "")
        lengths = about.get("lengths")
        self.stored_lengths = Fields(lengths, "The checkpoint", "lengths").build(Lengths) if lengths else None

    def _about(self) -> dict[str, Any]:
        return {**self.data.about(), "network": self.options.to_json(), "base": self.base}
