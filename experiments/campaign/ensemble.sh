#!/bin/sh
# The ensemble: the networks of both recipes with two seeds each and a MobileNetV2, each
# about the picture and its mirror image. Trains what is not trained yet: on two CPU cores
# an hour and a quarter for each of the four and an hour for the MobileNetV2.
#
#   experiments/campaign/ensemble.sh
#
# Writes every member's answers to predictions/public_test and predictions/private_test,
# and their mean to predictions/public_test/ensemble.npz and
# predictions/private_test_ensemble.npz.
set -eu
data=${DATA:-../shared/data/fer2013/fer2013.parquet}
members="student-1 student-2 robust-1 robust-3 mobile-1"

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

mean() { # FOLDER OUTPUT
    files=""
    for member in $members; do files="$files $1/$member-flip.npz"; done
    mimika ensemble $files -o "$2"
}
mean predictions/public_test predictions/public_test/ensemble.npz
mean predictions/private_test predictions/private_test_ensemble.npz
