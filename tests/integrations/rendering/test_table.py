"""The tables of an answer, from its contract."""

from typing import Any

from integrations.rendering.table import Cell, Column, read_figures, read_tables


def figure(value: Any, unit: str, text: str = "") -> dict[str, Any]:
    return {"value": value, "unit": unit, "text": text}


def answer(fields: dict[str, Any]) -> dict[str, Any]:
    return {"facts": [{"id": "f1", "kind": "task_list", "fields": fields}]}


ROWS = {
    "GATE-31": {"name": figure("Certificates", "name"), "late_days": figure(4, "working days", "4 working days")},
    "GATE-44": {"name": figure("Retry *rules*", "name", "Retry \\*rules\\*"), "health": figure("red", "health", "red")},
}


def test_rows_become_a_table_with_a_heading_for_every_column_any_row_has() -> None:
    [table] = read_tables(answer({"matched": figure(2, "count", "2"), "late_tasks": ROWS}))

    assert table.title == "Late tasks"
    assert table.columns == (Column("Late days", True), Column("Health", False))
    assert [(row.key, row.name) for row in table.rows] == [("GATE-31", "Certificates"), ("GATE-44", "Retry *rules*")]
    assert table.rows[0].cells == (Cell("4 working days", "working days", "4"), Cell())


def test_a_name_is_shown_as_it_is_and_a_colour_is_known_as_one() -> None:
    [table] = read_tables(answer({"rows": ROWS}))

    assert table.rows[1].name == "Retry *rules*"
    assert table.rows[1].cells[1].health == "red"


def test_the_rows_of_a_fact_are_called_after_it_and_a_nameless_row_by_its_key() -> None:
    [table] = read_tables(answer({"rows": {"EUR": {"budget": figure("300000.00", "EUR", "€300,000")}}}))

    assert (table.title, table.rows[0].name) == ("Task list", "EUR")
    assert table.columns == (Column("Budget", True),)


def test_characters_that_turn_or_hide_text_are_taken_out() -> None:
    [table] = read_tables(answer({"rows": {"x": {"name": figure("a\u202egnp\u200b\x1b[31m\nb", "name")}}}))

    assert table.rows[0].name == "a gnp [31m b"


def test_single_figures_are_listed_beside_the_tables() -> None:
    fields = {"done_share": figure(0.62, "share", "62 %"), "rows": ROWS, "empty": {}}

    assert read_figures(answer(fields)) == [("Done share", Cell("62 %", "share", "0.62"))]
    assert len(read_tables(answer(fields))) == 1


def test_columns_are_sorted_by_what_they_mean_and_not_by_how_it_reads() -> None:
    assert Cell("€2.1M", "EUR", "2100000.00").order == "2100000.00"
    assert Cell("Fri 20 Mar", "date", "2026-03-20").order == "2026-03-20"
    assert sorted(
        [Cell("green", "health"), Cell("red", "health"), Cell("amber", "health")], key=lambda cell: cell.order
    )[0] == Cell("red", "health")
    assert Cell("Retry *rules*", "name", "x").order == "Retry *rules*"
    assert Cell().order == ""


def test_a_table_is_long_from_the_sixth_row_on() -> None:
    def table(count: int) -> bool:
        return read_tables(answer({"rows": {str(number): ROWS["GATE-31"] for number in range(count)}}))[0].is_long

    assert (table(5), table(6)) == (False, True)
