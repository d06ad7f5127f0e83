"""Every command does its work for whom it may, and refuses in a sentence. A command without a case here fails."""

import io
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer
import uvicorn

from integrations.cli import app, main
from tests.authority.conftest import World

OWNER, OTHER = "pm-con@example.org", "member@example.org"
SHOWN = "CON"
# They measure, or teach, the program; no store of anybody's is read.
WITHOUT_STORE = {"eval", "bench", "learn"}


@dataclass(frozen=True)
class Case:
    """Words that are carried out, and words that are refused: another asker, or a home that holds no store.

    A command that says who asks takes `--as`; all others are for whoever holds the store's files.
    """

    words: str
    refused: str | None = None  # None: the same words, without a store
    told: str = ""
    stdin: str = ""


def asked_as(words: str, *, told: str = SHOWN, stdin: str = "") -> Case:
    return Case(f"{words} --as {OWNER}", f"{words} --as {OTHER}", told, stdin)


CASES = {
    "init": Case("init", "init --as-of nonsense"),
    "import": Case("import <files>"),
    "export": asked_as("export CON --format csv"),
    "ask": asked_as("ask <where_is> --as-of 2026-03-02 --json"),
    "chat": asked_as("chat --as-of 2026-03-02", stdin="where is CON?"),
    "serve": Case("serve --port <port>"),
    "slack": Case("slack --manifest socket", "slack", told="agent_view"),
    "backup": Case("backup <file>"),
    "restore": Case("restore <backup> --replace", "restore <backup>"),
    "doctor": Case("doctor"),
    "people list": Case("people list"),
    "people add": Case("people add new@example.org --name New"),
    "people show": Case("people show member@example.org"),
    "people key": Case("people key member@example.org"),
    "people revoke-key": Case("people revoke-key member@example.org"),
    "people slack": Case("people slack member@example.org T0QUILL/U0MEMBER"),
    "people leave": Case("people leave member@example.org"),
    "people return": Case("people return leaver@example.org"),
    "people erase": Case("people erase leaver@example.org --yes", "people erase leaver@example.org"),
    "grant list": Case("grant list"),
    "grant add": Case("grant add member@example.org executive"),
    "grant remove": Case("grant remove executive@example.org executive"),
    "proposals list": asked_as("proposals list", told="P-"),
    "proposals show": asked_as("proposals show <proposal 0>", told=""),
    "proposals approve": asked_as("proposals approve <proposal 0>", told=""),
    "proposals reject": asked_as("proposals reject <proposal 1>", told=""),
    "proposals undo": asked_as("proposals undo <applied>", told=""),
    "proposals again": asked_as("proposals again <proposal 2>", told=""),
    "audit verify": Case("audit verify"),
    "audit list": Case("audit list"),
    "feedback list": Case("feedback list"),
    "definition four-eyes": Case("definition four-eyes budgets"),
    "definition ownership": Case("definition ownership"),
    "definition utilisation": Case("definition utilisation --target 80"),
}  # fmt: skip

Run = Callable[..., tuple[int, str]]


def commands() -> set[str]:
    def below(command: object, name: str = "") -> set[str]:
        inner = getattr(command, "commands", None)
        if inner is None:
            return {name}
        return {found for label, each in inner.items() for found in below(each, f"{name} {label}".strip())}

    return below(typer.main.get_command(app))


def test_every_command_has_a_case() -> None:
    assert commands() == set(CASES) | WITHOUT_STORE


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    home = world.application.settings.home
    monkeypatch.setattr(uvicorn.Server, "run", lambda *_args, **_named: None)
    files = tmp_path / "files"
    files.mkdir()
    (files / "projects.csv").write_text("key,name,currency\nNEW,New one,EUR\n")

    def named(word: str) -> str:
        named_here = {
            "<files>": str(files), "<file>": str(tmp_path / "a.gz"), "<backup>": str(tmp_path / "b.gz"),
            "<where_is>": "where is CON?", "<applied>": world.proposals[3],
            "<port>": str(_free_port()),
        }  # fmt: skip
        return named_here.get(word, world.fill(word))

    def running(words: str, *, stdin: str = "", at_home: bool = True) -> tuple[int, str]:
        monkeypatch.setenv("PILOTHOUSE_HOME", str(home if at_home else tmp_path / "empty"))
        words = words.replace("<proposal ", "<proposal_")
        argv = [named(word.replace("<proposal_", "<proposal ")) for word in words.split()]
        monkeypatch.setattr(sys, "argv", ["pilothouse", *argv])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        monkeypatch.setattr("builtins.input", _lines(stdin))
        with pytest.raises(SystemExit) as exit_:
            main()
        printed = capsys.readouterr()
        return int(exit_.value.code or 0), printed.out + printed.err

    return running


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _lines(text: str) -> Callable[..., str]:
    left = text.splitlines()

    def next_line(*_prompt: str) -> str:
        if not left:
            raise EOFError
        return left.pop(0)

    return next_line


@pytest.mark.parametrize("name", sorted(CASES))
def test_it_is_done_for_whom_it_may_and_refused_in_a_sentence(world: World, run: Run, name: str) -> None:
    case = CASES[name]
    run("backup <backup>")
    run(f"proposals approve <applied> --as {OWNER}")

    code, said = run(case.refused or case.words, stdin=case.stdin, at_home=case.refused is not None)

    assert "Traceback" not in said
    assert world.told not in said
    assert code != 0 or name in ("ask", "chat", "proposals list"), said  # an answer that there is nothing is one, too
    assert said.strip()
    code, said = run(case.words, stdin=case.stdin)
    assert (code, case.told in said) == (0, True), said
