#!/bin/sh
# The ensemble: two networks of `student.toml` and two of `robust.toml`, of which one is
# shipped, each about the picture and its mirror image, and what the nearest training
# pictures say (`mimika neighbours`). Trains what is not trained yet: on two CPU cores with
# AVX-512 an hour and a quarter for each.
#
#   experiments/campaign/ensemble.sh
#
# MEMBERS names others, such as "student-1 student-2 robust-1 robust-3 mobile-1". Writes
# every member's answers to predictions/public_test and predictions/private_test, and their
# mean to predictions/public_test/ensemble.npz and predictions/private_test_ensemble.npz.
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

for part in public:PublicTest private:PrivateTest; do
    mimika neighbours --data "$data" --split "${part#*:}" \
        -o "predictions/${part%:*}_test/shipped-neighbours.npz"
done

mean() { # FOLDER OUTPUT
    files=$1/shipped-neighbours.npz
    for member in $members; do files="$files $1/$member-flip.npz"; done
    mimika ensemble $files -o "$2"
}
mean predictions/public_test predictions/public_test/ensemble.npz
mean predictions/private_test predictions/private_test_ensemble.npz
