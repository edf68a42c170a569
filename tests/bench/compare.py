#!/usr/bin/env python3
"""Runs two commands alternately (A B A B ...) and prints the median of a figure that each prints, and their ratio A / B.

Usage: compare.py [--runs N] --a COMMAND --a-figure REGEX --b COMMAND --b-figure REGEX
REGEX has one group, the number; the last match in the output counts. Without REGEX the figure is
the wall time in seconds. Alternation and medians, because a shared machine changes its speed by the minute."""
import argparse, re, statistics, subprocess, sys, time


def figure(command, pattern):
    began = time.perf_counter()
    done = subprocess.run(command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    seconds = time.perf_counter() - began
    if done.returncode:
        sys.exit(f"{command}: exit {done.returncode}\n{done.stdout[-2000:]}")
    if pattern is None:
        return seconds
    found = re.findall(pattern, done.stdout)
    if not found:
        sys.exit(f"{command}: nothing like {pattern} in\n{done.stdout[-2000:]}")
    return float(found[-1])


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--runs", type=int, default=5)
    for side in "ab":
        arguments.add_argument(f"--{side}", required=True)
        arguments.add_argument(f"--{side}-figure")
    wish = arguments.parse_args()
    a, b = [], []
    for _ in range(wish.runs):
        a.append(figure(wish.a, wish.a_figure))
        b.append(figure(wish.b, wish.b_figure))
        print(f"A {a[-1]:.3f}  B {b[-1]:.3f}", flush=True)
    ratios = sorted(x / y for x, y in zip(a, b))
    print(f"median A {statistics.median(a):.3f}  B {statistics.median(b):.3f}  A/B {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")


main()
