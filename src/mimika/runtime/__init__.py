"""Finding and classifying faces with ONNX Runtime; never loads torch."""
