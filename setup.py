"""Set the program up (``python3 setup.py``), test it (``python3 setup.py test``), or build it (anything else).

The first two need nothing but Python.  Every other command is setuptools' own, which ``pip install .`` calls; what it
builds is described in ``pyproject.toml``.  This file must parse on every old Python, so that one that is too old is
told so in words.
"""

import os
import sys

# A build front end executes this file without putting its folder on the path.
FOLDER = os.path.dirname(os.path.abspath(__file__))
if FOLDER not in sys.path:
    sys.path.insert(0, FOLDER)

from image_sync.python_version import refuse_old_python  # noqa: E402

if __name__ == "__main__":
    refuse_old_python()
    if not sys.argv[1:]:
        from image_sync.bootstrap import set_up

        sys.exit(set_up())
    if sys.argv[1] == "test":
        from image_sync.bootstrap import run_tests

        sys.exit(run_tests(sys.argv[2:]))
    try:
        from setuptools import setup
    except ImportError:
        from image_sync.bootstrap import refuse_to_build

        sys.exit(refuse_to_build())
    setup()
