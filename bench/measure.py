"""Load generation with wrk, and measurement of processor time and memory."""

import os
import re
import subprocess
import time
import uuid
from dataclasses import dataclass
from math import inf
from pathlib import Path

from machine import CONNECTIONS, LOAD_CORES, pinned

WRK = Path(__file__).resolve().parent / "wrk"
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Sample:
    """One round: requests per second, milliseconds, and microseconds of processor time per request.

    The times are infinite if there was no response.
    """

    rate: float
    p50: float
    p99: float
    server_cpu: float
    database_cpu: float = 0.0

    @property
    def cpu(self):
        return self.server_cpu + self.database_cpu


def family(pid):
    """Returns the ids of the process and all its descendants."""
    children = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    found, waiting = [], [pid]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def cpu(pid):
    """Returns the seconds of processor time of the process and all its descendants, including exited ones."""
    ticks = 0
    for member in family(pid):
        try:
            fields = Path(f"/proc/{member}/stat").read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        ticks += sum(map(int, fields[11:15 if member == pid else 13]))
    return ticks / TICKS


def memory(pid):
    """Returns the memory of the process and all its descendants in MB, counting shared pages once."""
    total = 0
    for member in family(pid):
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{member}/smaps_rollup").read_text(), re.M)
        total += int(found[1])
    return total / 1024


def wrk(system, request, seconds, connections=CONNECTIONS):
    """Starts wrk with one thread, or one per core where it has cores for itself."""
    threads = min(max(1, len(LOAD_CORES)), connections)
    line = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "--latency"]
    if request.script:
        line += ["-s", str(WRK / request.script)]
    environment = {
        "HEADER": system.header,
        "SCHEME": system.scheme,
        "TOKENS": " ".join(request.tokens or system.tokens),
        "BODY": request.body,
        "RUN": uuid.uuid4().hex,
    }
    return subprocess.Popen(
        pinned(LOAD_CORES or system.cores, [*line, f"{system.base}{request.path}"]),
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read(process):
    """Returns the rate, p50, p99 and the number of responses that wrk reports."""
    text = process.communicate()[0]
    bad = re.search(r"Non-2xx.*?(\d+)", text)
    if process.returncode or bad or "Socket errors" in text and "timeout 0" not in text:
        raise SystemExit(f"wrk reported errors:\n{text}")
    quantile = lambda n: (lambda m: float(m[1]) * UNITS[m[2]])(re.search(rf"^\s+{n}%\s+([\d.]+)(us|ms|s|m)\b", text, re.M))
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
    responses = int(re.search(r"(\d+) requests in", text)[1])
    return (rate, quantile(50), quantile(99), responses) if responses else (0.0, inf, inf, 0)


def load(system, request, seconds, **options):
    """Runs one round of load on one system."""
    pids = [system.process.pid] + ([system.postgres.pid] if system.postgres else [])
    before = [cpu(pid) for pid in pids]
    rate, p50, p99, responses = read(wrk(system, request, seconds, **options))
    used = [(cpu(pid) - start) / responses * 1e6 if responses else inf for pid, start in zip(pids, before)]
    return Sample(rate, p50, p99, *used)


def wait_until_idle(system):
    """Waits until the system has finished the requests that wrk abandoned at the end, for ten seconds at most."""
    previous = None
    for _ in range(100):
        now = cpu(system.process.pid)
        if now == previous:
            return
        previous = now
        time.sleep(0.1)
