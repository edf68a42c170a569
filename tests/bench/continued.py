#!/usr/bin/env python3
"""What continuing a model costs and brings: the small net learns from half of cats-dogs, then goes on with all of it, against training anew on all.
Usage: continued.py CLI DATA [SEEDS]; CLI is whisker-cli, DATA has cats-dogs/. Needs Python's standard library alone."""
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

RATE = 1e-3  # the default from scratch


def lay_half(data, half, seed):
    for name in ("cat", "dog"):
        files = sorted((data / "train" / name).iterdir())
        random.Random(seed).shuffle(files)
        (half / "train" / name).mkdir(parents=True)
        for file in files[:len(files) // 2]:
            (half / "train" / name / file.name).symlink_to(file)
    (half / "test").symlink_to(data / "test")


def train(cli, data, work, name, *options):
    command = [cli, "train", str(data), "--out", str(work / f"{name}.safetensors"), "--run", str(work / "runs" / name), "--json", "--mode", "scratch",
               "--model", "small", "--size", "96", "--threads", "1", *map(str, options)]
    done = subprocess.run(command, env={**os.environ, "XDG_CACHE_HOME": str(work / "cache")}, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    report = json.loads(done.stdout)
    print(f"  {name}: validation {100 * report['validation_accuracy']:.1f} %, test {100 * report['test_accuracy']:.1f} %, best epoch {report['best_epoch']}, "
          f"{report['seconds']:.1f} s", flush=True)
    return 100 * report["test_accuracy"], report["seconds"]


def main():
    cli, data = sys.argv[1], pathlib.Path(sys.argv[2]).resolve() / "cats-dogs"
    results = {}
    for seed in range(int(sys.argv[3]) if len(sys.argv) > 3 else 3):
        print(f"seed {seed}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            work = pathlib.Path(folder)
            lay_half(data, work / "half", seed)

            def measure(name, pictures, *options):
                results.setdefault(name, []).append(train(cli, pictures, work, name, "--seed", seed, *options))

            measure("half", work / "half", "--epochs", 20)
            for epochs in (10, 20):
                measure(f"anew, {epochs} epochs", data, "--epochs", epochs)
                for share in (1, 0.3, 0.1):
                    measure(f"continued, {epochs} epochs, {share} of the rate", data, "--epochs", epochs, "--learning-rate", RATE * share,
                            "--continue", work / "half.safetensors")
    for name, runs in results.items():
        tests, seconds = zip(*runs)
        print(f"{name}: {statistics.mean(tests):.1f} % on test ({', '.join(f'{test:.1f}' for test in tests)}), {statistics.mean(seconds):.1f} s")


main()
