"""LSTM encoder-decoder: attention, pointer, bridge."""
