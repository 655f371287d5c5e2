"""Frozen parts of a network: which weights they are, and that an optimizer leaves them alone."""

import pytest
import torch

from seq2seq.errors import UserError
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from seq2seq.run_setup.training_options import FREEZABLE, OptimizerOptions
from seq2seq.training.frozen_parts import freeze
from seq2seq.training.optimizer import optimizer_for

SMALL = NetworkOptions(embedding_size=4, hidden_size=4, tied_embeddings="none", attention="additive")


def network(options: NetworkOptions = SMALL) -> Network:
    """Return a small network."""
    return Network(options, 12, 12, 0, 0)


def trained(model: Network) -> set[str]:
    """Return the names of the weights that are trained."""
    return {name for name, parameter in model.named_parameters() if parameter.requires_grad}


@pytest.mark.parametrize(
    ("part", "beginnings"),
    [
        ("encoder", ("encoder.",)),
        ("attention", ("decoder.attention.",)),
        ("source_embeddings", ("source_embedding.",)),
        ("target_embeddings", ("decoder.embedding.",)),
        ("embeddings", ("source_embedding.", "decoder.embedding.")),
        ("output", ("output.",)),
    ],
)
def test_each_part_is_its_weights(part: str, beginnings: tuple[str, ...]) -> None:
    model = network()
    everything = trained(model)
    result = freeze(model, [part])
    frozen = everything - trained(model)
    assert frozen
    assert frozen == {name for name in everything if name.startswith(beginnings)}
    assert result.weights == sum(value.numel() for name, value in model.named_parameters() if name in frozen)
    assert result.sentence() == f"{part}: {result.weights:,} of {model.weight_count():,} weights are not trained"


def test_the_decoder_is_neither_its_embeddings_nor_its_attention() -> None:
    model = network()
    freeze(model, ["decoder"])
    left = trained(model)
    assert "decoder.embedding.weight" in left
    assert any(name.startswith("decoder.attention.") for name in left)
    assert not any(name.startswith(("decoder.layers.", "decoder.bridge.")) for name in left)


def test_a_tied_output_layer_is_frozen_too_and_said_so() -> None:
    model = network(NetworkOptions(embedding_size=4, hidden_size=4, tied_embeddings="output"))
    result = freeze(model, ["target_embeddings"])
    assert not model.output.weight.requires_grad
    assert model.output.bias.requires_grad
    assert result.sentence().endswith("tied to them and so frozen too: output.weight")


def test_a_step_with_weight_decay_changes_only_what_is_trained() -> None:
    torch.manual_seed(0)
    model = network()
    freeze(model, ["encoder", "target_embeddings"])
    before = {name: value.detach().clone() for name, value in model.named_parameters()}
    optimizer = optimizer_for(model, OptimizerOptions("adamw", learning_rate=0.1, weight_decay=0.5), False)
    source, lengths = torch.randint(1, 12, (3, 5)), torch.tensor([5, 4, 2])
    decoded = model(model.encode(source, lengths), torch.randint(1, 12, (3, 4)))
    torch.autograd.backward(model.logits(decoded.states).square().sum())
    optimizer.step()
    for name, value in model.named_parameters():
        is_frozen = name.startswith(("encoder.", "decoder.embedding."))
        assert torch.equal(value, before[name]) == is_frozen, name
        assert (value.grad is None) == is_frozen, name


def test_a_part_that_is_missing_or_everything_is_refused() -> None:
    language_model = NetworkOptions(embedding_size=4, hidden_size=4, encoder="none", attention="none", bridge="zero")
    with pytest.raises(UserError, match=r"--freeze names 'encoder', but this network has none: leave it out\."):
        freeze(network(language_model), ["encoder"])
    with pytest.raises(UserError, match=r"so nothing is left to train: leave out one of them\."):
        freeze(network(), list(FREEZABLE))
