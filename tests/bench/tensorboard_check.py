#!/usr/bin/env python3
"""Reads what `whisker-cli train --tensorboard` writes with TensorBoard's own reader and compares every point with the run's metrics.jsonl: of a run, of one that was
interrupted and gone on with, of one whose curves were wanted only then, and of a quick one.
Usage: tensorboard_check.py CLI DATA; CLI is whisker-cli, DATA has cats-dogs/. Needs `pip install tensorboard`."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import numpy
import tensorboard
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

TAGS = {"training_loss": "loss/training", "validation_loss": "loss/validation", "training_accuracy": "accuracy/training",
        "validation_accuracy": "accuracy/validation", "learning_rate": "learning_rate"}


def points_of_run(run):
    """{tag: {step: value}}; of a step that was taken again the later line counts."""
    points = {}
    for line in (run / "metrics.jsonl").read_text().splitlines():
        point = json.loads(line)
        if "series" in point:
            points.setdefault(TAGS[point["series"]], {})[point["step"]] = point["value"]
    return points


def points_of_board(board):
    reader = EventAccumulator(str(board), size_guidance={"scalars": 0})
    reader.Reload()
    points = {}
    for tag in reader.Tags()["scalars"]:
        events = reader.Scalars(tag)
        for before, after in zip(events, events[1:]):
            if after.step < before.step or (after.step == before.step and after.value != before.value):
                sys.exit(f"{tag}: TensorBoard sees step {after.step} after step {before.step}")
        points[tag] = {event.step: event.value for event in events}
    return points


def check(name, run, board):
    ours, theirs = points_of_run(run), points_of_board(board)
    if not ours:
        sys.exit(f"{name}: the run has no points")
    if ours.keys() != theirs.keys():
        sys.exit(f"{name}: the run has {sorted(ours)}, TensorBoard sees {sorted(theirs)}")
    for tag, curve in ours.items():
        if curve.keys() != theirs[tag].keys():
            sys.exit(f"{name}: {tag} has {len(curve)} points, TensorBoard sees {len(theirs[tag])}")
        for step, value in curve.items():
            if numpy.float32(value) != numpy.float32(theirs[tag][step]):
                sys.exit(f"{name}: {tag} at step {step} is {value}, TensorBoard sees {theirs[tag][step]}")
    files = len(list(board.iterdir()))
    print(f"{name}: all {sum(map(len, ours.values()))} points of {len(ours)} curves are the same, from {files} file{'s' if files > 1 else ''}", flush=True)


def main():
    cli, data = sys.argv[1], pathlib.Path(sys.argv[2]).resolve() / "cats-dogs"
    print(f"TensorBoard {tensorboard.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)

        def plain(name, *options):
            return [cli, "train", str(data), "--out", str(work / f"{name}.safetensors"), "--run", str(work / name), *options]

        def command(name, *options):
            return [*plain(name, *options), "--tensorboard", str(work / f"{name}-board")]

        small = ("--mode", "scratch", "--model", "small", "--size", "32")
        quiet = {"env": {**os.environ, "XDG_CACHE_HOME": str(work / "cache")}, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        for name, options in (("quick", ("--mode", "quick")), ("scratch", (*small, "--epochs", "3"))):
            subprocess.run(command(name, *options), check=True, **quiet)
            check(name, work / name, work / f"{name}-board")

        def end(name, arguments, how):
            """Once it has a hundred steps behind it."""
            process = subprocess.Popen(arguments, **quiet)
            metrics = work / name / "metrics.jsonl"
            while process.poll() is None and not (metrics.exists() and metrics.read_text().count("training_loss") >= 100):
                time.sleep(0.01)
            process.send_signal(how)
            if process.wait() == 0:
                sys.exit(f"{name}: it had ended before it could be interrupted")

        options = (*small, "--epochs", "30")
        end("killed", command("killed", *options), signal.SIGKILL)
        subprocess.run(command("killed", *options, "--resume"), check=True, **quiet)
        check("killed and gone on with", work / "killed", work / "killed-board")
        end("later", plain("later", *options), signal.SIGINT)
        goes_on = command("later", *options, "--resume")
        subprocess.run(goes_on, check=True, **quiet)
        check("curves wanted when it goes on", work / "later", work / "later-board")
        subprocess.run([*goes_on, "--more-epochs", "2"], check=True, **quiet)
        check("and made longer", work / "later", work / "later-board")
        events = [event for file in (work / "later-board").iterdir() for event in EventFileLoader(str(file)).Load() if event.HasField("summary")]
        if len(events) != sum(map(len, points_of_run(work / "later").values())):
            sys.exit(f"made longer: {len(events)} points are written, some of them twice")


main()
