"""The network cut into the graphs of `seq2seq.runtime.graphs`, as modules that PyTorch can trace.

A traced graph holds the operations that one example took, so nothing here may depend on the size of a batch: no loop
over parts of it, and loops over time only as a script (`scan`). Everything else is the network's own code.

Shapes: ``B`` sources, ``S`` source length, ``N`` rows, ``L`` decoder layers, ``H`` hidden width.
"""

from collections.abc import Sequence
from copy import deepcopy
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from seq2seq.network.decoder import Steps
from seq2seq.network.encoder import Encoder
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.hierarchical_encoder import HierarchicalEncoder
from seq2seq.network.lstm import Cell, LayerNormLSTMLayer, LSTMLayer
from seq2seq.network.options import NetworkOptions
from seq2seq.network.state import Memory, State


def has_own_values(options: NetworkOptions) -> bool:
    """Return whether attention reads other values than its keys."""
    return options.attention in ("general", "additive", "multihead")


@torch.jit.script
def scan(
    gates: Tensor, hidden: Tensor, cell: Tensor, recurrence: Tensor, scale: Tensor, cell_scale: Tensor, bias: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Run a layer-normalised layer over time; see `LayerNormLSTMLayer`.

    Args:
        gates: [B, T, 4H], the input's part of the gates.
        hidden: [B, H], the first hidden state.
        cell: [B, H], the first cell state.
        recurrence: [4H, H], W_hh.
        scale: [4H], the weight of the norm of the hidden state's part of the gates.
        cell_scale: [H], the weight of the cell's norm.
        bias: [H], the bias of the cell's norm.

    Returns:
        All hidden states, [B, T, H], and the last hidden and cell state.
    """
    states: list[Tensor] = []
    for time in range(gates.size(1)):
        before = torch.matmul(hidden, recurrence.t())
        before = functional.layer_norm(before, [recurrence.size(0)], scale)
        i, f, g, o = (gates[:, time] + before).chunk(4, -1)
        cell = torch.sigmoid(f) * cell + torch.sigmoid(i) * torch.tanh(g)
        hidden = torch.sigmoid(o) * torch.tanh(functional.layer_norm(cell, [recurrence.size(1)], cell_scale, bias))
        states.append(hidden)
    return torch.stack(states, 1), hidden, cell


class _Scanned(nn.Module):
    """A layer-normalised layer that loops over time as a script."""

    def __init__(self, layer: LayerNormLSTMLayer) -> None:
        super().__init__()
        self.layer, self.hidden_size = layer, layer.hidden_size

    def forward(self, x: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Run over a sequence; see `LSTMLayer.forward`."""
        layer = self.layer
        norms = layer.norm_hidden.weight, layer.norm_cell.weight, layer.norm_cell.bias
        result: tuple[Tensor, Tensor, Tensor] = scan(layer._from_input(x), hidden, cell, layer.weight_hidden, *norms)
        return result


def traceable(network: Network) -> Network:
    """Return a network whose layers loop over time as scripts: a copy, unless none of its layers loops over time."""
    if network.options.layer_norm != "gates":
        return network
    copied = deepcopy(network)
    for module in list(copied.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, LayerNormLSTMLayer):
                setattr(module, name, _Scanned(child))
    return copied


class EncodeGraph(nn.Module):
    """Sources to keys, values (unless they are the keys), and the decoder's first hidden and cell states.

    Args:
        network: A `traceable` network, as for the other graphs of whole sequences.
    """

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, source: Tensor, lengths: Tensor) -> tuple[Tensor, ...]:
        """Encode sources [B, S] of the given lengths [B]."""
        network = self.network
        encoded = cast(Encoder, network.encoder)(network.source_embedding(source), lengths)
        hidden, cell = (states.transpose(0, 1) for states in network.decoder.bridge(encoded.last))
        if network.options.attention == "none":
            return hidden, cell
        keys, values = network.decoder.attention.project(encoded.states)
        return (keys, values, hidden, cell) if has_own_values(network.options) else (keys, hidden, cell)


class TurnsGraph(nn.Module):
    """Segments to the states of their pieces and one vector each, for a hierarchical encoder."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, segments: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Encode segments [R, W] of the given lengths [R]."""
        encoder = cast(HierarchicalEncoder, self.network.encoder)
        encoded = encoder.turns(self.network.source_embedding(segments), lengths)
        return encoded.states, encoder.norm(encoded.last[-1])


class DialogueGraph(nn.Module):
    """The vectors of each source's segments to states after them, and to the decoder's first states."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, turns: Tensor, counts: Tensor) -> tuple[Tensor, ...]:
        """Read turns [B, N, C], of which each source has a number [B]."""
        encoder = cast(HierarchicalEncoder, self.network.encoder)
        after = encoder.dialogue(turns, counts)
        hidden, cell = (states.transpose(0, 1) for states in self.network.decoder.bridge(after.last))
        if encoder.context is None:
            return after.states, hidden, cell
        before = torch.cat([torch.zeros_like(after.states[:, :1]), after.states[:, :-1]], 1)
        return after.states, encoder.context(before), hidden, cell


class ProjectGraph(nn.Module):
    """Encoder states [B, S, C] to attention's keys and values."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.attention, self.has_values = network.decoder.attention, has_own_values(network.options)

    def forward(self, states: Tensor) -> tuple[Tensor, ...]:
        """Project states."""
        keys, values = self.attention.project(states)
        return (keys, values) if self.has_values else (keys + 0.0,)  # a graph cannot return its input


class StepGraph(nn.Module):
    """One step of the decoder, with the log probabilities of the next piece.

    Args:
        network: The network, in evaluation mode.
        is_separate: Whether the embedding and the output layer are separate, for a shortlist: the graph then scores
            given pieces.
    """

    def __init__(self, network: Network, *, is_separate: bool = False) -> None:
        super().__init__()
        self.network, self.is_separate = network, is_separate
        options, decoder = network.options, network.decoder
        self.inputs = ["embedded" if is_separate else "token", "hidden", "cell"]
        self.inputs += ["weights", "bias"] if is_separate else []
        self.inputs += ["feed"] if options.input_feeding else []
        self.inputs += ["read"] if options.coverage else []
        self.has_attention, self.has_values = options.attention != "none", has_own_values(options)
        self.inputs += ["keys"] if self.has_attention else []
        self.inputs += ["values"] if self.has_values else []
        self.inputs += ["is_token"] if self.has_attention else []
        self.outputs = ["scores", "hidden", "cell"]
        self.outputs += ["readout"] if is_separate else []
        self.outputs += ["attention"] if self.has_attention else []
        self.outputs += ["feed"] if options.input_feeding else []
        self.outputs += ["gate"] if options.copying else []
        self.steps = Steps(
            nn.Identity() if is_separate else decoder.embedding.step,
            [_cell(layer) for layer in decoder.stack()],
            decoder.read_out,
            decoder.odds,
        )

    def forward(self, *given: Tensor) -> tuple[Tensor, ...]:
        """Run one step on the inputs, in the order of their names."""
        network, values = self.network, dict(zip(self.inputs, given, strict=True))
        layers = network.options.decoder_layers
        token = values["embedded" if self.is_separate else "token"]
        nothing = values["hidden"][:, 0, :0]  # [N, 0]
        hidden, cell = _by_layer(values["hidden"], layers), _by_layer(values["cell"], layers)
        state = State(hidden, cell, values.get("feed", nothing), nothing, values.get("read", nothing), nothing)
        keys = values.get("keys", nothing.unsqueeze(1))
        is_token = values.get("is_token", nothing.bool())
        none = nothing.long()
        memory = Memory(keys, is_token, keys, values.get("values", keys), keys, none, none)
        readout, after = network.decoder.step(token, state, memory, self.steps)
        if self.is_separate:
            bias = values["bias"]
            products = torch.matmul(readout, values["weights"].transpose(0, 1))
            logits = (products.view(bias.size(0), -1, bias.size(1)) + bias.unsqueeze(1)).flatten(0, 1)
        else:
            logits = network.logits(readout)
        results = {
            "scores": torch.log_softmax(logits, -1),
            "readout": readout + 0.0,  # a graph cannot return a tensor twice; with input feeding it is `feed` too
            "hidden": _by_row(after.hidden, layers),
            "cell": _by_row(after.cell, layers),
            "attention": after.attention,
            "feed": after.feed,
            "gate": after.gate,
        }
        return tuple(results[name] for name in self.outputs)


class OutputGraph(nn.Module):
    """Readout states to the log probabilities of all pieces."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, readout: Tensor) -> Tensor:
        """Score the pieces for readout states [N, R]."""
        return torch.log_softmax(self.network.logits(readout), -1)


class ReadGraph(nn.Module):
    """Pieces [N, T] of texts to the states of a language model after them."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
        """Read pieces, from states [N, L, H]."""
        decoder = self.network.decoder
        x = decoder.embedding(ids)
        below, hiddens, cells = x, [], []
        for depth, (layer, norm) in enumerate(zip(decoder.stack(), decoder.norms, strict=True)):
            top, last_hidden, last_cell = layer(below, hidden[:, depth], cell[:, depth])
            hiddens.append(last_hidden)
            cells.append(last_cell)
            output = norm(top)
            x = x + output if decoder.residual and depth > 0 else output
            below = x
        return torch.stack(hiddens, 1), torch.stack(cells, 1)


def _cell(layer: LSTMLayer) -> Cell:
    """Return one step of a layer, with both products as one, which a session multiplies in one pass."""
    if isinstance(layer, LayerNormLSTMLayer):
        return layer.cell(layer.weight_hidden)
    weight = torch.cat([layer.weight_input, layer.weight_hidden], 1).detach()
    width = layer.hidden_size

    def step(x: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
        gates = functional.linear(torch.cat([x, hidden], -1), weight, layer.bias)
        # With the widths as numbers, this is one operation of the graph; `chunk` takes fifteen, which compute widths.
        i, f, g, o = gates.split([width] * 4, -1)
        after = torch.sigmoid(f) * cell + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(after), after

    return step


def _by_layer(states: Tensor, layers: int) -> Tensor:
    """Return states [N, L, H] as [L, N, H]. A single layer needs no transposition, which would copy."""
    return states.view(1, -1, states.shape[-1]) if layers == 1 else states.transpose(0, 1)


def _by_row(states: Tensor, layers: int) -> Tensor:
    """Return states [L, N, H] as [N, L, H]; see `_by_layer`."""
    return states.view(-1, 1, states.shape[-1]) if layers == 1 else states.transpose(0, 1)


def examples(options: NetworkOptions, names: Sequence[str]) -> list[Tensor]:
    """Return inputs of `StepGraph` for two sources with three rows each."""
    sources, length, rows = 2, 5, 6
    width, layers = options.hidden_size, options.decoder_layers
    floats = {
        "embedded": (rows, options.embedding_size),
        "weights": (7, options.readout_width),
        "bias": (sources, 7),
        "hidden": (rows, layers, width),
        "cell": (rows, layers, width),
        "feed": (rows, options.readout_width),
        "read": (rows, length),
        "keys": (sources, length, width),
        "values": (sources, length, width),
    }
    others = {"token": torch.ones(rows, dtype=torch.long), "is_token": torch.ones(sources, length, dtype=torch.bool)}
    return [others[name] if name in others else torch.zeros(floats[name]) for name in names]
