"""python -m bench [SCENARIO …]: run scenarios on a stack of their own; all of them when none is named."""

from __future__ import annotations

import argparse
import sys
import time

from bench import results
from bench.results import Result
from bench.scenarios import SCENARIOS
from bench.site import Site
from local.settings import StackError


def main() -> None:
    wanted = parse().scenarios or list(SCENARIOS)
    began = time.perf_counter()
    try:
        found = run(wanted)
    except StackError as error:
        sys.exit(f"\n{error}")
    seconds = time.perf_counter() - began
    print(f"\n{results.table(found)}\n\n{seconds:.0f} seconds; kept in {results.write(found, seconds)}")
    sys.exit(any(result.kept is False for result in found))


def run(wanted: list[str]) -> list[Result]:
    """Run these scenarios in one stack, telling each result at once."""
    found: list[Result] = []
    with Site() as site:
        for name in wanted:
            for result in SCENARIOS[name](site):
                found.append(result)
                print(result.line(), flush=True)
    return found


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=", ".join(SCENARIOS))
    arguments = parser.parse_args()
    if unknown := set(arguments.scenarios) - set(SCENARIOS):
        parser.error(f"no scenario {', '.join(sorted(unknown))}; there are {', '.join(SCENARIOS)}")
    return arguments


if __name__ == "__main__":
    main()
