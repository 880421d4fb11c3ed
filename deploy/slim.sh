#!/bin/sh
# Takes out of a virtual environment what running does not need.
#
#   deploy/slim.sh FOLDER [PACKAGE ...]      also uninstalls these packages
set -eu
folder=$1
shift
python=$folder/bin/python3
[ $# -eq 0 ] || "$python" -m pip uninstall --yes --quiet "$@"
"$python" -m pip uninstall --yes --quiet setuptools 2>/dev/null || true
packages=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
cd "$packages"
# tests and tools of the libraries, OpenCV's cascades, ONNX Runtime for C programs
find . -type d \( -name tests -o -name test \) -prune -exec rm -rf {} +
rm -rf cv2/data onnxruntime/transformers onnxruntime/tools onnxruntime/quantization \
    onnxruntime/datasets onnxruntime/capi/libonnxruntime.so* numpy/f2py
rm -rf pip pip-*.dist-info
