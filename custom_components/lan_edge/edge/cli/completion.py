"""Print a script that makes a shell complete `lan-edge` with the tab key.

The script knows the commands, their options and the ids of the bundled drivers. It is text that
runs nothing, so it has to be made again after an update of `lan-edge`.
"""

import argparse
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .drivers import registry_with
from .exits import Exit
from .output import Output

FILES = ("FILE", "PATH", "DRIVER")
"""The arguments that can be a file, by what `--help` calls them."""
TRACKING = """\
_lan_edge_candidates() { # CURRENT [WORD...]: sets `candidates`, and `files` if files are among them
    local current=$1 command= option= position=0 word
    shift
    for word in "$@"; do
        if [[ -n $option ]]; then
            [[ $word == "=" ]] || option=
        elif [[ -z $command ]]; then
            [[ $word == -* ]] || command=$word
        elif [[ $word == -* ]]; then
            case "$command $word" in
            @VALUED@) option=$word ;;
            esac
        else
            position=$((position + 1))
        fi
    done
    [[ -z $option && $current == -* ]] && option=-
    case "$command ${option:-$position}" in
@CASES@
    esac
}
"""
"""Finds the candidates, in the common language of bash and zsh."""
BASH = """\
_lan_edge() {
    local current=${COMP_WORDS[COMP_CWORD]} candidates= files= IFS=$' \\t\\n'
    [[ $current == "=" ]] && current=
    _lan_edge_candidates "$current" "${COMP_WORDS[@]:1:COMP_CWORD-1}"
    COMPREPLY=($(compgen -W "$candidates" -- "$current"))
    if [[ -n $files ]]; then
        IFS=$'\\n'
        compopt -o filenames 2>/dev/null
        COMPREPLY+=($(compgen -f -- "$current"))
    fi
}
complete -F _lan_edge lan-edge
"""
ZSH = """\
_lan_edge() {
    local current=$words[CURRENT] candidates= files=
    local -a before=("${(@)words[2,CURRENT-1]}")
    if [[ $current == --*=* ]]; then
        before+=("${current%%=*}")
        current=${current#*=}
        compset -P '*='
    fi
    _lan_edge_candidates "$current" "${(@)before}"
    compadd -- ${=candidates}
    [[ -n $files ]] && _files
}
if [[ $funcstack[1] == _lan-edge ]]; then
    _lan_edge "$@"
else
    compdef _lan_edge lan-edge
fi
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the command line, and what can be there."""

    command: str
    """Empty before the command."""
    key: str
    """The option that it is the value of, `-` for an option itself, or the number of arguments
    before it."""
    words: Collection[str] = ()
    is_file: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("shell", metavar="SHELL", choices=SCRIPTS, help=", ".join(SCRIPTS))


async def run(arguments: argparse.Namespace, output: Output) -> Exit:
    """Write the script."""
    drivers = (await registry_with(None)).drivers
    script = SCRIPTS[arguments.shell](commands_of(arguments.parser), list(drivers))
    output.tell(script.rstrip("\n"), shell=arguments.shell, script=script)
    return Exit.DONE


type CommandParsers = Mapping[str, argparse.ArgumentParser]
"""The parsers of the commands; that of the command line itself has an empty name."""


def commands_of(parser: argparse.ArgumentParser) -> CommandParsers:
    """Return the parsers of a command line."""
    choices = next(each.choices for each in _actions(parser) if isinstance(each.choices, dict))
    return {"": parser, **choices}


def _bash(commands: CommandParsers, drivers: Collection[str]) -> str:
    return _tracking(commands, drivers) + BASH


def _zsh(commands: CommandParsers, drivers: Collection[str]) -> str:
    return f"#compdef lan-edge\n{_tracking(commands, drivers)}{ZSH}"


def _tracking(commands: CommandParsers, drivers: Collection[str]) -> str:
    places = list(_places(commands, drivers))
    valued = (f'"{each.command} {each.key}"' for each in places if each.key.startswith("--"))
    cases = (
        f'    "{each.command} {each.key}") '
        f'candidates="{" ".join(each.words)}" files={"yes" if each.is_file else ""} ;;'
        for each in places
    )
    return TRACKING.replace("@VALUED@", " | ".join(valued)).replace("@CASES@", "\n".join(cases))


def _places(commands: CommandParsers, drivers: Collection[str]) -> Iterator[Place]:
    for command, parser in commands.items():
        actions = _actions(parser)
        yield Place(command, "-", [name for each in actions for name in each.option_strings])
        arguments = [each for each in actions if not each.option_strings]
        for number, action in enumerate(arguments):
            yield Place(command, str(number), _words(action, drivers), _is_file(action))
        for action in actions:
            if action.option_strings and action.nargs != 0:
                for name in action.option_strings:
                    yield Place(command, name, _words(action, drivers), _is_file(action))


def _fish(commands: CommandParsers, drivers: Collection[str]) -> str:
    lines = ["complete -c lan-edge -f"]
    for command, parser in commands.items():
        condition = f"__fish_seen_subcommand_from {command}" if command else "__fish_use_subcommand"
        if command:
            summary = _quoted((parser.description or "").partition("\n")[0].rstrip("."))
            lines.append(f"complete -c lan-edge -n __fish_use_subcommand -a {command} -d {summary}")
        lines += _fish_options(parser, f"complete -c lan-edge -n '{condition}'", drivers)
        arguments = [each for each in _actions(parser) if not each.option_strings]
        for number, action in enumerate(arguments if command else ()):
            here = f"complete -c lan-edge -n '{condition}; and __fish_is_nth_token {number + 2}'"
            lines += [here + part for part in _fish_values(action, drivers)]
    return "\n".join(lines) + "\n"


def _fish_options(
    parser: argparse.ArgumentParser, start: str, drivers: Collection[str]
) -> Iterator[str]:
    for action in _actions(parser):
        if action.option_strings:
            names = "".join(
                f" -l {name[2:]}" if name.startswith("--") else f" -s {name[1:]}"
                for name in action.option_strings
            )
            values = "".join(_fish_values(action, drivers)) if action.nargs != 0 else ""
            requires = " -x" if action.nargs != 0 and not _is_file(action) else ""
            yield f"{start}{names}{requires} -d {_quoted(action.help or '')}{values}"


def _fish_values(action: argparse.Action, drivers: Collection[str]) -> Iterator[str]:
    if words := _words(action, drivers):
        yield f" -a {_quoted(' '.join(words))}"
    if _is_file(action):
        yield " -r -F" if action.option_strings else " -F"


def _quoted(text: str) -> str:
    """Return a text as a word of fish."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return parser._actions  # noqa: SLF001  # argparse has no other list of them


def _words(action: argparse.Action, drivers: Collection[str]) -> Collection[str]:
    """Return the words that can be the value of an argument."""
    return drivers if action.metavar == "DRIVER" else list(action.choices or ())


def _is_file(action: argparse.Action) -> bool:
    return action.metavar in FILES or action.type is Path


SCRIPTS = {"bash": _bash, "zsh": _zsh, "fish": _fish}
"""What makes the script of each shell."""
