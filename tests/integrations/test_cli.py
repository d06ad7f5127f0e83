"""The command line as a person meets it: data and messages apart, exit codes, and sentences instead of tracebacks."""

import io
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant import recording
from integrations.app import Application
from integrations.cli import main
from integrations.settings import Settings
from storage import sample
from storage.access import Reader
from storage.vocabulary import Complaint, Verdict


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


FEDERAL = Path(sample.__file__).parent / "hhs-it-portfolio"

Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """`run("ask", "...")` in a folder without a store, unless `home` names another."""

    def running(*words: str, home: Path | None = None) -> Ran:
        monkeypatch.setenv("PILOTHOUSE_HOME", str(home or tmp_path / "home"))
        monkeypatch.setattr(sys, "argv", ["pilothouse", *words])
        with pytest.raises(SystemExit) as exit_:
            main()
        printed = capsys.readouterr()
        return Ran(int(exit_.value.code or 0), printed.out, printed.err)

    return running


def test_a_new_store_has_an_owner_and_is_made_once(run: Run, tmp_path: Path) -> None:
    made = run("init", "--owner", "ana@own.example", "--owner-name", "Ana", "--organisation", "Own Ltd", "--json")
    again = run("init", "--owner", "bob@own.example", "--json")

    assert (made.code, made.json["owner"], made.json["migrated"]) == (0, "ana@own.example", True)
    assert (again.json["owner"], again.json["migrated"]) == ("ana@own.example", False)
    assert run("people", "show", "ana@own.example", "--json").json["name"] == "Ana"


@pytest.mark.parametrize("name", ["x" * 201, "\x00"])
def test_an_organisation_has_a_name_of_some_characters(run: Run, name: str) -> None:
    assert "1 to 200 characters" in run("init", "--organisation", name).err


def test_names_move_neither_the_cursor_nor_the_direction_of_reading(run: Run) -> None:
    run("init", "--owner", "ana@own.example", "--owner-name", "Ana\x1b[2J \u202eOwner")

    assert run("people", "list").out == "ana@own.example  Ana [2J  Owner\n"


def test_half_a_character_in_a_name_is_replaced(run: Run) -> None:
    assert run("init", "--organisation", "Own\udcff Ltd").code == 0


def test_the_sample_is_laid_anew_only_while_untouched_and_old(run: Run) -> None:
    first = run("init", "--sample", "--as-of", "2026-03-02", "--json").json
    moved = run("init", "--sample", "--as-of", "2026-03-09", "--json").json
    run("people", "add", "new@quillmere.example", "--name", "New Person")
    kept = run("init", "--sample", "--as-of", "2026-03-16", "--json").json

    assert (first["sample_laid"], first["sample_laid_on"], first["owner"]) == (
        True,
        "2026-03-02",
        "ruth.halloran@quillmere.example",
    )
    assert (moved["sample_laid"], moved["sample_laid_on"]) == (True, "2026-03-09")
    assert (kept["sample_laid"], kept["sample_laid_on"]) == (False, "2026-03-09")


def test_the_sample_never_goes_into_a_store_of_ones_own(run: Run) -> None:
    run("init", "--owner", "ana@own.example")
    refused = run("init", "--sample")

    assert refused.code == 1
    assert "PILOTHOUSE_HOME" in refused.err


def test_without_a_store_every_command_says_how_to_make_one(run: Run) -> None:
    for words in (["ask", "x"], ["chat"], ["serve"], ["import", "x.csv"], ["people", "list"], ["grant", "list"]):
        ran = run(*words)
        assert (ran.code, ran.out) == (1, "")
        assert "pilothouse init" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ["ask", "x", "--as-of", "2012-02-30"],
        ["ask", "x", "--as-of", "soon"],
        ["ask"],
        ["nonsense"],
        ["serve", "--port", "99999"],
        ["bench", "nonsense"],
    ],
)
def test_wrong_usage_is_exit_code_2_with_a_sentence(run: Run, words: list[str]) -> None:
    ran = run(*words)

    assert (ran.code, ran.out) == (2, "")
    assert "Traceback" not in ran.err and len(ran.err) > 20


def test_messages_that_cannot_be_read_are_told_with_their_place(run: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("- {world: mars, ask: hi}\n")
    missing, misfit = (
        run("bench", "understanding", "--messages", str(path)) for path in (tmp_path / "none.yaml", wrong)
    )

    assert (missing.code, misfit.code) == (1, 1)
    assert "none.yaml cannot be read" in missing.err
    assert "wrong.yaml, message 1" in misfit.err


def test_asking_as_nobody_known_is_told_so(run: Run, sample_settings: Settings) -> None:
    ran = run("ask", "x", "--as", "nobody@quillmere.example", home=sample_settings.home)

    assert (ran.code, ran.out) == (1, "")
    assert "nobody@quillmere.example" in ran.err and "people list" in ran.err


def test_an_answer_is_data_and_json_is_its_contract(run: Run, sample_settings: Settings) -> None:
    question = ["ask", "where is field app", "--as-of", "2026-03-02"]
    told = run(*question, home=sample_settings.home)
    contract = run(*question, "--json", home=sample_settings.home)

    assert (told.code, told.err) == (0, "")
    assert "Built-in model" in told.out
    assert contract.json["outcome"] == "answered"
    assert contract.json["as_of"] == "2026-03-02"
    assert contract.json["citations"]


@pytest.mark.parametrize("question", ["", "   ", "\udc80\udcff", "x" * 1_000_000, "\x00", "-- "])
def test_odd_questions_get_a_sentence(run: Run, sample_settings: Settings, question: str) -> None:
    ran = run("ask", "--", question, home=sample_settings.home)

    assert ran.code in (0, 1)
    assert ran.out.strip() and "Traceback" not in ran.out + ran.err


def test_a_dash_reads_the_question_from_stdin(
    run: Run, sample_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"where is field app\n")))
    ran = run("ask", "-", "--as-of", "2026-03-02", "--json", home=sample_settings.home)

    assert ran.json["outcome"] == "answered"


def test_a_chat_goes_on_until_its_input_ends(
    run: Run, sample_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("where is field app\n\nand the ledger one?\n"))
    ran = run("chat", home=sample_settings.home)

    assert ran.code == 0
    assert ran.out.count("Built-in model") == 2


def test_a_question_that_is_too_long_is_declined(run: Run, sample_settings: Settings) -> None:
    ran = run("ask", "late " * 1_000, "--json", home=sample_settings.home)

    assert (ran.code, ran.json["outcome"]) == (0, "declined")
    assert "4,000" in ran.json["text"]


def test_an_import_is_reported_and_its_figures_are_there_for_the_first_question(run: Run) -> None:
    run("init", "--owner", "ana@own.example")
    tried = run("import", str(FEDERAL), "--dry-run", "--json").json
    done = run("import", str(FEDERAL))
    answer = run("ask", "how many projects has the Medicare Appeals System investment?", "--json").json

    assert (tried["applied"], tried["counts"]["projects"]["added"]) == (False, 202)
    assert done.code == 0
    assert "202 added" in done.out and "It cannot answer" in done.out
    assert (answer["outcome"], answer["as_of"]) == ("answered", "2012-08-01")
    assert run("import", str(FEDERAL)).out.startswith("Nothing changed.")


def test_an_import_that_is_refused_reports_why_and_exits_1(run: Run, tmp_path: Path) -> None:
    run("init", "--owner", "ana@own.example")
    bad = tmp_path / "projects.csv"
    bad.write_text("key,name,currency,planned_start\nA,Alpha,EUR,2026-02-30\n")
    ran = run("import", str(bad))

    assert ran.code == 1
    assert "row 2" in ran.out and "2026-02-30" in ran.out
    assert run("import", str(tmp_path / "missing.csv")).code == 1


def test_people_keys_and_grants_are_managed(run: Run) -> None:
    run("init", "--owner", "ana@own.example")
    assert run("people", "add", "mia@own.example", "--name", "Mia Member").code == 0
    assert run("grant", "add", "mia@own.example", "finance").code == 0
    key = run("people", "key", "mia@own.example")
    shown = run("people", "show", "mia@own.example", "--json").json

    assert key.out.startswith("ph_") and key.out.count("\n") == 1
    assert [(each["role"], each["scope"]) for each in shown["grants"]] == [("finance", "organisation")]
    assert [each["revoked_at"] for each in shown["keys"]] == [None]
    assert key.out.strip() not in json.dumps(shown)
    assert run("people", "revoke-key", "mia@own.example").code == 0
    assert run("people", "revoke-key", "mia@own.example").code == 1
    assert run("grant", "remove", "mia@own.example", "finance").code == 0
    assert run("grant", "list", "mia@own.example", "--json").json == []


@pytest.mark.parametrize(
    "words",
    [
        ["people", "add", "no address", "--name", "X"],
        ["people", "add", "ana@own.example", "--name", "Twice"],
        ["people", "key", "nobody@own.example"],
        ["people", "key", "ana@own.example", "--until", "2001-01-01"],
        ["grant", "add", "ana@own.example", "king"],
        ["grant", "add", "ana@own.example", "finance", "project:NONE"],
        ["grant", "add", "ana@own.example", "finance", "moon:X"],
        ["grant", "remove", "ana@own.example", "admin"],
    ],
)
def test_what_cannot_be_done_is_exit_code_1_with_a_sentence(run: Run, words: list[str]) -> None:
    run("init", "--owner", "ana@own.example")
    ran = run(*words)

    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("\n") == 1 and ran.err.strip().endswith(".")


def test_beyond_loopback_nothing_is_served_without_keys(run: Run) -> None:
    run("init", "--owner", "ana@own.example")
    ran = run("serve", "--host", "0.0.0.0")

    assert ran.code == 1
    assert "pilothouse people key" in ran.err


def test_behind_a_proxy_nothing_is_served_without_keys(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("init", "--owner", "ana@own.example")
    monkeypatch.setenv("PILOTHOUSE_HOSTS", "pm.example.org")
    ran = run("serve")

    assert ran.code == 1
    assert "pm.example.org" in ran.err and "pilothouse people key" in ran.err


def test_a_port_in_use_is_told_with_another_to_try(run: Run) -> None:
    run("init", "--owner", "ana@own.example")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = run("serve", "--port", str(port))

    assert ran.code == 1
    assert str(port) in ran.err and "--port" in ran.err


def test_a_file_that_is_no_store_is_told_so(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "pilothouse.db").write_text("not a database, " * 1000)
    ran = run("ask", "x")

    assert (ran.code, ran.out) == (1, "")
    assert "no Pilothouse store" in ran.err


def test_a_setting_that_cannot_be_used_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILOTHOUSE_MODEL", "oracle")
    ran = run("ask", "x")

    assert ran.code == 1
    assert "PILOTHOUSE_MODEL" in ran.err


def test_a_surprise_is_one_sentence_and_a_line_in_the_log(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Application, "people", lambda _self: 1 / 0)
    run("init", "--owner", "ana@own.example")
    ran = run("people", "list")

    assert ran.code == 1
    assert ran.err.count("\n") == 1 and "Traceback" not in ran.err
    assert "ZeroDivisionError" in (tmp_path / "home" / "pilothouse.log").read_text()


def test_the_doctor_names_what_to_do(run: Run, sample_settings: Settings) -> None:
    ill = run("doctor", "--json").json
    well = run("doctor", "--json", home=sample_settings.home).json

    assert any(not each["ok"] and "pilothouse init" in each["advice"] for each in ill)
    assert [each["subject"] for each in well if not each["ok"] and each["subject"] != "port"] == []
    assert "14 projects" in next(each["state"] for each in well if each["subject"] == "data")


def test_a_reader_that_goes_away_is_no_error(sample_settings: Settings) -> None:
    environment = {**os.environ, "PILOTHOUSE_HOME": str(sample_settings.home)}
    command = [sys.executable, "-m", "integrations.cli", "people", "list", "--json"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read().decode()

    assert "Traceback" not in errors and "Exception" not in errors


def test_feedback_is_listed_without_who_gave_it_or_what_was_asked(run: Run, own: Application) -> None:
    asked = own.ask("what is secretly late?", own.owner(), surface="test")
    recording.give_feedback(
        own.store,
        Reader(own.owner().id),
        asked.thread,
        asked.message or 0,
        verdict=Verdict.DOWN,
        reason=Complaint.UNCLEAR,
        note="Too\x1b[31m long",
    )
    listed = run("feedback", "list", home=own.settings.home)
    [given] = run("feedback", "list", "--json", home=own.settings.home).json

    assert listed.code == 0 and "down" in listed.out and "\x1b" not in listed.out
    assert (given["verdict"], given["reason"], given["model"]) == ("down", "unclear", "builtin")
    assert "secretly" not in str(given) and "Ana" not in str(given)


def test_the_definition_of_utilisation_is_the_firms_to_choose(run: Run) -> None:
    run("init", "--owner", "ana@own.example")
    early = run("definition", "utilisation", "--base", "available")
    run("init", "--organisation", "Own Ltd")
    usual = run("definition", "utilisation", "--json")
    chosen = run("definition", "utilisation", "--name", "U-3", "--base", "available", "--target", "78")
    kept = run("definition", "utilisation", "--json")
    wrong = run("definition", "utilisation", "--target", "780")
    unknown = run("definition", "utilisation", "--base", "moon")

    assert (early.code, "init --organisation" in early.err) == (1, True)
    assert usual.json["base"] == "contracted_less_holidays"
    assert chosen.out.strip() == "U-3: billable hours over available hours, of everybody, target 78 %"
    assert kept.json == {
        "name": "U-3", "numerator": "billable", "base": "available", "whose": "everybody", "target_share": 0.78
    }  # fmt: skip
    assert (wrong.code, unknown.code) == (1, 2)
    assert "share above 0" in wrong.err


def test_who_has_no_address_is_known_by_key_and_may_leave_return_and_be_erased(run: Run, tmp_path: Path) -> None:
    run("init", "--owner", "ana@own.example")
    (tmp_path / "people.csv").write_text("key,name\nben.noble,Ben Noble\n")
    assert run("import", str(tmp_path / "people.csv")).code == 0

    left = run("people", "leave", "ben.noble")
    assert (left.code, "Nothing is left in their name." in left.err) == (0, True)
    assert run("people", "return", "ben.noble").code == 0
    assert "is still active" in run("people", "erase", "ben.noble", "--yes").err
    run("people", "leave", "ben.noble")
    gone = run("people", "erase", "ben.noble", "--yes", "--json").json

    assert "Ben Noble" not in run("people", "list").out
    assert run("people", "show", gone["key"], "--json").json["name"] == gone["name"]
    assert run("audit", "verify").code == 0
