"""The interactive loop between a person and a model; light until the model is needed."""
