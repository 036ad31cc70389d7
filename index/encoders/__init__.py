"""Text encoders: the model, its ONNX export, bulk and single-question encoding."""
