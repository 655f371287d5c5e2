"""Options of the network: sizes, layers, attention, weight tying and dropout."""

from dataclasses import dataclass

from seq2seq.options import Options, choice, fraction, require


def shapes_weights(name: str) -> bool:
    """Return whether a network option determines which weights there are or what they mean.

    The others (dropout, and chunks that only save memory) may change when training continues.
    """
    return "dropout" not in name and name not in ("attention_chunk", "variational")


@dataclass(frozen=True)
class NetworkOptions(Options):
    """The architecture of the encoder-decoder.

    The hierarchical encoder follows Serban et al. 2016; input feeding, Luong et al. 2015; copying and coverage
    (equation 11), See et al. 2017; variational dropout, Gal and Ghahramani 2016; weight drop, Merity et al. 2018; word
    dropout, Sennrich et al. 2016.

    Args:
        embedding_size: Width of source and target embeddings.
        hidden_size: Width of the LSTM layers; half per direction if bidirectional.
        encoder: 'flat', 'hierarchical' (words, then turns) or 'none' (no source).
        encoder_layers: Number of encoder layers (of both encoders, if hierarchical).
        decoder_layers: Number of LSTM layers of the decoder; attention follows the first.
        bidirectional: Whether encoder layers read in both directions.
        residual: Whether layers add their input to their output if the widths agree.
        layer_norm: 'none', 'between' layers, or inside the 'gates' (slower).
        attention: 'none', 'dot', 'general', 'additive' or 'multihead'.
        heads: Number of heads of 'multihead' attention.
        attention_chunk: Number of target positions that additive attention scores at once.
        input_feeding: Whether each step reads the last attentional state (slow).
        copying: Whether pieces can be copied from the source (pointer-generator).
        coverage: Whether attention scores include earlier attention (slow).
        bridge: Decoder's initial state from the encoder's: 'dense', 'copy' or 'zero'.
        tied_embeddings: Ties the target embedding: 'none', 'output' (output layer) or 'all' (source too).
        readout: 'dense' (tanh layer before the output layer) or 'none'.
        readout_size: Width of the readout; 0 uses the embedding width if the output layer is tied, else the LSTM's
            width.
        dropout: Probability of dropping a unit between layers.
        embedding_dropout: Probability of dropping a unit of the embeddings.
        variational: Whether all time steps share one dropout mask.
        recurrent_dropout: Probability of dropping a recurrent weight (weight drop).
        source_word_dropout: Probability of dropping the whole embedding of a source piece.
        target_word_dropout: Probability of dropping the whole embedding of a piece in the decoder's input.
    """

    embedding_size: int = 256
    hidden_size: int = 512
    encoder: str = "flat"
    encoder_layers: int = 1
    decoder_layers: int = 1
    bidirectional: bool = True
    residual: bool = False
    layer_norm: str = "none"
    attention: str = "general"
    heads: int = 4
    attention_chunk: int = 32
    input_feeding: bool = False
    copying: bool = False
    coverage: bool = False
    bridge: str = "dense"
    tied_embeddings: str = "output"
    readout: str = "dense"
    readout_size: int = 0
    dropout: float = 0.3
    embedding_dropout: float = 0.0
    variational: bool = False
    recurrent_dropout: float = 0.0
    source_word_dropout: float = 0.0
    target_word_dropout: float = 0.0

    def __post_init__(self) -> None:
        """Refuse impossible architectures."""
        for name in ("embedding_size", "hidden_size", "encoder_layers", "decoder_layers", "heads", "attention_chunk"):
            require(getattr(self, name) >= 1, f"{name} is {getattr(self, name)}, but it must be at least 1.")
        for name, most in (
            *((width, 2**13) for width in ("embedding_size", "hidden_size", "readout_size", "heads")),
            *((layers, 64) for layers in ("encoder_layers", "decoder_layers")),
        ):
            require(
                getattr(self, name) <= most,
                f"{name} is {getattr(self, name)}, but a network that can be trained has at most {most}.",
            )
        choice("encoder", self.encoder, ("flat", "hierarchical", "none"))
        choice("readout", self.readout, ("dense", "none"))
        choice("layer_norm", self.layer_norm, ("none", "between", "gates"))
        choice("attention", self.attention, ("none", "dot", "general", "additive", "multihead"))
        choice("bridge", self.bridge, ("dense", "copy", "zero"))
        choice("tied_embeddings", self.tied_embeddings, ("none", "output", "all"))
        for name in (
            "dropout",
            "embedding_dropout",
            "recurrent_dropout",
            "source_word_dropout",
            "target_word_dropout",
        ):
            fraction(name, getattr(self, name))
        self._refuse_a_missing_source()
        self._refuse_a_missing_readout()
        require(
            not self.bidirectional or self.encoder == "none" or self.hidden_size % 2 == 0,
            f"hidden_size is {self.hidden_size}, but a bidirectional encoder halves it: give an even number.",
        )
        require(
            self.attention != "multihead" or self.hidden_size % self.heads == 0,
            f"hidden_size {self.hidden_size} cannot be cut into {self.heads} heads: give a number that divides it.",
        )
        require(
            self.tied_embeddings == "none" or self.readout_size in (0, self.embedding_size),
            f"readout_size is {self.readout_size}, but tied embeddings need it to be embedding_size "
            f"({self.embedding_size}) or 0; or set tied_embeddings to 'none'.",
        )
        require(
            not (self.input_feeding and self.attention == "none"),
            "input_feeding feeds back the attentional state, but attention is 'none': change one of them.",
        )
        require(
            not (self.copying and self.attention == "none"),
            "copying takes pieces from attended positions, but attention is 'none': change one of them.",
        )
        require(
            not (self.coverage and self.attention == "none"),
            "coverage records past attention, but attention is 'none': change one of them.",
        )
        require(
            not (self.attention == "none" and self.bridge == "zero" and self.encoder != "none"),
            "attention is 'none' and bridge is 'zero', so the decoder would never see the source: "
            "set bridge to 'dense' or choose an attention.",
        )
        require(
            not (self.residual and self.decoder_layers == 1 and (self.encoder_layers == 1 or self.encoder == "none")),
            "residual connections join layers, but encoder and decoder have one layer each: "
            "raise encoder_layers or decoder_layers, or leave residual off.",
        )
        require(
            not (self.layer_norm == "gates" and self.recurrent_dropout > 0),
            "recurrent_dropout drops weights of the fused cell, which layer_norm 'gates' does not use: "
            "set layer_norm to 'between' or recurrent_dropout to 0.",
        )

    @property
    def readout_width(self) -> int:
        """Width of the output layer's input."""
        if self.readout == "none":
            return self.hidden_size * (1 if self.attention == "none" else 2)
        return self.readout_size or (self.hidden_size if self.tied_embeddings == "none" else self.embedding_size)

    def _refuse_a_missing_source(self) -> None:
        """Refuse options that need a source if there is no encoder."""
        if self.encoder != "none":
            return
        require(
            self.attention == "none" and self.bridge == "zero",
            f"encoder is 'none', so there is no source to read, but attention is '{self.attention}' and bridge is "
            f"'{self.bridge}': set attention to 'none' and bridge to 'zero', or choose an encoder.",
        )
        require(
            self.tied_embeddings != "all",
            "tied_embeddings 'all' shares the table of the source, but encoder is 'none': set tied_embeddings to "
            "'output'.",
        )
        require(
            self.source_word_dropout == 0,
            f"source_word_dropout is {self.source_word_dropout}, but encoder is 'none', so there are no source "
            "words: set it to 0 (target_word_dropout drops words of the text).",
        )

    def _refuse_a_missing_readout(self) -> None:
        """Refuse widths that do not match if the output layer reads the LSTM directly."""
        if self.readout != "none":
            return
        require(
            self.readout_size == 0,
            f"readout_size is {self.readout_size}, but readout is 'none': set one of them to its default.",
        )
        require(
            self.tied_embeddings == "none" or self.readout_width == self.embedding_size,
            f"readout is 'none' and the embeddings are tied, so the output layer reads {self.readout_width} numbers "
            f"with a table of width {self.embedding_size}: make them equal, or set readout to 'dense' or "
            "tied_embeddings to 'none'.",
        )
