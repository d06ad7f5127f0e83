from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding import Ground, Names
from assistant.narration import put_words
from tools import facts
from tools.facts import Figure, Unit
from tools.finances import Finances, MoneyLine
from tools.status import ProjectStatus, StatusLine
from tools.tasks import TaskList

MONDAY = date(2026, 3, 2)
NAMES = Names(["Tern Gateway", "GATE", "Hub Gateway", "Training", "lena@firm.example"], ["Lena Brandt", "Dana Kowal"])


def count(number: int, metric: str = "") -> Figure:
    return Figure(value=number, unit=Unit.COUNT, metric=metric)


def days(number: int, metric: str) -> Figure:
    return Figure(value=number, unit=Unit.WORKING_DAYS, metric=metric)


def late_task(name: str, finish: date, late: int, owner: str = "Ines Duarte") -> StatusLine:
    return StatusLine(
        why=Figure(value="late", unit=Unit.TEXT),
        name=Figure(value=name, unit=Unit.NAME),
        owner=facts.name(owner),
        finish=facts.day(finish),
        days_late=days(late, "days_late"),
    )


STATUS = ProjectStatus(
    id="f1",
    as_of=MONDAY,
    project=Figure(value="GATE", unit=Unit.KEY),
    name=Figure(value="Tern Gateway", unit=Unit.NAME),
    manager=facts.name("Lena Brandt"),
    computed_health=facts.health("amber", "computed_health"),
    reported_health=facts.health("green", "reported_health"),
    progress=facts.share(0.62, "percent_complete"),
    planned_progress=facts.share(0.69, "planned_percent"),
    start=facts.day(date(2025, 9, 15), "planned_start"),
    finish=facts.day(date(2026, 4, 22), "planned_finish"),
    promised_finish=facts.day(date(2026, 4, 24), "promised_finish"),
    promise_slip=days(-2, "promise_slip"),
    tasks=count(46, "tasks"),
    tasks_open=count(19, "open_tasks"),
    tasks_done=count(27, "done_tasks"),
    tasks_late=count(2, "late_tasks"),
    budget=facts.money(30_000_000, "EUR", "BAC"),
    spent=facts.money(20_321_560, "EUR", "AC"),
    earned=facts.money(18_658_681, "EUR", "EV"),
    margin=facts.share(0.22, "margin_at_completion"),
    target_margin=facts.share(0.3),
    spi=facts.ratio(0.9, "SPI"),
    cpi=facts.ratio(0.92, "CPI"),
    note=facts.text("<b>See</b> [this](http://evil.example) @channel"),
    rows={
        "GATE-31": late_task("Certificate exchange", date(2026, 2, 23), 4),
        "GATE-44": late_task("Retry rules", date(2026, 2, 26), 1, "Priya Nair"),
    },
)
MONEY = Finances(
    id="f2",
    as_of=MONDAY,
    scope=Figure(value="Tern payments", unit=Unit.NAME),
    level=Figure(value="program", unit=Unit.TEXT),
    projects=count(4),
    projects_without_budget=count(0),
    over=facts.money(5_091_870, "EUR", "overrun"),
    rows={"TRAIN": MoneyLine(name=Figure(value="Rota", unit=Unit.NAME), over=facts.money(-486_061, "EUR", "overrun"))},
)
GROUND = Ground.of([STATUS, MONEY], "where is the gateway, is GATE-31 3 days late, is it green?", NAMES)


def mend(passage: str, ground: Ground = GROUND) -> str:
    """What the model is told to mend."""
    return " ".join(ground.check(passage).problems)


def test_references_are_filled_in_and_counted():
    checked = GROUND.check("**{{f1.name}} is {{f1.computed_health}}**: {{f1.progress}} done, {{ f1.tasks_late }} late.")

    assert checked.text == "**Tern Gateway is amber**: 62 % done, 2 late."
    assert (checked.problems, checked.figures) == ((), 4)


@pytest.mark.parametrize(
    ("passage", "shown"),
    [
        ("It is {{f1.progress}}% done.", "It is 62 % done."),
        ("It cost €{{f1.spent}} so far.", "It cost €203k so far."),
        ("{{f1.rows.GATE-31.name}} is {{f1.rows.GATE-31.days_late}} working days late.", "4 days late."),
        ("Rota ends {{f2.rows.TRAIN.over}} under budget.", "€4.9k under budget."),
        ("It comes {{f1.promise_slip}} before the promised {{f1.promised_finish}}.", "comes 2 days before"),
        ("1. {{f1.name}}\n2. {{f1.manager}}", "- Tern Gateway\n- Lena Brandt"),
    ],
)
def test_units_signs_and_numbers_of_items_are_not_said_twice(passage: str, shown: str):
    assert shown in GROUND.check(passage).text


@pytest.mark.parametrize(
    "literal",
    [
        "It is 4 days late.",
        "It is ٤ days late.",
        "It is 4\u200b4 days late.",
        "It is ⅔ done.",
        "It is &#52; days late.",
        "It is t**w**o days late.",
        "It is t h r e e days late.",
        "It is twenty-one days late.",
        "A couple of tasks wait.",
        "The promised one task waits.",
        "It has the planned one day left.",
        "The late one waits.",
        "Half of it is done.",
        "It slipped by a week.",
        "That is phase IV.",
        "Its first milestone waits.",
        "It is due on Friday.",
        "It is due in March.",
        "It is due next week.",
        "It is due by the end of the quarter.",
        "It is on track.",
        "It is red.",
        "It is green.",
        "Hub Gateway waits for it.",
        "It waits, as hub gateway does.",
        "Dana knows it.",
        "It is what Jane Miller says.",
        "It is in euros.",
        "Это три дня.",
        "It is over budget.",
    ],
)
def test_figures_times_names_and_health_of_its_own_do_not_pass(literal: str):
    checked = GROUND.check(literal)

    assert checked.problems, "a literal passed"
    assert checked.text == ""


def test_the_model_is_told_what_to_write_instead():
    assert mend("It is 4 days late.") == 'Write {{f1.rows.GATE-31.days_late}} instead of "4 days".'
    assert mend("It is red.") == 'Write {{f1.computed_health}} instead of "red".'
    assert mend("Ask Lena.") == 'Write {{f1.manager}} instead of "Lena".'
    assert mend("GATE-44 waits.") == 'Write {{f1.rows.GATE-44.key}} instead of "GATE-44".'
    assert "near it: {{f1.spi}}" in mend("It is {{f1.spii}}.")
    assert "two braces" in mend("It is {f1.spi}.")


@pytest.mark.parametrize(
    "clean",
    [
        "The gateway is {{f1.rows.GATE-31.days_late}} behind.",
        "GATE-31 is what holds it up.",
        "No one is free, so it comes first on the list.",
        "It may slip once more if nothing changes.",
        "Ask {{f1.manager}} to double-check the plan.",
        "You asked whether it is “green”; it is {{f1.computed_health}}.",
        "The critical path runs through it.",
        "The planned finish is {{f1.finish}}; the promised one is {{f1.promised_finish}}.",
    ],
)
def test_words_of_the_asker_and_plain_english_pass(clean: str):
    assert mend(clean) == ""


def test_a_number_of_the_question_passes_only_where_a_field_holds_it():
    said = "Yes, 3 days late."
    three = STATUS.model_copy(update={"rows": {"GATE-31": late_task("Exchange", date(2026, 2, 24), 3)}})

    assert "3 days" in mend(said)
    assert mend(said, Ground.of([three], "is GATE-31 3 days late?", NAMES)) == ""


def test_a_colour_that_was_asked_for_may_name_the_rows_of_the_list():
    listed = TaskList(
        id="f1",
        as_of=MONDAY,
        conditions=facts.text("that are red"),
        matched=count(3),
        shown=count(3),
        open=count(3),
        done=count(0),
        late=count(0),
    )
    ground = Ground.of([listed], "which ones are red?", NAMES)

    assert mend("{{f1.matched}} of them are red.", ground) == ""
    assert mend("So it is red.", ground) != ""


@pytest.mark.parametrize(
    ("passage", "instead"),
    [
        ("SPI is {{f1.cpi}}.", "{{f1.spi}}"),
        ("It has a budget of {{f1.spent}}.", "{{f1.budget}}"),
        ("It finishes on {{f1.start}}.", "{{f1.finish}}"),
        ("It was promised for {{f1.finish}}.", "{{f1.promised_finish}}"),
        ("It has {{f1.tasks_open}} late tasks.", "{{f1.tasks_late}}"),
        ("{{f1.tasks_late}} of {{f1.tasks}} tasks are done.", "{{f1.tasks_late}}"),
        ("It has {{f1.tasks_late}} days of delay.", "{{f1.tasks_late}}"),
        ("GATE-31 is due {{f1.rows.GATE-44.finish}}.", "{{f1.rows.GATE-31.finish}}"),
        ("{{f2.scope}} is {{f1.progress}} done.", "{{f1.progress}}"),
        ("It ends {{f2.rows.TRAIN.over}} over budget.", "the other way round"),
        ("It has {{f1.tasks_late}} red tasks.", "{{f1.computed_health}}"),
    ],
)
def test_a_reference_that_its_sentence_calls_something_else_is_told_with_the_right_one(passage: str, instead: str):
    assert instead in mend(passage)


@pytest.mark.parametrize(
    "hostile",
    [
        "[click](http://evil.example)",
        "![x](https://evil.example/x.png)",
        "[x]: javascript:alert()",
        "<img src=x onerror=alert()>",
        "&lt;script&gt;alert()&lt;/script&gt;",
        "www.evil.example",
        "@channel look",
        "<!here>",
        "```sh\nrm\n```",
        "{{f1.tasks}}{{f1.tasks_late}}",
        "{{f1.tasks}}.{{f1.tasks_late}}",
        "{{f1.spent}}k",
    ],
)
def test_links_mentions_markup_and_joined_figures_do_not_pass(hostile: str):
    assert mend(hostile)


@pytest.mark.parametrize(
    "passage",
    [
        "Progress of {{f1.progress}} is well above the planned {{f1.planned_progress}}.",
        "Spent {{f1.spent}}, which is less than the earned {{f1.earned}}.",
        "The margin of {{f1.margin}} beats the target.",
        "The plan ends on {{f1.finish}}, after the promised {{f1.promised_finish}}.",
        "{{f1.progress}} done, so we are ahead of plan.",
    ],
)
def test_what_is_compared_has_to_lie_so(passage: str):
    assert mend(passage)


@pytest.mark.parametrize(
    "passage",
    [
        "{{f1.name}} is not {{f1.computed_health}}.",
        "It used to be {{f1.computed_health}} but has recovered.",
        "Not {{f1.progress}} done but rather more than that.",
        "No task is late.",
        "Nothing is overdue.",
        "{{f1.manager}} thinks it is {{f1.computed_health}}.",
    ],
)
def test_what_the_fields_say_is_neither_denied_nor_told_of_others(passage: str):
    assert mend(passage)


@pytest.mark.parametrize(
    "passage",
    [
        "{{f1.tasks}} people work on it.",
        "{{f1.tasks_late}} angry customers called.",
        "We spend {{f1.spent}} per month.",
        "{{f1.rows.GATE-31.owner}} owns the retry rules.",
        "Hay doce tareas.",
    ],
)
def test_a_figure_counts_what_its_field_counts_and_a_person_owns_what_is_theirs(passage: str):
    assert mend(passage)


@pytest.mark.parametrize(
    "passage",
    [
        "I have moved the date and told {{f1.manager}}.",
        "I'll let {{f1.manager}} know.",
        "{{f1.manager}} has been informed.",
        "Reply with your password.",
        "Send me your login token.",
        "See //evil.zone/x.",
        "See bit.do/y.",
        "Go to evil dot com slash x.",
    ],
)
def test_deeds_requests_for_secrets_and_addresses_do_not_pass(passage: str):
    assert mend(passage)


@pytest.mark.parametrize(
    "honest",
    [
        "Progress of {{f1.progress}} is below the planned {{f1.planned_progress}}.",
        "The margin of {{f1.margin}} misses the target of {{f1.target_margin}}.",
        "{{f1.spent}} is spent, which is more than the {{f1.earned}} earned.",
        "It ends {{f1.finish}}, ahead of the promised {{f1.promised_finish}}.",
        "The gateway is {{f1.computed_health}}, not {{f1.reported_health}} as {{f1.manager}} reports.",
        "The manager says it is {{f1.reported_health}}.",
        "Nothing else is late.",
        "{{f1.tasks_open}} open items remain.",
        "{{f1.rows.GATE-31.owner}} owns the certificate exchange.",
        "I have no forecast, and I cannot move anything.",
    ],
)
def test_what_lies_so_may_be_said(honest: str):
    assert mend(honest) == ""


def test_stored_text_stays_inert_where_it_is_filled_in():
    shown = GROUND.check("The note says: {{f1.note}}").text

    assert "[this]" not in shown and "<b>" not in shown


def test_a_day_of_the_answer_can_be_referred_to():
    assert GROUND.check("As of {{f1.as_of}}.").text == "As of Mon 2 Mar."


def test_a_fact_without_references_needs_no_names():
    assert Ground.of([], "hello").check("Nothing is on file for that.").text == "Nothing is on file for that."


WORDS = st.sampled_from(
    [
        "{{f1.progress}}",
        "{{f1.rows.GATE-31.days_late}}",
        "{{",
        "}}",
        "3 days",
        "7",
        "late",
        "**",
        "GATE-31",
        "\n",
        "[x](y)",
    ]
)


@given(st.lists(st.one_of(WORDS, st.text(max_size=12)), max_size=8).map(" ".join))
def test_no_text_raises_and_no_digit_comes_from_the_model(passage: str):
    shown = GROUND.check(passage).text

    held = " ".join(
        figure.text + str(figure.value) for fact in (STATUS, MONEY) for _, figure in put_words(fact, MONDAY).figures()
    )
    digits = {mark for mark in shown if mark.isdigit()}
    assert digits <= {mark for mark in f"{held} 2 Mar GATE-31 3 €203k €51k €4.9k" if mark.isdigit()}


@pytest.mark.parametrize(
    "strange",
    ["a.b-" * 10_000, "{{f1.name}} " * 160, "1 " * 20_000, "“" * 1_900, "t h r e e " * 190, "nobody i have now " * 110],
)
def test_however_long_or_strange_a_passage_is_it_takes_no_time(strange: str):
    started = process_time()
    GROUND.check(strange)

    assert process_time() - started < 1
