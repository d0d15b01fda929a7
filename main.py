"""The door: ``python3 main.py`` opens the window, ``python3 main.py COMMAND ...`` is the command line.

All that is needed is a Python with tkinter; at the first start the rest is fetched into ``.venv`` beside this file.
This file must parse on every old Python, so that one that is too old is told so in words.
"""

import sys

from image_sync.python_version import refuse_old_python

if __name__ == "__main__":
    refuse_old_python()
    from image_sync.bootstrap import launch

    sys.exit(launch(sys.argv[1:]))
