"""Attention over source positions, for all target positions at once.

Shapes: ``B`` batch, ``S`` source length, ``Q`` queries per source (target positions in training, beams in search),
``C`` width of the encoder's states, ``H`` width of the query, ``A`` width of the keys (all `hidden_size`).

Keys and values depend only on the source, so :meth:`Attention.project` computes them once. Each beam is another query
on the same source, so search never copies the encoder states.

Coverage in the score (See et al. 2017, equation 11) adds ``w c`` to the keys, where ``c`` is the sum of a source
position's earlier attention weights. Additive attention becomes the paper's ``v . tanh(W q + U s + w c)``, and
dot-product attention becomes ``q . (k + w c)``. Training starts at ``w = 0``, without coverage.
"""

import math
from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from seq2seq.network.lstm import glorot
from seq2seq.network.options import NetworkOptions

SCORE_BYTES = 64 * 2**20
"""Maximum size of additive attention's sums, in bytes; larger tensors are computed in chunks."""
KEPT_BYTES = 32 * 2**20
"""Larger sums of a single step are recomputed in the backward pass, because a loop would store them for all steps."""


class Attention(nn.Module):
    """Base class of attention modules; used directly, it means no attention (as in Sutskever et al. 2014).

    Attributes:
        context_size: Width of the context that ``forward`` returns.
        cover: [A], the coverage weights ``w``; None without coverage.
    """

    cover: nn.Parameter | None

    def __init__(self, options: NetworkOptions) -> None:
        super().__init__()
        self.context_size = 0
        self.register_parameter("cover", nn.Parameter(torch.zeros(options.hidden_size)) if options.coverage else None)

    def project(
        self, states: Float[Tensor, "batch source state"]
    ) -> tuple[Float[Tensor, "batch source key"], Float[Tensor, "batch source value"]]:
        """Return keys and values of a source."""
        return states[..., :0], states[..., :0]

    def forward(
        self,
        query: Float[Tensor, "batch queries query"],
        keys: Float[Tensor, "batch source key"],
        values: Float[Tensor, "batch source value"],
        is_token: Bool[Tensor, "batch source"],
        read: Float[Tensor, "batch queries source"] | None = None,
    ) -> tuple[Float[Tensor, "batch queries context"], Float[Tensor, "batch queries source"]]:
        """Return the context of each query and its weights over the source positions (zero on padding).

        ``read`` is the sum of each position's weights in earlier steps; None for no coverage.
        """
        weights = query.new_zeros(query.shape[0], query.shape[1], is_token.shape[1])
        return query[..., :0], weights


def weigh(
    scores: Float[Tensor, "batch queries source"], is_token: Bool[Tensor, "batch source"]
) -> Float[Tensor, "batch queries source"]:
    """Return attention weights: a softmax over the tokens, with exactly 0 on padding."""
    return torch.softmax(scores.masked_fill(~is_token.unsqueeze(1), -math.inf), dim=-1)


class DotAttention(Attention):
    """score(q, s) = q . s (Luong et al. 2015, equation 8, 'dot')."""

    def __init__(self, options: NetworkOptions) -> None:
        super().__init__(options)
        self.context_size = options.hidden_size

    def project(
        self, states: Float[Tensor, "batch source state"]
    ) -> tuple[Float[Tensor, "batch source key"], Float[Tensor, "batch source value"]]:
        """Return the states as keys and values."""
        return states, states

    def forward(
        self,
        query: Float[Tensor, "batch queries query"],
        keys: Float[Tensor, "batch source key"],
        values: Float[Tensor, "batch source value"],
        is_token: Bool[Tensor, "batch source"],
        read: Float[Tensor, "batch queries source"] | None = None,
    ) -> tuple[Float[Tensor, "batch queries context"], Float[Tensor, "batch queries source"]]:
        """Score by inner product."""
        scores = torch.bmm(query, keys.transpose(1, 2))  # [B, Q, S]
        if self.cover is not None and read is not None:
            scores = scores + (query @ self.cover).unsqueeze(2) * read  # q . (k + w c)
        weights = weigh(scores, is_token)
        return torch.bmm(weights, values), weights  # [B, Q, C]


class GeneralAttention(DotAttention):
    """score(q, s) = q . W s (Luong et al. 2015, equation 8, 'general')."""

    def __init__(self, options: NetworkOptions) -> None:
        super().__init__(options)
        self.key = glorot(nn.Linear(options.hidden_size, options.hidden_size, bias=False))

    def project(
        self, states: Float[Tensor, "batch source state"]
    ) -> tuple[Float[Tensor, "batch source key"], Float[Tensor, "batch source value"]]:
        """Project the states to keys of the query's width; the states are the values."""
        return self.key(states), states


class AdditiveAttention(Attention):
    """score(q, s) = v . tanh(W q + U s) (Bahdanau et al. 2015, appendix A.1.2).

    The sums inside tanh have shape [B, Q, S, A]. For long sources, the sums are computed for at most ``chunk`` queries
    at a time, and are recomputed in the backward pass instead of being stored.
    """

    def __init__(self, options: NetworkOptions) -> None:
        super().__init__(options)
        self.context_size = options.hidden_size
        self.chunk = options.attention_chunk
        self.query = glorot(nn.Linear(options.hidden_size, options.hidden_size, bias=False))
        self.key = glorot(nn.Linear(options.hidden_size, options.hidden_size))
        self.score = glorot(nn.Linear(options.hidden_size, 1, bias=False))

    def project(
        self, states: Float[Tensor, "batch source state"]
    ) -> tuple[Float[Tensor, "batch source key"], Float[Tensor, "batch source value"]]:
        """Project the states to keys; the states are the values."""
        return self.key(states), states

    def _scores(self, query: Tensor, keys: Tensor, read: Tensor | None) -> Tensor:
        sums = query.unsqueeze(2) + keys.unsqueeze(1)  # [B, Q, S, A]
        if self.cover is not None and read is not None:
            sums = sums + read.unsqueeze(3) * self.cover
        scores: Tensor = self.score(torch.tanh(sums)).squeeze(-1)  # [B, Q, S]
        return scores

    def forward(
        self,
        query: Float[Tensor, "batch queries query"],
        keys: Float[Tensor, "batch source key"],
        values: Float[Tensor, "batch source value"],
        is_token: Bool[Tensor, "batch source"],
        read: Float[Tensor, "batch queries source"] | None = None,
    ) -> tuple[Float[Tensor, "batch queries context"], Float[Tensor, "batch queries source"]]:
        """Score chunk by chunk; a graph that is exported scores all at once, because it cannot divide a batch."""
        if torch.onnx.is_in_onnx_export():
            weights = weigh(self._scores(self.query(query), keys, read), is_token)
            return torch.bmm(weights, values), weights
        size = keys.numel() * keys.element_size()  # bytes of the sums for one query per source
        chunk = max(1, min(self.chunk, SCORE_BYTES // max(1, size)))
        is_kept = query.shape[1] <= chunk and (query.shape[1] > 1 or size <= KEPT_BYTES)
        queries = torch.split(self.query(query), chunk, 1)
        reads: Sequence[Tensor | None] = [None] * len(queries) if read is None else torch.split(read, chunk, 1)
        parts = []
        for part, covered in zip(queries, reads, strict=True):
            if torch.is_grad_enabled() and not is_kept:
                parts.append(checkpoint(self._scores, part, keys, covered, use_reentrant=False))
            else:
                parts.append(self._scores(part, keys, covered))
        weights = weigh(torch.cat(parts, dim=1), is_token)  # [B, Q, S]
        return torch.bmm(weights, values), weights


class MultiHeadAttention(Attention):
    """Scaled dot products in several subspaces (Vaswani et al. 2017, section 3.2.2).

    The returned weights are averaged over the heads, so all heads contribute equally to copying and coverage.
    """

    def __init__(self, options: NetworkOptions) -> None:
        super().__init__(options)
        self.context_size = options.hidden_size
        self.heads = options.heads
        self.query = glorot(nn.Linear(options.hidden_size, options.hidden_size))
        self.key = glorot(nn.Linear(options.hidden_size, options.hidden_size))
        self.value = glorot(nn.Linear(options.hidden_size, options.hidden_size))
        self.merge = glorot(nn.Linear(options.hidden_size, options.hidden_size))

    def project(
        self, states: Float[Tensor, "batch source state"]
    ) -> tuple[Float[Tensor, "batch source key"], Float[Tensor, "batch source value"]]:
        """Project keys and values of all heads."""
        return self.key(states), self.value(states)

    def forward(
        self,
        query: Float[Tensor, "batch queries query"],
        keys: Float[Tensor, "batch source key"],
        values: Float[Tensor, "batch source value"],
        is_token: Bool[Tensor, "batch source"],
        read: Float[Tensor, "batch queries source"] | None = None,
    ) -> tuple[Float[Tensor, "batch queries context"], Float[Tensor, "batch queries source"]]:
        """Attend in each head, then merge."""
        queries = self.query(query).chunk(self.heads, -1)  # [B, Q, A / heads] each
        covers = None if self.cover is None else self.cover.chunk(self.heads)
        weights, contexts = [], []
        # Head by head, because one product over all heads would copy keys and values, and a loop over time would keep
        # every copy.
        for head, (q, k, v) in enumerate(
            zip(queries, keys.chunk(self.heads, -1), values.chunk(self.heads, -1), strict=True)
        ):
            scores = torch.bmm(q, k.transpose(1, 2))  # [B, Q, S]
            if covers is not None and read is not None:
                scores = scores + (q @ covers[head]).unsqueeze(2) * read
            weights.append(weigh(scores / math.sqrt(q.shape[-1]), is_token))
            contexts.append(torch.bmm(weights[-1], v))
        merged: Tensor = self.merge(torch.cat(contexts, -1))  # [B, Q, C]
        return merged, torch.stack(weights).mean(0)


ATTENTIONS: dict[str, type[Attention]] = {
    "none": Attention,
    "dot": DotAttention,
    "general": GeneralAttention,
    "additive": AdditiveAttention,
    "multihead": MultiHeadAttention,
}
"""Class for each value of the option ``attention``."""
