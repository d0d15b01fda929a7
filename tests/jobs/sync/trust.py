"""``python -m tests.jobs.sync.trust [--examples N] [--steps N] [--minutes N] [--place FOLDER]``: long trust tests.

The state machine of ``test_machine`` in rounds, each with a seed of its own, then the properties of the rules, and what
they went through in figures.  A failure ends it with Hypothesis' shortest example.  Nothing is asserted here that the
tests don't assert.
"""

from __future__ import annotations

import argparse
import os
import sys
import time

ROUND = 50
"""Examples of the machine between two looks at the clock."""


def main() -> int:
    options = _options()
    os.environ["IMAGE_SYNC_MACHINE"] = f"{ROUND},{options.steps}"
    os.environ["IMAGE_SYNC_EXAMPLES"] = str(options.properties)
    if options.place:
        os.environ["IMAGE_SYNC_MACHINE_PLACE"] = options.place
    from tests.jobs.sync import test_machine

    began = time.monotonic()
    while test_machine.TALLY["examples"] < options.examples and time.monotonic() - began < options.minutes * 60:
        test_machine.test_two_people_and_a_killer()
    for name, number in test_machine.TALLY.items():
        print(f"{name:20}{number:>16,}")
    print(f"{'seconds':20}{time.monotonic() - began:>16,.0f}")
    print(f"{'examples of the rules':20}{_properties():>15,}")
    return 0


def _properties() -> int:
    """Try the properties of the rules; how many examples that were."""
    from tests.jobs.sync.rules import test_properties as properties

    tried = 0
    for name, test in vars(properties).items():
        if name.startswith("test_"):
            inner = test.hypothesis.inner_test
            count = [0]

            def counted(*arguments: object, inner: object = inner, count: list[int] = count, **more: object) -> None:
                count[0] += 1
                inner(*arguments, **more)  # type: ignore[operator]

            test.hypothesis.inner_test = counted
            test()
            tried += count[0]
    return tried


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.jobs.sync.trust", description=__doc__)
    parser.add_argument("--examples", type=int, default=200, help="histories of two folders that are tried")
    parser.add_argument("--steps", type=int, default=20, help="edits and syncs of each")
    parser.add_argument("--minutes", type=float, default=10.0, help="begin no further round after this time")
    parser.add_argument("--properties", type=int, default=1000, help="examples of each property of the rules")
    parser.add_argument("--place", default="", help="the folder that the folders are made in; default: in memory")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
