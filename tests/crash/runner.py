"""A program that runs one of our services per line of its input, each in a child that may be killed.

A line is {"run": "services.cancellations:cancel", "arguments": […], "caller": {…}}; for each, the child's
process id is written first and then how it ended. The app is imported once: a child starts in milliseconds.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from importlib import import_module
from typing import Any

from app import create_app
from services import caller
from services.caller import Caller
from services.refusals import Refusal


def main() -> None:
    app = create_app()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            with app.app_context():
                perform(**json.loads(line))
            os._exit(0)
        say(child)
        _, status = os.waitpid(child, 0)
        say(status)


def perform(run: str, arguments: list[Any], caller: dict[str, Any]) -> None:
    module, _, function = run.partition(":")
    try:
        with acting_as(caller):
            getattr(import_module(module), function)(*arguments)
    except Refusal as refusal:
        sys.stderr.write(f"{run}: {refusal.word}\n")
        sys.stderr.flush()
        os._exit(2)
    except BaseException:  # noqa: BLE001 (a child must not go on as its parent)
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def acting_as(facts: dict[str, Any]) -> Any:
    return caller.acting_as(Caller(**facts))


def say(word: int) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
