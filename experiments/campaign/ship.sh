#!/bin/sh
# The shipped model: trains it, writes it with 8-bit weights and keeps what it
# says about both test sets.
#
#   [RECIPE=student] experiments/campaign/ship.sh [SEED]
#
# Seed 3 unless another is named, which is shipped; of `student` seeds 1 and 2 are known.
#
# On two CPU cores an hour and a quarter; the recipe is `robust` unless another is named.
#
# Needs predictions/soft_targets.npz (in the repository; teach.sh makes it). Goes on where
# it was stopped. Writes runs/RECIPE-SEED and in it emotion.onnx,
# emotion.evaluation.json, PublicTest.npz, PrivateTest.npz: predictions/README.md says
# where copies of these are kept.
set -eu
seed=${1:-3}
recipe=${RECIPE:-robust}
run=runs/$recipe-$seed
data=${DATA:-../shared/data/fer2013/fer2013.parquet}
experiments/campaign/train.sh experiments/campaign/$recipe.toml "$run" \
    --set seed="$seed" ${OPTIONS:-}
mimika export "$run" -o "$run/float.onnx" --data "$data" --precision fp32
mimika export "$run/float.onnx" -o "$run/emotion.onnx" --data "$data" --precision int8
for part in PublicTest PrivateTest; do
    mimika predict --data "$data" --model "$run/emotion.onnx" --split $part \
        --probabilities "$run/$part.npz"
done
mimika evaluate "$run/emotion.onnx" --data "$data" --calibrate --clean
# the page "About the model" shows this: it goes beside the model into the package
mimika evaluate "$run/emotion.onnx" --data "$data" --clean --json \
    > "$run/emotion.evaluation.json"
