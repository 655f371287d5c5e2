"""Networks computed by ONNX Runtime, without PyTorch."""
