"""The display of the window's tests, for the window of the frozen program."""

from tests.gui.conftest import display  # noqa: F401
