#!/usr/bin/env python3
"""How good models are that learnt from few photographs, over five draws of them; the photographs that a draw leaves aside are the test.
`finetune` trains on all of them with five seeds, quickly and then fine-tuned.
Usage: accuracy.py CLI DATA few|breeds|finetune [NETWORK]...; CLI is whisker-cli, DATA has cats-dogs/ and pets/. Needs Python's standard library alone."""
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile

DRAWS = 5


def lay(folder, pictures):
    """Copies of the pictures, by class: {class: [file]}."""
    for name, files in pictures.items():
        (folder / name).mkdir(parents=True)
        for file in files:
            shutil.copy(file, folder / name)


def drawn(pictures, count, seed):
    """`count` of each class by chance, and the rest."""
    chance, taken, rest = random.Random(seed), {}, {}
    for name, files in sorted(pictures.items()):
        order = sorted(files)
        chance.shuffle(order)
        taken[name], rest[name] = order[:count], order[count:]
    return taken, rest


def class_folders(folder):
    return {entry.name: list(entry.iterdir()) for entry in folder.iterdir()}


def breeds(data):
    found = {}
    for file in [*data.glob("cat/*.jpg"), *data.glob("dog/*.jpg")]:
        found.setdefault(file.stem.rsplit("_", 1)[0], []).append(file)
    return found


def train(cli, data, work, options):
    command = [cli, "train", str(data), "--out", str(work / "model.safetensors"), "--run", str(work / "run"), "--json", *options]
    done = subprocess.run(command, env={**os.environ, "XDG_CACHE_HOME": str(work / "cache")}, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def tell(what, scores):
    percent = [100 * score for score in scores]
    error = statistics.stdev(percent) / len(percent) ** 0.5
    print(f"{what}: {statistics.mean(percent):.2f} % on test, standard error {error:.2f} ({', '.join(f'{score:.1f}' for score in percent)})", flush=True)


def measure(cli, work, network, name, splits):
    """`splits(seed)` gives the pictures to learn from and those to test on."""
    scores = []
    for seed in range(DRAWS):
        learnt, tested = splits(seed)
        shutil.rmtree(work / "data", ignore_errors=True)
        lay(work / "data" / "train", learnt)
        lay(work / "data" / "test", tested)
        scores.append(train(cli, work / "data", work, ["--mode", "quick", "--model", network, "--seed", str(seed)])["test_accuracy"])
    tell(f"{network}, {name}", scores)


def compare_fine_tuned(cli, data, work, network):
    """Quick, and fine-tuned from it, on cats-dogs with five seeds (which also divide training and validation pictures)."""
    tests = {"quick": [], "finetune": []}
    for seed in range(DRAWS):
        for mode, scores in tests.items():
            report = train(cli, data / "cats-dogs", work, ["--mode", mode, "--model", network, "--seed", str(seed)])
            scores.append(report["test_accuracy"])
            print(f"  {mode}, seed {seed}: validation {100 * report['validation_accuracy']:.1f} %, test {100 * report['test_accuracy']:.1f} %, "
                  f"best epoch {report['best_epoch']} of {report['epochs']}, {report['seconds']:.0f} s", flush=True)
    for mode, scores in tests.items():
        tell(f"{network}, cats and dogs, {mode}", scores)


def main():
    cli, data, figure, networks = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3], sys.argv[4:]
    networks = networks or (["lite0"] if figure == "finetune" else ["lite0", "lite1", "lite2"])
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        for network in networks:
            if figure == "finetune":
                compare_fine_tuned(cli, data, work, network)
                continue
            if figure == "breeds":
                measure(cli, work, network, "37 breeds, 8 photographs each", lambda seed: drawn(breeds(data / "pets"), 8, seed))
                continue
            test = class_folders(data / "cats-dogs" / "test")
            for count in (10, 50, 200):
                measure(cli, work, network, f"cats and dogs, {count} photographs each",
                        lambda seed: (drawn(class_folders(data / "cats-dogs" / "train"), count, seed)[0], test))


main()
