"""Measures this server. Run by `cargo xtask bench`.

By default, compares it with the guide's FastAPI application, better-auth and PocketBase; with `--cores` it compares one
core with all, and with `--against` two builds. The systems alternate, so that other load on the machine affects all of
them. The tables have medians. `--quick` runs one short round and is for trying the program itself.
"""

import argparse
import signal
import sys
from contextlib import contextmanager

import against
import compare
import cores
import report
from other_systems import BetterAuth, PocketBase
from systems import FEW, MANY, WORK, Guide, Postgres, Vestibule

# better-auth and PocketBase read the whole table for a search, which takes seconds with a million users.
SOME = 100_000
NAMES = ["guide", "better-auth", "pocketbase", "postgres", "sqlite"]


def all_systems(names, postgres):
    """Returns the systems with these names, each with few and with many users."""
    systems = []
    for offset, users in enumerate((FEW, MANY)):
        source = Vestibule(8130 + offset, users)
        some = min(users, SOME)
        systems += [
            Guide(8110 + offset, users, postgres),
            BetterAuth(8140 + offset, some, source),
            PocketBase(8150 + offset, some, source),
            Vestibule(8120 + offset, users, postgres),
            source,
        ]
    if {"better-auth", "pocketbase"} & {*names}:
        for source in (system for system in systems if system.name == "sqlite"):
            source.fill()
    return [system for system in systems if system.name in names]


@contextmanager
def running(systems):
    """Fills and starts the systems, signs in, and stops them in the end."""
    try:
        for system in systems:
            system.start()
            system.fill()
            system.sign_in()
        yield systems
    finally:
        for system in systems:
            system.stop()


def measured(arguments, postgres):
    """Returns the marks in the document and the text between them."""
    if arguments.against:
        build = against.Build(arguments.against)
        with running(build.systems(postgres)) as systems:
            return "against", against.measure_builds(systems, build, arguments.quick)
    if arguments.cores:
        systems = [system for system in all_systems(arguments.only or cores.NAMES, postgres) if system.users > FEW]
        with running(systems):
            return "cores", cores.measure_cores(systems, postgres, arguments.quick)
    with running(all_systems(arguments.only or NAMES, postgres)) as systems:
        return "measured", compare.measure_systems(systems, arguments.quick)


def parse():
    parser = argparse.ArgumentParser(prog="cargo xtask bench", description=__doc__)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--cores", action="store_true", help="compare one core with all cores")
    what.add_argument("--against", metavar="REV", help="compare with the build of a commit, or a binary at a path")
    parser.add_argument("--only", choices=NAMES, action="append", help="measure only this system; repeatable")
    parser.add_argument("--quick", action="store_true", help="one short round, to try the program itself")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    arguments = parser.parse_args()
    if arguments.only and (arguments.write or arguments.against):
        parser.error("--only cannot be combined with --write or --against")
    return arguments


def main():
    arguments = parse()
    # Ends by an exception, so that the servers are stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    WORK.mkdir(parents=True, exist_ok=True)
    postgres = Postgres()
    postgres.start()
    try:
        marks, text = measured(arguments, postgres)
    finally:
        postgres.stop()
    print(text)
    if arguments.write:
        report.write(marks, text)


if __name__ == "__main__":
    sys.exit(main())
