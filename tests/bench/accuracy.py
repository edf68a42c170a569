#!/usr/bin/env python3
"""How good models are that learnt from few photographs, over five draws of them, of the breeds twenty; the photographs that a draw leaves aside are the test.
`finetune` trains on all of them with five seeds, quickly and then fine-tuned; `turned` likewise with one, asking which way up a photograph is, which the pretrained
network has never been asked.
Usage: accuracy.py CLI DATA few|breeds|finetune|turned [NETWORK]...; CLI is whisker-cli, DATA has cats-dogs/ and pets/. Needs Python's standard library alone."""
import json
import os
import pathlib
import random
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile

DRAWS = 5
BREED_DRAWS = 20  # two test photographs a breed: five draws leave a standard error of 2 points


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


def measure(cli, work, network, name, splits, draws=DRAWS):
    """`splits(seed)` gives the pictures to learn from and those to test on."""
    scores = []
    for seed in range(draws):
        learnt, tested = splits(seed)
        shutil.rmtree(work / "data", ignore_errors=True)
        lay(work / "data" / "train", learnt)
        lay(work / "data" / "test", tested)
        scores.append(train(cli, work / "data", work, ["--mode", "quick", "--model", network, "--seed", str(seed)])["test_accuracy"])
    tell(f"{network}, {name}", scores)


def lay_turned(folder, files):
    """Copies in four classes, a quarter of them each, turned by what a camera would write into them (Exif, orientation)."""
    order = sorted(files)
    random.Random(0).shuffle(order)
    for place, file in enumerate(order):
        name, orientation = [("up", 1), ("left", 8), ("down", 3), ("right", 6)][place % 4]
        exif = b"Exif\0\0" + struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, 0x0112, 3, 1, orientation, 0, 0)
        bytes_of = file.read_bytes()
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / file.name).write_bytes(bytes_of[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + bytes_of[2:])


def compare_turned(cli, data, work, network):
    for split in ("train", "test"):
        lay_turned(work / "data" / split, [file for files in class_folders(data / "cats-dogs" / split).values() for file in files])
    unmirrored = ["--augment", "crop,brightness,contrast,saturation"]  # a mirror image of one turned to the left is one turned to the right
    for options in (["--mode", "quick"], ["--mode", "finetune", *unmirrored], ["--mode", "finetune", "--learning-rate", "3e-4", *unmirrored]):
        report = train(cli, work / "data", work, ["--model", network, "--seed", "0", *options])
        print(f"{network}, which way up, {' '.join(options[1:4:2])}: validation {100 * report['validation_accuracy']:.1f} %, test {100 * report['test_accuracy']:.1f} %, "
              f"best epoch {report['best_epoch']} of {report['epochs']}, {report['seconds']:.0f} s", flush=True)


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
    networks = networks or (["lite0"] if figure in ("finetune", "turned") else ["lite0", "lite1", "lite2"])
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        for network in networks:
            if figure == "finetune":
                compare_fine_tuned(cli, data, work, network)
                continue
            if figure == "turned":
                compare_turned(cli, data, work, network)
                continue
            if figure == "breeds":
                measure(cli, work, network, "37 breeds, 8 photographs each", lambda seed: drawn(breeds(data / "pets"), 8, seed), BREED_DRAWS)
                continue
            test = class_folders(data / "cats-dogs" / "test")
            for count in (10, 50, 200):
                measure(cli, work, network, f"cats and dogs, {count} photographs each",
                        lambda seed: (drawn(class_folders(data / "cats-dogs" / "train"), count, seed)[0], test))


main()
