#!/bin/sh
# Soft targets for students: teachers that are each held out from a fifth of Training,
# and what they say about it, stacked with the crowd votes.
#
#   experiments/campaign/teach.sh                 two CPU cores: 2 h
#   JOBS=5 OPTIONS="--set accelerator=cuda" experiments/campaign/teach.sh
#
# Goes on where it was stopped. Writes runs/TEACHER-fold0..4 and
# predictions/soft_targets.npz. TEACHERS names other recipes, JOBS says how many runs
# there are at a time, DATA and VOTES where the data are, OPTIONS go to mimika train.
set -eu
teachers=${TEACHERS:-experiments/campaign/teacher.toml}
data=${DATA:-../shared/data/fer2013/fer2013.parquet}
votes=${VOTES:-../shared/data/fer2013/ferplus_votes.csv}
mkdir -p runs predictions
[ -e runs/folds.json ] || mimika split "$data" -o runs/folds.json --rule folds --folds 5
for recipe in $teachers; do
    for fold in fold0 fold1 fold2 fold3 fold4; do
        echo "$recipe $fold"
    done
done | xargs -n 2 -P "${JOBS:-1}" experiments/campaign/fold.sh
answers=
for recipe in $teachers; do
    answers="$answers $(echo runs/"$(basename "$recipe" .toml)"-fold?/held-out.npz)"
done
mimika stack $answers --votes "$votes" -o predictions/soft_targets.npz
