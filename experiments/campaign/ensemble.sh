#!/bin/sh
# The ensemble: three students and a MobileNetV2, each about the picture and its mirror
# image. Trains what is not trained yet; two CPU cores need an hour and a quarter for each
# student and an hour for the MobileNetV2.
#
#   experiments/campaign/ensemble.sh
#
# Writes every member's answers to predictions/public_test and predictions/private_test,
# and their mean to predictions/public_test/ensemble.npz and
# predictions/private_test_ensemble.npz.
set -eu
data=${DATA:-../shared/data/fer2013/fer2013.parquet}
for seed in 1 2 3; do
    experiments/campaign/ship.sh $seed
done
experiments/campaign/train.sh experiments/campaign/single_cpu.toml runs/single-1

answers() { # PART FOLDER
    for run in student-1 student-2 student-3 single-1; do
        [ -e "$2/$run-flip.npz" ] || mimika predict --data "$data" --model "runs/$run" \
            --split "$1" --tta flip --probabilities "$2/$run-flip.npz"
    done
}
answers PublicTest predictions/public_test
answers PrivateTest predictions/private_test
mimika ensemble predictions/public_test/*-flip.npz -o predictions/public_test/ensemble.npz
mimika ensemble predictions/private_test/*-flip.npz -o predictions/private_test_ensemble.npz
