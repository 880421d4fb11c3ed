#!/bin/sh
# One teacher for one fold: trains it, goes on where it was stopped, and keeps what it
# says (mean over each picture and its mirror image) about its fold and both test sets.
#
#   experiments/campaign/fold.sh experiments/campaign/teacher.toml fold0
#
# DATA says where the data are, TESTS which test sets they hold, OPTIONS go to mimika train.
set -eu
recipe=$1 fold=$2
run=runs/$(basename "$recipe" .toml)-$fold
data=${DATA:-../shared/data/fer2013/fer2013.parquet}

answer() { # PART FILE [OPTION ...]
    part=$1 file=$2
    shift 2
    [ -e "$run/$file" ] || mimika predict --data "$data" --model "$run" --split "$part" \
        --tta flip --probabilities "$run/$file" "$@"
}

experiments/campaign/train.sh "$recipe" "$run" --set split_file=runs/folds.json \
    --set select_part="$fold" ${OPTIONS:-}
answer "$fold" held-out.npz --split-file runs/folds.json
for part in ${TESTS:-PublicTest PrivateTest}; do
    answer $part $part.npz
done
