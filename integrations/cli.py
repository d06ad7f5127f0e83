"""The command line: one function for each command, everything heavy imported where it is needed."""

import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.administration import grants, people
from integrations.app import CannotDo
from integrations.auditing import audit
from integrations.console import AsJson, in_sentences, read_day, say, show, show_json
from integrations.deciding import proposals, show_cards
from integrations.defining import definitions
from integrations.feedback import feedback

if TYPE_CHECKING:
    from integrations.app import Application
    from storage.people import Member

app = typer.Typer(
    name="pilothouse",
    help="Ask a real portfolio of projects. Data goes to stdout, messages to stderr.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(people, name="people")
app.add_typer(grants, name="grant")
app.add_typer(proposals, name="proposals")
app.add_typer(audit, name="audit")
app.add_typer(feedback, name="feedback")
app.add_typer(definitions, name="definition")

As = Annotated[str | None, typer.Option("--as", metavar="EMAIL", help="Who asks (default: the store's owner).")]
AsOf = Annotated[
    date | None, typer.Option(parser=read_day, metavar="DATE", help="Answer as of this day, like 2026-03-02.")
]
Json = Annotated[bool, AsJson]


def main() -> None:
    """The `pilothouse` command."""
    with in_sentences():
        app()


@app.command()
def init(
    sample: Annotated[bool, typer.Option("--sample", help="Lay a made-up consulting firm to try things on.")] = False,
    as_of: Annotated[
        date | None, typer.Option(parser=read_day, metavar="DATE", help="Lay the sample around this day.")
    ] = None,
    organisation: Annotated[str, typer.Option(metavar="NAME", help="The organisation's name.")] = "",
    owner: Annotated[str, typer.Option(metavar="EMAIL", help="The owner of a new store.")] = "",
    owner_name: Annotated[str, typer.Option(metavar="NAME", help="How the owner is called.")] = "",
    as_json: Json = False,
) -> None:
    """Make the store or bring it up to date, and create its owner."""
    from integrations.setting_up import set_up
    from integrations.settings import read_settings

    done = set_up(read_settings(), with_sample=sample, day=as_of, organisation=organisation, owner=(owner_name, owner))
    if as_json:
        show_json(done.to_json())
    else:
        say(done.sentence)


@app.command("import")
def import_files(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, or a folder of them.")],
    mapping: Annotated[str | None, typer.Option("--map", metavar="FILE.toml", help="What columns mean.")] = None,
    project: Annotated[str | None, typer.Option("--as", metavar="PROJECT", help="Import as this project.")] = None,
    accept_good: Annotated[bool, typer.Option("--accept-good", help="Import the good rows beside bad ones.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, change nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Import project data: CSV, XLSX, plans of MS Project and other tools, absences from calendars."""
    from integrations.importing import run_import

    report = run_import(_open(), paths, mapping=mapping, project=project, accept_good=accept_good, dry_run=dry_run)
    if as_json:
        show_json(report.to_json())
    else:
        show(str(report))
    if report.refused:
        raise typer.Exit(1)


@app.command()
def export(
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="Its key or name.")],
    kind: Annotated[
        str, typer.Option("--format", metavar="xml|csv|xlsx|ics", help="MS Project XML unless said.")
    ] = "xml",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where to; else to stdout.")] = None,
    asker: As = None,
    as_of: AsOf = None,
) -> None:
    """Write a project's plan as a file for other programs."""
    from integrations.exporting import FORMATS
    from integrations.exporting.saving import export_named, save

    if kind not in FORMATS:
        raise typer.BadParameter(f"There is no format {kind!r}. There are: {', '.join(FORMATS)}.")
    application = _open()
    data = export_named(application, application.asker(asker), project, kind, as_of)
    if out is None:
        sys.stdout.buffer.write(data)
    else:
        save(data, out)
        say(f"Wrote {len(data):,} bytes to {out}.")


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question; - reads it from stdin.")],
    asker: As = None,
    as_of: AsOf = None,
    thread: Annotated[str | None, typer.Option(metavar="ID", help="Go on in this conversation.")] = None,
    as_json: Json = False,
) -> None:
    """Ask one question."""
    application = _open()
    text = sys.stdin.buffer.read().decode("utf-8", errors="replace") if question == "-" else question
    outcome = _ask(application, application.asker(asker), text, as_of=as_of, thread=thread, as_json=as_json)
    if outcome in ("refused", "failed"):
        raise typer.Exit(1)


@app.command()
def chat(asker: As = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """Ask one question after another; Ctrl-D ends."""
    import readline  # noqa: F401  (gives input() its history and editing)

    from integrations.examples import example_questions
    from storage.conversations import new_thread

    application = _open()
    person, thread = application.asker(asker), new_thread()
    say(f"Asking as {person.name}. Ctrl-D ends.")
    for example in example_questions(application, person)[:3]:
        say(f"  for example: {example}")
    while (line := _read_line()) is not None:
        if line.strip():
            _ask(application, person, line, as_of=as_of, thread=thread, as_json=as_json)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8080,
) -> None:
    """Serve the page and the API."""
    from integrations.web.server import serve as serve_web

    application = _open()
    application.warm_up()
    serve_web(application, host=host, port=port)


@app.command()
def slack(
    manifest: Annotated[
        str, typer.Option("--manifest", metavar="socket|http", help="Print the app's manifest and stop.")
    ] = "",
) -> None:
    """Answer in Slack by Socket Mode; over HTTP, `pilothouse serve` does."""
    if manifest:
        from integrations.settings import read_settings
        from integrations.slack.manifest import manifest_for

        if manifest not in ("socket", "http"):
            raise typer.BadParameter("A manifest is for socket or for http.")
        show_json(manifest_for(manifest, read_settings().public_url))
        return
    from integrations.slack.surface import listen

    application = _open()
    application.warm_up()
    listen(application)


@app.command("eval")
def evaluate(as_json: Json = False) -> None:
    """Ask every scenario and compare the answers with their oracles."""
    if find_spec("pandas") is None:
        raise CannotDo("Answers are compared with pandas, which `make test` installs: run that once.")
    from evals import report
    from evals.run import run

    outcomes = run()
    if as_json:
        show_json(report.to_json(outcomes))
    else:
        show(report.to_text(outcomes))
    if not all(outcome.passed for outcome in outcomes):
        raise typer.Exit(1)


@app.command()
def bench(
    names: Annotated[list[str], typer.Argument(metavar="NAME... | critical-path FILE.xml")],
    messages: Annotated[
        list[Path] | None, typer.Option("--messages", metavar="FILE", help="What “understanding” asks.")
    ] = None,
    expected: Annotated[
        Path | None, typer.Option("--expected", metavar="FILE.csv", help="Dates “critical-path” is compared with.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure on this machine how fast things are, and how well messages are understood."""
    from evals.benchmarks import BenchNotFound, NotMeasurable, find_bench
    from evals.labelled import LabelError

    if messages and names != ["understanding"]:
        raise typer.BadParameter("Only the benchmark “understanding” takes --messages.")
    given: tuple[Any, ...] = (messages,) if messages else ()
    if names[0] == "critical-path":
        if len(names) != 2 or expected is None:
            raise typer.BadParameter("Say: bench critical-path FILE.xml --expected FILE.csv")
        given = (Path(names.pop()), expected)
    elif expected is not None:
        raise typer.BadParameter("Only the benchmark “critical-path” takes --expected.")
    try:
        benches = [find_bench(name) for name in names]
    except BenchNotFound as unknown:
        raise typer.BadParameter(str(unknown)) from None
    for measure in benches:
        try:
            report = measure(*given)
        except (LabelError, NotMeasurable) as problem:
            raise CannotDo(str(problem)) from problem
        if as_json:
            show_json(report.to_json())
        else:
            show("\n".join([report.bench, *(f"  {label}: {value}" for label, value in report.summary.items())]))


@app.command()
def learn(
    what: Annotated[list[str] | None, typer.Argument(metavar="PATH... | UTTERANCE...")] = None,
    tool: Annotated[str | None, typer.Option("--tool", metavar="NAME", help="What the utterances ask for.")] = None,
    show_learned: Annotated[bool, typer.Option("--list", help="Show what was learned.")] = False,
    as_json: Json = False,
) -> None:
    """Learn how people here put their questions, from files or with --tool; takes about a minute."""
    from integrations import learning

    if bool(what) == show_learned or (show_learned and tool):
        raise typer.BadParameter("Give files, or --tool NAME with utterances, or --list.")
    application = _open()
    if show_learned or not what:
        held = learning.list_learned(application)
        show_json(dict(held)) if as_json else show(learning.render(held))
        return
    files = learning.of_words(application, tool, what) if tool else learning.of_files([Path(each) for each in what])
    say("Learning; this takes about a minute.")
    done = learning.learn(application, files)
    show_json(done.to_json()) if as_json else say(str(done))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file; people may go on working meanwhile.")],
    as_json: Json = False,
) -> None:
    """Write the whole store to one file."""
    from integrations.keeping import make_backup

    made = make_backup(file)
    if as_json:
        show_json({"file": str(file), "rows": made.rows, "tables": made.tables, "last_hash": made.last_hash})
    else:
        say(f"{made.rows:,} rows of {made.tables} tables are in {file}. The audit ends with {made.last_hash}.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What “backup” wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Set the store that is there aside.")] = False,
    as_json: Json = False,
) -> None:
    """Fill an empty store from a backup."""
    from integrations.keeping import restore_backup

    done = restore_backup(file, replace=replace)
    if as_json:
        show_json({"store": done.place, "rows": done.backup.rows, "set_aside": done.set_aside})
        return
    say(f"{done.backup.rows:,} rows are back at {done.place}. The audit ends with {done.backup.last_hash}.")
    if done.set_aside:
        say(f"What was there before is at {done.set_aside}.")


@app.command()
def doctor(as_json: Json = False) -> None:
    """Say what is ready here, and what to do about the rest."""
    from integrations.doctor import examine
    from integrations.settings import read_settings

    findings = examine(read_settings())
    if as_json:
        show_json([finding.to_json() for finding in findings])
    else:
        for finding in findings:
            show(str(finding))
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def _open() -> "Application":
    from integrations.app import open_application

    return open_application()


def _ask(
    application: "Application", person: "Member", text: str, *, as_of: date | None, thread: str | None, as_json: bool
) -> str:
    answer = application.ask(text, person, surface="cli", thread=thread, as_of=as_of).contract()
    if as_json:
        show_json(answer)
    else:
        from integrations.rendering.terminal import console_for, render_answer
        from integrations.settings import color_is_wanted

        render_answer(console_for(sys.stdout, color=color_is_wanted()), answer)
        show_cards(application, person.id, answer["proposals"], as_of or application.today())
    if answer["outcome"] == "asked_back" and thread is None:
        say(f'To choose, answer in the same conversation: pilothouse ask "..." --thread {answer["thread"]}')
    return str(answer["outcome"])


def _read_line() -> str | None:
    """One line of the person; None at the end of input."""
    try:
        return input("> " if sys.stdin.isatty() else "")
    except EOFError:
        return None


if __name__ == "__main__":
    main()
