"""Completion scripts for bash, zsh, fish and PowerShell, made of the declared commands and options.

Pure text.  A script knows every command and its options with their words; where another value or a path is meant, the
shell completes paths.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from image_sync.cli.arguments import PROGRAM
from image_sync.cli.shell.declared import Described, Flag, described

_GENERAL = ("--help", "--version")


def script(shell: str) -> str:
    """The script of a shell, which is one of ``SHELLS``."""
    return "\n".join(SHELLS[shell]()).replace("…", "...") + "\n"


def _bash() -> Iterator[str]:
    yield f"# bash completion of {PROGRAM}; made by '{PROGRAM} completion bash'."
    yield "_image_sync() {"
    yield "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= word"
    yield "    COMPREPLY=()"
    yield '    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do'
    yield "        case $word in -*) ;; *) command=$word; break ;; esac"
    yield "    done"
    yield "    case $command in"
    for one in described():
        yield f"    {one.command.name})"
        yield "        case $before in"
        for flag in one.flags:
            if flag.words:
                words = _quoted(" ".join(flag.words))
                yield f'        {"|".join(flag.names)}) COMPREPLY=($(compgen -W {words} -- "$current")); return ;;'
            elif flag.metavar and not flag.optional:
                yield f"        {'|'.join(flag.names)}) return ;;"
        yield "        esac"
        yield f"        words={_quoted(' '.join(_names(one)))} places={_quoted(' '.join(one.words))} ;;"
    yield f"    '') words={_quoted(' '.join((*_commands(), *_GENERAL)))} places= ;;"
    yield "    *) return ;;"
    yield "    esac"
    yield "    if [[ $current == -* || -z $command ]]; then"
    yield '        COMPREPLY=($(compgen -W "$words" -- "$current"))'
    yield '    elif [[ -n $places && $before == "$command" ]]; then'
    yield '        COMPREPLY=($(compgen -W "$places" -- "$current"))'
    yield "    fi"
    yield "}"
    yield f"complete -o bashdefault -o default -F _image_sync {PROGRAM}"


def _zsh() -> Iterator[str]:
    yield f"#compdef {PROGRAM}"
    yield f"# zsh completion; made by '{PROGRAM} completion zsh'."
    yield "_image_sync() {"
    yield "  local -a commands"
    yield "  commands=("
    yield from (f"    {_quoted(f'{_plain(one.command.name)}:{_plain(one.command.summary)}')}" for one in described())
    yield "  )"
    yield "  if (( CURRENT == 2 )); then"
    yield f"    _describe -t commands command commands; compadd -- {' '.join(_GENERAL)}; return"
    yield "  fi"
    yield "  local command=$words[2]"
    yield "  shift words; (( CURRENT-- ))"
    yield "  case $command in"
    for one in described():
        yield f"  {one.command.name})"
        yield "    _arguments -s \\"
        for flag in one.flags:
            yield from (f"      {_quoted(_zsh_flag(flag, name))} \\" for name in flag.names)
        rest = f"*:word:({' '.join(one.words)})" if one.words else "*:path:_files"
        yield f"      {_quoted(rest)} ;;"
    yield "  esac"
    yield "}"
    yield f"compdef _image_sync {PROGRAM}"


def _zsh_flag(flag: Flag, name: str) -> str:
    told = f"{name}{'=' if flag.optional else ''}[{_plain(flag.help)}]"
    if not flag.metavar:
        return told
    colon = "::" if flag.optional else ":"
    what = (
        f"({' '.join(flag.words)})" if flag.words else {"FILE": "_files", "FOLDER": "_files -/"}.get(flag.metavar, " ")
    )
    return f"{told}{colon}{_plain(flag.metavar)}:{what}"


def _fish() -> Iterator[str]:
    yield f"# fish completion; made by '{PROGRAM} completion fish'."
    first = "__fish_use_subcommand"
    for one in described():
        yield f"complete -c {PROGRAM} -n {first} -f -a {one.command.name} -d {_quoted(one.command.summary)}"
    yield from (f"complete -c {PROGRAM} -n {first} -l {name.lstrip('-')}" for name in _GENERAL)
    for one in described():
        when = _quoted(f"__fish_seen_subcommand_from {one.command.name}")
        if one.words:
            yield f"complete -c {PROGRAM} -n {when} -f -a {_quoted(' '.join(one.words))}"
        for flag in one.flags:
            yield f"complete -c {PROGRAM} -n {when} {_fish_flag(flag)} -d {_quoted(flag.help)}"


def _fish_flag(flag: Flag) -> str:
    names = [f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in flag.names]
    if flag.words:
        names.append(f"-x -a {_quoted(' '.join(flag.words))}")
    elif flag.takes_path:
        names.append("-r -F")
    elif flag.metavar and not flag.optional:
        names.append("-x")
    return " ".join(names)


def _powershell() -> Iterator[str]:
    yield f"# PowerShell completion; made by '{PROGRAM} completion powershell'."
    yield f"Register-ArgumentCompleter -Native -CommandName {PROGRAM} -ScriptBlock {{"
    yield "    param($wordToComplete, $commandAst, $cursorPosition)"
    yield "    $options = @{"
    for one in described():
        yield f"        {_doubled(one.command.name)} = @({', '.join(map(_doubled, (*_names(one), *one.words)))})"
    yield "    }"
    yield "    $values = @{"
    for one in described():
        for flag in one.flags:
            for name in flag.names if flag.words else ():
                words = ", ".join(map(_doubled, flag.words))
                yield f"        {_doubled(f'{one.command.name} {name}')} = @({words})"
    yield "    }"
    yield "    $typed = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })"
    yield "    $command = $typed | Select-Object -Skip 1 | Where-Object { $_ -notlike '-*' } | Select-Object -First 1"
    yield "    $before = if ($wordToComplete) { $typed[-2] } else { $typed[-1] }"
    yield f"    $known = @({', '.join(map(_doubled, (*_commands(), *_GENERAL)))})"
    yield '    if ($values.ContainsKey("$command $before")) { $known = $values["$command $before"] }'
    yield "    elseif ($command -and $options.ContainsKey($command) -and $command -ne $wordToComplete) {"
    yield "        $known = $options[$command]"
    yield "    }"
    yield '    $known | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {'
    yield "        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterName', $_)"
    yield "    }"
    yield "}"


def _commands() -> tuple[str, ...]:
    return tuple(one.command.name for one in described())


def _names(one: Described) -> tuple[str, ...]:
    return tuple(name for flag in one.flags for name in flag.names)


def _quoted(text: str) -> str:
    """A text in single quotes, for the shells of Unix."""
    return "'" + text.replace("'", "'\\''") + "'"


def _doubled(text: str) -> str:
    """A text in single quotes, for PowerShell."""
    return "'" + text.replace("'", "''") + "'"


def _plain(text: str) -> str:
    """A text without what means something in a description of zsh."""
    return text.replace("\\", "").replace("[", "(").replace("]", ")").replace(":", " -")


SHELLS: Mapping[str, Callable[[], Iterator[str]]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
    "powershell": _powershell,
}
