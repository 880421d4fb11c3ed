#!/bin/sh
# Trains a recipe unless that is done; goes on where it was stopped.
#
#   experiments/campaign/train.sh RECIPE RUN [OPTION ...]
set -eu
recipe=$1 run=$2
shift 2
[ ! -e "$run/card.json" ] || exit 0
resume=$([ ! -e "$run/last.ckpt" ] || echo --resume)
exec mimika train "$recipe" \
    --set data="${DATA:-../shared/data/fer2013/fer2013.parquet}" --out "$run" "$@" $resume
