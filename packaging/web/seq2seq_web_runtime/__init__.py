"""ONNX Runtime for browsers: ``onnxruntime.js``, ``onnxruntime.wasm`` and their licences, without any Python code."""
