"""The loop at a terminal in which a person talks to a model; light until the model itself is asked."""
