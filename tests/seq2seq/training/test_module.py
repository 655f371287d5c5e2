"""Contradictory options are refused before a run, and again when the network is built."""

import pytest
from lightning.pytorch import Trainer

from seq2seq.batching.options import BatchOptions
from seq2seq.errors import UserError
from seq2seq.network.options import NetworkOptions
from seq2seq.plugin import registry
from seq2seq.run_setup.data_options import DataOptions
from seq2seq.run_setup.training_options import ModelOptions, check_network
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.training.module import Seq2SeqModule
from seq2seq.training.pair_data import Seq2SeqData
from tests.seq2seq.trained import here

__all__ = ["here"]

APART = TokenizerOptions(vocabulary_size=280, joint=False)
TIED = r"tied_embeddings 'all' shares one table between source and target, but each has a vocabulary of its own"
COPIED = r"sampling_alpha segments source and target independently, so copied words would be spelled differently"
UNREAD = r"encoder is 'none', but the task 'reversing' has sources to read: choose flat or hierarchical"


@pytest.mark.parametrize(
    ("network", "sentence"),
    [
        (NetworkOptions(8, 16, tied_embeddings="all"), TIED),
        (NetworkOptions(8, 16, copying=True), COPIED),
        (NetworkOptions(8, 16, encoder="none", attention="none", bridge="zero"), UNREAD),
    ],
)
@pytest.mark.usefixtures("here")
def test_a_network_that_contradicts_its_data_is_refused_from_python_too(network: NetworkOptions, sentence: str) -> None:
    """Both vocabularies have 280 pieces here: tied, they would train without a word, and mean nothing."""
    data = Seq2SeqData(DataOptions(task="reversing", tokenizer=APART, batches=BatchOptions(sampling_alpha=0.1)))
    trainer = Trainer(max_steps=1, accelerator="cpu", logger=False, enable_progress_bar=False)
    with pytest.raises(UserError, match=sentence):
        trainer.fit(Seq2SeqModule(ModelOptions(network=network)), datamodule=data)


@pytest.mark.usefixtures("here")
def test_what_fits_passes() -> None:
    reversing = registry.load("reversing")
    check_network(NetworkOptions(tied_embeddings="all", copying=True), reversing, is_joint=True, sampling_alpha=0.1)
    check_network(NetworkOptions(copying=True), reversing, is_joint=False, sampling_alpha=0.0)
