"""Comparison of one core with all cores."""

import os
from contextlib import suppress
from statistics import median

import machine
import measure
import report
from compare import TITLES
from systems import say

NAMES = ["postgres", "sqlite"]
SCENARIOS = ["me", "page", "search"]


def measure_cores(systems, postgres, quick):
    """Returns the table. A server starts anew on its cores, so that it has the threads of a machine with as many."""
    count, seconds = (1, 1) if quick else (5, 4)
    requests = {system: system.requests() for system in systems}
    found = {}
    for _ in range(count):
        for system in systems:
            for cores in (machine.SERVER_CORES[:1], machine.SERVER_CORES):
                start_on(cores, system, postgres)
                for scenario in SCENARIOS:
                    measure.load(system, requests[system][scenario], 1)
                    sample = measure.load(system, requests[system][scenario], seconds)
                    measure.wait_until_idle(system)
                    found.setdefault((system.name, scenario), {}).setdefault(len(cores), []).append(sample)
                    say(f"{system.name:11} {scenario:7} {len(cores)} cores {sample.rate:9.1f}/s {sample.cpu:7.0f} µs")
    return table(found)


def start_on(cores, system, postgres):
    """Restarts the server on these cores, and moves PostgreSQL to them."""
    system.cores = cores
    system.restart()
    for pid in measure.family(postgres.pid):
        with suppress(ProcessLookupError):
            os.sched_setaffinity(pid, cores)


def table(found):
    many = len(machine.SERVER_CORES)
    header = ["", "requests/s: 1 core", f"{many} cores", "ratio"]
    header += ["CPU µs per request: 1 core", f"{many} cores", "ratio"]
    rows = []
    for (name, scenario), samples in found.items():
        middle = lambda cores, field: median(getattr(sample, field) for sample in samples[cores])
        rates = middle(1, "rate"), middle(many, "rate")
        times = middle(1, "cpu"), middle(many, "cpu")
        numbers = [*(f"{rate:,.0f}" for rate in rates), f"{rates[1] / rates[0]:.2f}"]
        numbers += [*(f"{time:,.0f}" for time in times), f"{times[1] / times[0]:.2f}"]
        rows.append([f"{TITLES[name]}: {scenario}", *numbers])
    return f"{report.table(header, rows)}\n\nMachine: {machine.description()}"
