#!/usr/bin/env python3
"""Runs two commands alternately (A B A B ...) and prints the median of a figure that each prints, and their ratio A / B.

Usage: compare.py [--runs N] --a COMMAND --a-figure REGEX... --b COMMAND --b-figure REGEX...
REGEX has one group, the number; the last match in the output counts; the first REGEX of A is compared with the first of B, and so on. Without REGEX the
figure is the wall time in seconds. Alternation and medians, because a shared machine changes its speed by the minute."""
import argparse, re, statistics, subprocess, sys, time


def figures(command, patterns):
    began = time.perf_counter()
    done = subprocess.run(command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    seconds = time.perf_counter() - began
    if done.returncode:
        sys.exit(f"{command}: exit {done.returncode}\n{done.stdout[-2000:]}")
    if not patterns:
        return [seconds]
    found = [re.findall(pattern, done.stdout) for pattern in patterns]
    for pattern, matches in zip(patterns, found):
        if not matches:
            sys.exit(f"{command}: nothing like {pattern} in\n{done.stdout[-2000:]}")
    return [float(matches[-1]) for matches in found]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--runs", type=int, default=5)
    for side in "ab":
        arguments.add_argument(f"--{side}", required=True)
        arguments.add_argument(f"--{side}-figure", action="append")
    wish = arguments.parse_args()
    a, b = [], []
    for _ in range(wish.runs):
        a.append(figures(wish.a, wish.a_figure))
        b.append(figures(wish.b, wish.b_figure))
        print("; ".join(f"A {x:.3f}  B {y:.3f}" for x, y in zip(a[-1], b[-1])), flush=True)
    for name, xs, ys in zip(wish.a_figure or ["seconds"], zip(*a), zip(*b)):
        ratios = sorted(x / y for x, y in zip(xs, ys))
        label = f"{name}: " if len(a[0]) > 1 else ""
        print(f"{label}median A {statistics.median(xs):.3f}  B {statistics.median(ys):.3f}  A/B {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")


main()
