"""Carrying out plans, and taking them back.  The executor knows no job and no rule.

The public face has a function of the same name, ``image_sync.apply``: this package can be called as it.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class _CallablePackage(ModuleType):
    """This package, and the public function ``apply`` at once: an import of either must not hide the other."""

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Carry out the plan of a review (see ``api.apply``)."""
        return import_module("image_sync.api").apply(*arguments, **options)


sys.modules[__name__].__class__ = _CallablePackage
