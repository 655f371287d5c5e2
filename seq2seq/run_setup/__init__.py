"""A run before it begins: options, defaults, checks and its folder, without PyTorch."""
