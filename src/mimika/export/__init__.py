"""From a run folder to an ONNX file that agrees with it."""
