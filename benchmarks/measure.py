"""Measure whole processes side by side: interleaved rounds, medians, CPU beside wall and memory."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: seconds of wall clock and CPU, peak memory in MB."""

    wall: float
    cpu: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Contender:
    """A command to time, with the name it has in the table."""

    name: str
    command: tuple[str, ...]


def run_once(command: Sequence[str]) -> Run:
    """Run a command to its end with its output thrown away; an error when it does not end well."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=_everyday_environment()
    )
    message = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{command} ended with {process.returncode}: {message.decode()[-800:]}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _everyday_environment() -> dict[str, str]:
    """As on a user's machine, where compiled modules are kept between runs."""
    return {name: value for name, value in os.environ.items() if name not in NOT_EVERYDAY}


def side_by_side(contenders: Sequence[Contender], rounds: int) -> dict[str, list[Run]]:
    """Run all contenders in turn, `rounds` times after one warm-up each."""
    results: dict[str, list[Run]] = {each.name: [] for each in contenders}
    for number in range(rounds + 1):
        for each in contenders:
            run = run_once(each.command)
            if number:
                results[each.name].append(run)
    return results


def median(runs: Sequence[Run]) -> Run:
    """The median of each figure."""
    return Run(
        statistics.median(run.wall for run in runs),
        statistics.median(run.cpu for run in runs),
        statistics.median(run.peak_mb for run in runs),
    )


def table(results: dict[str, list[Run]], against: str) -> str:
    """A Markdown table with ratios against one contender of the same run."""
    base = median(results[against])
    lines = [
        "| | wall s | CPU s | peak MB | wall ratio | CPU ratio |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, runs in results.items():
        each = median(runs)
        lines.append(
            f"| {name} | {each.wall:.2f} | {each.cpu:.2f} | {each.peak_mb:.0f} "
            f"| {each.wall / base.wall:.2f} | {each.cpu / base.cpu:.2f} |"
        )
    return "\n".join(lines)


def machine() -> str:
    """The machine in one line; figures mean nothing without it."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{os.cpu_count()} processors ({platform.machine()}), {platform.system()},"
        f" Python {platform.python_version()}, load average at the start {load}."
    )


PYTHON = sys.executable
NOT_EVERYDAY = {"PYTHONDONTWRITEBYTECODE"}
