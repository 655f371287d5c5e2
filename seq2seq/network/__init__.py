"""The encoder-decoder: LSTM, embedding, encoders, attention, pointer, decoder."""
