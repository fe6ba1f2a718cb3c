"""symdiff completion: what a shell needs to complete subcommands, options and their values, made from the command's own arguments."""

from __future__ import annotations

from argparse import Action, ArgumentParser, Namespace
from collections.abc import Iterator

from symdiff.cli.arguments import parsers
from symdiff.cli.reporting import FINE

__all__ = ["run"]


def run(options: Namespace) -> int:
    parser, commands = parsers()
    print(_SHELLS[options.shell](parser, commands))
    return FINE


def _options(parser: ArgumentParser) -> list[Action]:
    return [action for action in parser._actions if action.option_strings]


def _spellings(parser: ArgumentParser) -> list[str]:
    return [spelling for action in _options(parser) for spelling in action.option_strings]


def _choices(parser: ArgumentParser) -> list[str]:
    """The words that may stand in place of an argument, where there are only some: the shells of `completion`."""
    return [str(word) for action in parser._actions if not action.option_strings for word in action.choices or ()]


def _help(action: Action) -> str:
    """One line without what a shell could read as more than text."""
    return "".join([char for char in (action.help or "").partition(" (default")[0] if char not in "'\"`$\\[]:\n"])


def _takes_file(action: Action) -> bool:
    return action.metavar == "FILE"


# bash

def _bash(parser: ArgumentParser, commands: dict[str, ArgumentParser]) -> str:
    return f"""# bash completion of symdiff; put this line into ~/.bashrc:  eval "$(symdiff completion bash)"
_symdiff() {{
    local word="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}" words=""
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "{' '.join([*commands, *_spellings(parser)])}" -- "$word"))
        return
    fi
    case "${{COMP_WORDS[1]}} $before" in
{chr(10).join(_bash_values(commands))}
    esac
    case "${{COMP_WORDS[1]}}" in
{chr(10).join([f'        {name}) words="{" ".join([*_choices(command), *_spellings(command)])}" ;;' for name, command in commands.items()])}
    esac
    COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -o default -F _symdiff symdiff"""


def _bash_values(commands: dict[str, ArgumentParser]) -> Iterator[str]:
    for name, command in commands.items():
        for action in _options(command):
            patterns = "|".join([f'"{name} {spelling}"' for spelling in action.option_strings])
            if action.choices:
                yield f'        {patterns}) COMPREPLY=($(compgen -W "{" ".join(map(str, action.choices))}" -- "$word")); return ;;'
            elif action.nargs != 0:  # a file, or something to type: complete -o default offers files
                yield f"        {patterns}) return ;;"


# zsh

def _zsh(parser: ArgumentParser, commands: dict[str, ArgumentParser]) -> str:
    descriptions = " ".join([f"'{name}:{_summary(command)}'" for name, command in commands.items()])
    return f"""#compdef symdiff
# zsh completion of symdiff; put this line into ~/.zshrc, behind compinit:  eval "$(symdiff completion zsh)"
_symdiff() {{
    local -a commands
    commands=({descriptions})
    if (( CURRENT == 2 )); then
        _describe command commands
        return
    fi
    case "$words[2]" in
{chr(10).join([_zsh_command(name, command) for name, command in commands.items()])}
    esac
}}
compdef _symdiff symdiff"""


def _zsh_command(name: str, command: ArgumentParser) -> str:
    specs = [_zsh_spec(action, spelling) for action in _options(command) for spelling in action.option_strings]
    words = _choices(command)
    rest = f"'*:word:({' '.join(words)})'" if words else "'*:formula: '"
    return f"        {name}) shift words; (( CURRENT-- )); _arguments {' '.join([*specs, rest])} ;;"


def _zsh_spec(action: Action, spelling: str) -> str:
    value = "" if action.nargs == 0 else f":value:({' '.join(map(str, action.choices))})" if action.choices \
        else ":file:_files" if _takes_file(action) else f":{str(action.metavar or 'value').lower()}: "
    return f"'{spelling}[{_help(action)}]{value}'"


# fish

def _fish(parser: ArgumentParser, commands: dict[str, ArgumentParser]) -> str:
    lines = ['# fish completion of symdiff:  symdiff completion fish > ~/.config/fish/completions/symdiff.fish', "complete -c symdiff -f"]
    for name, command in commands.items():
        lines.append(f"complete -c symdiff -n __fish_use_subcommand -a {name} -d '{_summary(command)}'")
        here = f"-n '__fish_seen_subcommand_from {name}'"
        if words := _choices(command):
            lines.append(f"complete -c symdiff {here} -a '{' '.join(words)}'")
        for action in _options(command):
            names = " ".join([f"-l {word[2:]}" if word.startswith("--") else f"-s {word[1:]}" for word in action.option_strings])
            value = f" -x -a '{' '.join(map(str, action.choices))}'" if action.choices else "" if action.nargs == 0 \
                else " -r -F" if _takes_file(action) else " -x"
            lines.append(f"complete -c symdiff {here} {names}{value} -d '{_help(action)}'")
    return "\n".join(lines)


def _summary(command: ArgumentParser) -> str:
    return "".join([char for char in (command.description or "").rstrip(".") if char not in "'\"`$\\[]:"])


_SHELLS = {"bash": _bash, "zsh": _zsh, "fish": _fish}
