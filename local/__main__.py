"""python -m local up | reset | env: run the embedded stack, forget what it stored, print its settings."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from types import FrameType

from local import parts
from local.settings import Settings, StackError, is_state, state_folder
from local.stack import Stack, environment_file, occupied, reset
from local.welcome import welcome


def main() -> None:
    arguments = parse()
    try:
        {"up": up, "reset": forget, "env": environment}[arguments.command](arguments)
    except StackError as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        print("\nStopped.")


def up(arguments: argparse.Namespace) -> None:
    signal.signal(signal.SIGTERM, interrupt)
    without = set(filter(None, arguments.without.split(",")))
    if unknown := without - set(parts.OPTIONAL):
        raise StackError(
            f"There is no part {', '.join(sorted(unknown))}; --without takes {', '.join(parts.OPTIONAL)}."
        )
    with (
        occupied(state_folder(os.environ)),
        Stack(Settings.read(os.environ), without=without, seed=arguments.seed) as stack,
    ):
        print(welcome(stack), flush=True)
        stack.watch()


def forget(_: argparse.Namespace) -> None:
    state = state_folder(os.environ)
    if state.exists() and not is_state(state):
        raise StackError(f"{state} is not a folder of the stack; nothing was removed.")
    if state.exists():
        reset(state)
    print("Nothing of this copy is stored any more.")


def environment(_: argparse.Namespace) -> None:
    file = environment_file(state_folder(os.environ))
    if not file.exists():
        raise StackError("The stack is not running. Start it with: make run")
    print(file.read_text(), end="")


def interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    start = commands.add_parser("up", help="start every part and serve until Ctrl-C")
    start.add_argument(
        "--without", default="", metavar="PARTS", help=f"leave out some of: {','.join(parts.OPTIONAL)}"
    )
    start.add_argument("--no-seed", dest="seed", action="store_false", help="leave the tables empty")
    commands.add_parser("reset", help="forget everything this copy has stored")
    commands.add_parser("env", help="print the settings of the running copy as shell exports")
    return parser.parse_args()


if __name__ == "__main__":
    main()
