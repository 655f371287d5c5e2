"""The LSTM encoder-decoder."""
