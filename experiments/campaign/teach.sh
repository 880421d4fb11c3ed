#!/bin/sh
# Five teachers, each held out from a fifth of Training, and what they say about it
# stacked with the crowd votes: soft targets from which students learn.
#
#   experiments/campaign/teach.sh            on two cores 2 hours; goes on if stopped
#
# Writes runs/teacher-fold0..4, their answers beside them (held-out.npz, public.npz,
# private.npz; both mirror images of each picture) and predictions/soft_targets.npz.
set -eu
data=${DATA:-../shared/data/fer2013/fer2013.parquet}
votes=${VOTES:-../shared/data/fer2013/ferplus_votes.csv}
[ -e runs/folds.json ] || mimika split "$data" -o runs/folds.json --rule folds --folds 5

answer() { # RUN PART FILE [OPTION...]: both views' mean answer, unless it is there
    run=$1 part=$2 file=$3
    shift 3
    [ -e "$run/$file" ] || mimika predict --data "$data" --model "$run" --split "$part" \
        --tta flip --probabilities "$run/$file" "$@"
}

for fold in fold0 fold1 fold2 fold3 fold4; do
    run=runs/teacher-$fold
    if [ ! -e "$run/card.json" ]; then
        resume=$([ -e "$run/last.ckpt" ] && echo --resume || true)
        mimika train experiments/campaign/teacher.toml --set data="$data" \
            --set select_part=$fold --out "$run" $resume
    fi
    answer "$run" $fold held-out.npz --split-file runs/folds.json
    answer "$run" PublicTest public.npz
    answer "$run" PrivateTest private.npz
done
mimika stack runs/teacher-fold?/held-out.npz --votes "$votes" \
    -o predictions/soft_targets.npz
