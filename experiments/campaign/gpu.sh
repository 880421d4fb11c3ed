#!/bin/sh
# The whole campaign where there is a graphics card: teachers, soft targets, three single
# nets and three students, all at a time.
#
#   experiments/campaign/gpu.sh          expected: 25 minutes on one H200 and 16 cores
#
# The time is an estimate from the multiply-adds; nobody has run it yet. Goes on where it
# was stopped. DATA and VOTES say where the data are. A data set without PrivateTest will
# do for learning. Afterwards runs/single-1..3 and runs/student-1..3 lie there.
set -eu
export DATA="${DATA:-../shared/data/fer2013/fer2013.parquet}" OMP_NUM_THREADS=2
step=${1:-all}

if [ "$step" != learn ]; then
    TEACHERS=experiments/campaign/single_gpu.toml JOBS=5 TESTS=PublicTest \
        experiments/campaign/teach.sh
fi
[ "$step" != teach ] || exit 0

learn() { # RECIPE NAME SEED [OPTION ...]
    recipe=$1 run=runs/$2-$3 seed=$3
    shift 3
    experiments/campaign/train.sh "experiments/campaign/$recipe" "$run" \
        --set seed="$seed" "$@"
}

for seed in 1 2 3; do
    learn single_gpu.toml single $seed --set 'teachers=["predictions/soft_targets.npz"]' \
        --set teachers_share=0.5 &
    learn student.toml student $seed --set accelerator=cuda \
        --set epochs=150 --set calm_epochs=28 --set switch_epoch=123 &
done
wait
for run in single student; do
    ls runs/$run-1/card.json runs/$run-2/card.json runs/$run-3/card.json
done
