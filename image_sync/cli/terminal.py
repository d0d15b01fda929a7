"""Terminal: where the command line's words go, and where its one question is answered.

The console knows streams, not jobs.  It must never let a stream's trouble reach a job: a reader that has gone away
(``| head``), a full disk behind ``> log`` or an encoding without the character at hand silence or simplify the text and
nothing else.  Whoever is about to change files looks at ``gone`` first.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TextIO

_LINES_TOGETHER = 256
"""Lines that are handed to a stream at once: a plan of 100,000 lines is neither one string nor 100,000 flushes."""

_PLAIN = {"…": "...", "·": "-", "–": "-", "→": "->", "×": "x", "≈": "~", "’": "'"}
PLAIN_ERRORS = "image_sync.plain"
_STYLES = frozenset({"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[1;31m"})
_STEERS = re.compile(r"\x1b\[(?:0|1|2|1;31)m|[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What changes a terminal's state or the direction of its text, except the end of a line."""


def _escaped(text: str) -> str:
    return text.encode("unicode_escape").decode("ascii")


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(c) or c.encode("ascii", "backslashreplace").decode("ascii") for c in text), error.end


codecs.register_error(PLAIN_ERRORS, _plain)


def fit(stream: TextIO) -> TextIO:
    """Let ``stream`` write what its encoding lacks in plain characters or as an escape instead of raising."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        with contextlib.suppress(OSError, ValueError):
            reconfigure(errors=PLAIN_ERRORS)
    return stream


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person sits at the other end."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Style:
    """Emphasis for a terminal; plain text everywhere else."""

    on: bool = False

    def bold(self, text: str) -> str:
        """A heading."""
        return f"\x1b[1m{text}\x1b[0m" if self.on and text else text

    def dim(self, text: str) -> str:
        """Text that may be passed over."""
        return f"\x1b[2m{text}\x1b[0m" if self.on and text else text

    def alarm(self, text: str) -> str:
        """Text that must not be passed over."""
        return f"\x1b[1;31m{text}\x1b[0m" if self.on and text else text


def takes_style(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether ``stream`` may be given escape sequences: see https://no-color.org; an old Windows console shows them."""
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb" or not is_terminal(stream):
        return False
    return os.name != "nt" or any(environment.get(name) for name in ("WT_SESSION", "ANSICON", "TERM"))


class Console:
    """The report goes to ``out``, what must be heard to ``err``, the answer comes from ``source``.

    ``quiet`` drops all but problems and the summary, ``silent`` also that there is nothing to do; ``verbose`` cuts no
    list.
    """

    def __init__(
        self,
        out: TextIO,
        err: TextIO,
        source: TextIO | None = None,
        *,
        quiet: bool = False,
        silent: bool = False,
        verbose: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        environment = os.environ if environment is None else environment
        self._out, self._err, self._source = fit(out), fit(err), source
        self._broken: dict[TextIO, str] = {}
        self.quiet, self.silent, self.verbose = quiet or silent, silent, verbose
        self.style = Style(takes_style(out, environment))
        self.draws = is_terminal(err) and environment.get("TERM") not in ("dumb", "unknown")

    @property
    def error_stream(self) -> TextIO:
        """Stream that progress is drawn on."""
        return self._err

    @property
    def gone(self) -> str:
        """Reason why the report can't be written any more (its reader has gone away, the disk is full); empty while
        it can."""
        return self._broken.get(self._out, "")

    @property
    def interactive(self) -> bool:
        """Whether a question can be seen and answered."""
        return is_terminal(self._source) and (is_terminal(self._out) or is_terminal(self._err))

    def say(self, *lines: str) -> None:
        """Lines of the report; nothing when quiet."""
        self.say_all(lines)

    def say_all(self, lines: Iterable[str]) -> None:
        """A report of any length."""
        if not self.quiet:
            self._write(self._out, lines)

    def tell(self, *lines: str) -> None:
        """Lines that are said even when quiet."""
        self.tell_all(lines)

    def tell_idle(self, *lines: str) -> None:
        """Lines that say that there is nothing to do; nothing when silent."""
        if not self.silent:
            self.tell(*lines)

    def tell_all(self, lines: Iterable[str]) -> None:
        """Lines, any number of them, that are said even when quiet."""
        self._write(self._out, lines)

    def hand_over(self, names: Iterable[str], end: str) -> None:
        """Names for another program, each with ``end`` behind it: every byte as it is, nothing escaped."""
        binary = getattr(self._out, "buffer", None)
        for name in names:
            if self._out in self._broken:
                return
            try:
                if binary is None:
                    self._out.write(name + end)
                else:
                    binary.write(os.fsencode(name) + end.encode())
            except (OSError, ValueError) as error:
                self._take_broken(self._out, error)
        self._write(self._out, ("",), end="")

    def warn(self, *lines: str) -> None:
        """Lines that are said on the error stream, always."""
        self._write(self._err, lines)

    def complain(self, text: str) -> None:
        """A sentence on the error stream; on a terminal folded between its words, else on one line."""
        if is_terminal(self._err):
            width = shutil.get_terminal_size().columns - 1
            self.warn(*textwrap.wrap(text, max(width, 20), break_long_words=False, break_on_hyphens=False))
        else:
            self.warn(text)

    def ask(self, question: str) -> bool:
        """Whether the answer is a yes; anything else, and no answer at all, is a no."""
        return (self.answer(f"{question} [y/N] ") or "").strip().casefold() in ("y", "yes")

    def answer(self, prompt: str) -> str | None:
        """The line that is typed after ``prompt``; ``None`` when there is nobody any more to type one."""
        stream = self._out if is_terminal(self._out) else self._err
        self._write(stream, (prompt,), end="")
        try:
            answer = self._source.readline() if self._source else ""
        except KeyboardInterrupt:
            self._write(stream, ("",))
            raise
        except (OSError, ValueError):
            answer = ""
        if not answer.endswith("\n"):
            self._write(stream, ("",))
        return answer or None

    def _safe(self, line: str) -> str:
        """``line`` without anything that would steer a terminal, whatever file it speaks of; our own style stays."""
        if not _STEERS.search(line):
            return line
        return _STEERS.sub(
            lambda found: found[0] if self.style.on and found[0] in _STYLES else _escaped(found[0]), line
        )

    def _write(self, stream: TextIO, lines: Iterable[str], end: str = "\n") -> None:
        remaining = iter(lines)
        while stream not in self._broken and (batch := list(islice(remaining, _LINES_TOGETHER))):
            text = "".join(map(self._safe, batch)) if not end else "".join(self._safe(line) + end for line in batch)
            try:
                try:
                    stream.write(text)
                except UnicodeEncodeError:
                    stream.write(text.encode("ascii", PLAIN_ERRORS).decode("ascii"))
                stream.flush()
            except (OSError, ValueError) as error:
                self._take_broken(stream, error)

    def _take_broken(self, stream: TextIO, error: Exception) -> None:
        """Say no more on a stream that can't be written."""
        self._broken[stream] = getattr(error, "strerror", None) or str(error) or type(error).__name__
        silence(stream)


def silence(stream: TextIO) -> None:
    """Lead what is still in the buffer of a broken stream nowhere: the interpreter's exit would trip on it."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def standard_streams() -> tuple[TextIO, TextIO, TextIO | None]:
    """Output, errors and input of the process; a process without them (no console) writes nowhere."""
    return sys.stdout or _nowhere(), sys.stderr or _nowhere(), sys.stdin


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")
