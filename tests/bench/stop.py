#!/usr/bin/env python3
"""Measures how long it takes to end a training of ResNet-18 at 224, batch 32, in the window: Stop to stopped, and window closed to process gone, each at four
moments of the run, beside what a step takes.

Usage: stop.py TOUR PICTURES [TIMES]   (TOUR: build/release/bin/tour; PICTURES: a folder of class folders)"""
import statistics, subprocess, sys, time

MOMENTS = ["start", "step", "validation", "checkpoint"]


def close(tour, moment, pictures):
    program = subprocess.Popen([tour, "--close", moment, pictures], stdout=subprocess.PIPE, text=True)
    line = program.stdout.readline()
    if program.wait() or not line.startswith("closed at "):
        sys.exit(f"{tour} --close {moment} {pictures}: exit {program.returncode}, {line!r}")
    return time.monotonic() - float(line.split()[-1])  # Python's clock is the one the tour reads


def main():
    tour, pictures, times = sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 3
    subprocess.run([tour, "--stop", str(times), pictures], check=True)
    for moment in MOMENTS:
        seconds = [close(tour, moment, pictures) for _ in range(times)]
        print(f"{moment}: closed to gone {statistics.median(seconds):.2f} s (most {max(seconds):.2f})", flush=True)


main()
