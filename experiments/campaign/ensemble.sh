#!/bin/sh
# The ensemble: two networks of `student.toml` and two of `robust.toml`, of which one is
# shipped, each about the picture and its mirror image, and what the nearest training
# pictures say (`mimika neighbours`) by the features of both of `robust.toml`. Trains what is
# not trained yet: on two CPU cores with AVX-512 an hour and a quarter for each.
#
#   experiments/campaign/ensemble.sh
#
# MEMBERS names other networks, such as "student-1 student-2 robust-1 robust-3 mobile-1"; the
# neighbours are always those of the shipped model, seed 3, and of seed 1. Writes what is
# not there yet to predictions/public_test and predictions/private_test, and the mean to
# predictions/public_test/ensemble.npz and predictions/private_test_ensemble.npz.
set -eu
data=${DATA:-../shared/data/fer2013/fer2013.parquet}
members=${MEMBERS:-"student-1 student-2 robust-1 robust-3"}

for member in $members; do
    [ ! -e "predictions/public_test/$member-flip.npz" ] || continue
    recipe=${member%-*} seed=${member#*-}
    if [ "$recipe" = mobile ]; then
        experiments/campaign/train.sh experiments/campaign/mobile.toml \
            "runs/$member" --set seed="$seed"
    else
        RECIPE=$recipe experiments/campaign/ship.sh "$seed"
    fi
    for part in public:PublicTest private:PrivateTest; do
        mimika predict --data "$data" --model "runs/$member" --split "${part#*:}" \
            --tta flip \
            --probabilities "predictions/${part%:*}_test/$member-flip.npz"
    done
done

neighbours() { # NAME [OPTION ...]
    name=$1
    shift
    for part in public:PublicTest private:PrivateTest; do
        mimika neighbours --data "$data" --split "${part#*:}" "$@" \
            -o "predictions/${part%:*}_test/$name-neighbours.npz"
    done
}
neighbours shipped
neighbours robust-1 --model experiments/campaign/robust-1.onnx

mean() { # FOLDER OUTPUT
    files="$1/shipped-neighbours.npz $1/robust-1-neighbours.npz"
    for member in $members; do files="$files $1/$member-flip.npz"; done
    mimika ensemble $files -o "$2"
}
mean predictions/public_test predictions/public_test/ensemble.npz
mean predictions/private_test predictions/private_test_ensemble.npz
