#!/usr/bin/env bash
# Measures the figures of docs/benchmarks.md that the command line shows, each side in turn with its peer.
# Usage: tests/bench/figures.sh PEERS SHARED [quick|again|inference|scratch|window|start|fastai|doctor|import|project|few|breeds|finetune|turned|continued|scroll|loader|resnet|ceiling|lite0|operators|curves|tensorboard|stop|busy]...
#   PEERS: virtual environment with the peer programs, made by SHARED/peers/setup.sh; SHARED: folder with data/ and peers/.
set -euo pipefail
peers=$(realpath -s "$1"); shared=$(realpath "$2"); shift 2
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
cli=$PWD/build/release/bin/whisker-cli
compare="python3 tests/bench/compare.py"
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
wants() { local figure=$1; shift; [ $# -eq 0 ] || [[ " $* " == *" $figure "* ]]; }

train_quick="$cli train $shared/data/cats-dogs --mode quick --out $work/quick.safetensors --run $work/run --json 2>/dev/null"
if wants quick "$@"; then
    echo "== quick: from files to a tested model, nothing cached, whole process"
    for _ in 1 2 3 4 5; do
        rm -rf "$work/cache"
        began=$(date +%s.%N)
        XDG_CACHE_HOME=$work/cache bash -c "$train_quick" | grep -E 'accuracy|precision' | tr -d '\n'
        python3 -c "import sys; print(f'{float(sys.argv[2]) - float(sys.argv[1]):.2f} s')" "$began" "$(date +%s.%N)"
    done
fi
if wants again "$@"; then
    echo "== quick again after ten labels changed, whole process"
    cp -r "$shared/data/cats-dogs" "$work/data"; chmod -R u+w "$work/data"
    again=${train_quick/"$shared/data/cats-dogs"/"$work/data"}
    XDG_CACHE_HOME=$work/cache bash -c "$again" >"$work/first"
    find "$work/data/train/cat" -type f | sort | head -10 | xargs mv -t "$work/data/train/dog"
    for _ in 1 2 3 4 5; do
        began=$(date +%s.%N)
        XDG_CACHE_HOME=$work/cache bash -c "$again" >"$work/second"
        python3 -c "import sys; print(f'{float(sys.argv[2]) - float(sys.argv[1]):.2f} s')" "$began" "$(date +%s.%N)"
    done
fi
if wants inference "$@"; then
    for precision in fp32 bf16; do
        for batch in 1 8 32; do
            echo "== EfficientNet-Lite0 at 224, batch $batch, ours $precision (A) against ONNX Runtime fp32 (B), img/s"
            $compare --runs 3 --a "$cli bench lite0 --batch $batch --precision $precision" --a-figure '([0-9.]+) img/s' \
                --b "$peers/bin/python $shared/peers/onnx_bench.py lite0 $batch" --b-figure '([0-9.]+) img/s'
        done
    done
fi
if wants scratch "$@"; then
    echo "== ResNet-18 at 224 from scratch, batch 32, from JPEG files: ours (A) against torch_loop.py bf16 nhwc (B), img/s"
    $compare --runs 3 --a "$cli train $shared/data/cats-dogs/train --mode scratch --model resnet18 --size 224 --batch 32 --epochs 2 --out $work/scratch.safetensors --run $work/scratch --json" \
        --a-figure '"images_per_second": ([0-9.]+)' \
        --b "$peers/bin/python $shared/peers/torch_loop.py $shared/data/cats-dogs/train 224 32 2 bf16 nhwc" --b-figure '([0-9.]+) img/s'
fi
if wants window "$@"; then
    echo "== the same run in the window (A) and on the command line (B), img/s"
    QT_QPA_PLATFORM=offscreen WHISKER_RESOURCES=$PWD/build/release/share/whisker $compare --runs 3 \
        --a "build/release/bin/tour --speed 1 $shared/data/cats-dogs/train" --a-figure '([0-9.]+) img/s' \
        --b "$cli train $shared/data/cats-dogs/train --mode scratch --model resnet18 --size 224 --batch 32 --epochs 1 --out $work/window.safetensors --run $work/window --json" \
        --b-figure '"images_per_second": ([0-9.]+)'
fi
if wants start "$@"; then
    echo "== start of the window, warm, demonstration project open"
    for _ in 1 2 3 4 5 6 7; do QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen} build/release/bin/whisker --startup-time; done
fi
if wants fastai "$@"; then
    echo "== fastai with the same backbone, one frozen epoch"
    weights=$(find "$peers" -name 'efficientnet-lite0-*.pth' | head -1)
    "$peers/bin/python" "$shared/peers/fastai_lite0.py" "$shared/data/cats-dogs" "$weights" 1 0
fi
if wants doctor "$@"; then
    pictures=${WHISKER_25K:-/tmp/whisker-25k} # kept: making them takes a minute or two
    [ -d "$pictures" ] || build/release/bin/make_pictures "$shared/data" "$pictures" 25000
    echo "== decode alone and all measures in turn, near duplicates, hashes without files (build doctor_bench and make_pictures first)"
    build/release/bin/doctor_bench "$pictures"
    echo "== the doctor over a folder of 25,000, whole process"
    for _ in 1 2 3; do $cli doctor "$pictures" --json 2>/dev/null | grep '"seconds"'; done
    echo "== over a project of 25,000: the first and the second pass, whole process"
    $cli import "$work/doctor" "$pictures" >/dev/null 2>&1
    for _ in 1 2 3; do $cli doctor "$work/doctor" --json 2>/dev/null | grep '"seconds"'; done
fi
if wants import "$@"; then
    pictures=${WHISKER_25K:-/tmp/whisker-25k}
    [ -d "$pictures" ] || build/release/bin/make_pictures "$shared/data" "$pictures" 25000
    echo "== import of a folder of 25,000: first thumbnails, all listed with hashes (build project_bench first)"
    for _ in 1 2 3; do build/release/bin/project_bench import "$pictures"; done
fi
if wants project "$@"; then
    for rows in 25000 1000000; do
        echo "== a project of $rows rows"
        for _ in 1 2 3; do build/release/bin/project_bench "$rows"; done
    done
fi
for figure in few breeds finetune turned; do
    if wants "$figure" "$@"; then
        echo "== accuracy of pretrained networks, several draws ($figure)"
        python3 tests/bench/accuracy.py "$cli" "$shared/data" "$figure"
    fi
done
if wants continued "$@"; then
    echo "== the small net continued with more pictures, against training anew"
    python3 tests/bench/continued.py "$cli" "$shared/data" 3
fi
if wants scroll "$@"; then
    pictures=${WHISKER_25K:-/tmp/whisker-25k}
    [ -d "$pictures" ] || build/release/bin/make_pictures "$shared/data" "$pictures" 25000
    export QT_QPA_PLATFORM=offscreen WHISKER_RESOURCES=$PWD/build/release/share/whisker
    echo "== scrolling through 25,000 pictures, in the window (build scroll first)"
    build/release/bin/scroll "$pictures"
    echo "== the same through 1,000,000 rows without files"
    build/release/bin/scroll --rows 1000000
fi
if wants loader "$@"; then
    pictures=${WHISKER_25K:-/tmp/whisker-25k}
    [ -d "$pictures" ] || build/release/bin/make_pictures "$shared/data" "$pictures" 25000
    echo "== the loader on one thread, 3,000 pictures of 500 x 375 to augmented 224 (build loader_bench and make_pictures first)"
    for _ in 1 2 3; do build/release/bin/loader_bench "$pictures" 3000 "$work/loader"; done
fi
trainer=$PWD/build/release/bin/trainer_bench
if wants resnet "$@"; then
    torch_loop="$peers/bin/python $shared/peers/torch_loop.py $shared/data/cats-dogs/train 224 32 3"
    ours="rm -rf $work/pixels; $trainer resnet18 $shared/data/cats-dogs 224 32 3 $work/pixels"
    for peer in "bf16 nhwc" nhwc ""; do # without the processor's bf16 PyTorch's is slow: then the second is what counts
        echo "== ResNet-18 at 224 from scratch, batch 32, from JPEG files, first and last epoch: ours (A) against torch_loop.py ${peer:-as users write it} (B), img/s (build trainer_bench first)"
        $compare --runs 3 --a "$ours" --a-figure "epoch 0: ([0-9.]+) img/s" --a-figure "epoch 2: ([0-9.]+) img/s" \
            --b "$torch_loop $peer" --b-figure "epoch 0: ([0-9.]+) img/s" --b-figure "epoch 2: ([0-9.]+) img/s"
    done
fi
if wants ceiling "$@"; then
    echo "== ResNet-18 at 224, batch 32: made-up input in memory, and each epoch from files (build trainer_bench first)"
    for _ in 1 2 3; do rm -rf "$work/pixels"; "$trainer" resnet18 "$shared/data/cats-dogs" 224 32 4 "$work/pixels"; done
fi
if wants lite0 "$@"; then
    weights=$(find "$peers" -name 'efficientnet-lite0-*.pth' | head -1)
    for precision in bf16 fp32; do # as for resnet
        echo "== EfficientNet-Lite0 at 224, all layers fine-tuned, batch 32, from JPEG files, first and last epoch: ours (A) against the same net in PyTorch, $precision nhwc (B), img/s"
        $compare --runs 3 --a "rm -rf $work/pixels; $trainer lite0 $shared/data/cats-dogs 224 32 3 $work/pixels fine-tune" --a-figure "epoch 0: ([0-9.]+) img/s" --a-figure "epoch 2: ([0-9.]+) img/s" \
            --b "$peers/bin/python tests/bench/lite0_loop.py $shared/peers $weights $shared/data/cats-dogs/train 32 3 $precision" --b-figure "epoch 0: ([0-9.]+) img/s" --b-figure "epoch 2: ([0-9.]+) img/s"
    done
fi
if wants operators "$@"; then
    echo "== operators that learn, bf16, against LibTorch's own (build operators_bench first)"
    build/release/bin/operators_bench
fi
if wants busy "$@"; then
    # Computing stands five steps behind other programs, as in the window.
    for others in 0 1; do
        if [ $others = 1 ]; then (while :; do :; done) & other=$!; trap 'kill $other; rm -rf "$work"' EXIT; fi
        echo "== EfficientNet-Lite0, fp32, batch 1, while $others other programs compute: as it is (A) and with OpenMP's own waiting (B), img/s"
        lite0="nice -n 5 $cli bench lite0 --batch 1 --precision fp32"
        $compare --runs 3 --a "$lite0" --a-figure '([0-9.]+) img/s' --b "GOMP_SPINCOUNT=300000 $lite0" --b-figure '([0-9.]+) img/s'
        echo "== the small net at 96 from scratch, batch 32, made-up input in memory (build trainer_bench first): the same sides, img/s"
        small="nice -n 5 $trainer small $shared/data/cats-dogs 96 32 1 $work/pixels"
        $compare --runs 3 --a "$small" --a-figure 'input: ([0-9.]+) img/s' --b "GOMP_SPINCOUNT=300000 $small" --b-figure 'input: ([0-9.]+) img/s'
    done
    kill "$other"; trap 'rm -rf "$work"' EXIT
fi
if wants stop "$@"; then
    echo "== ending a training of ResNet-18 at 224, batch 32, in the window"
    QT_QPA_PLATFORM=offscreen WHISKER_RESOURCES=$PWD/build/release/share/whisker python3 tests/bench/stop.py build/release/bin/tour "$shared/data/cats-dogs/train"
fi
if wants curves "$@"; then
    echo "== drawing live curves (build curves_bench first)"
    for _ in 1 2 3; do QT_QPA_PLATFORM=offscreen build/release/bin/curves_bench; done
    echo "== the small net learning, five steps behind as in the window, beside curves that are drawn ten times a second (A) and alone (B; build trainer_bench first), img/s"
    small="nice -n 5 $trainer small $shared/data/cats-dogs 96 32 1 $work/pixels"
    $compare --runs 5 --a "QT_QPA_PLATFORM=offscreen build/release/bin/curves_bench live 100000 10 600 >/dev/null 2>&1 & $small; kill \$!" \
        --a-figure 'epoch 0: ([0-9.]+) img/s' --b "$small" --b-figure 'epoch 0: ([0-9.]+) img/s'
fi
if wants tensorboard "$@"; then
    echo "== curves for TensorBoard against its own reader"
    "$peers/bin/python" tests/bench/tensorboard_check.py "$cli" "$shared/data"
fi
