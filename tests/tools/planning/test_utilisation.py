import pytest

from tools.planning.utilisation import (
    Base,
    Hours,
    Numerator,
    UtilisationDefinition,
    Whose,
    explain,
    read,
)

HOUR = 60
# The firm of the example: 9,282 billable hours over 13,000 less 1,100 of leave.
PRACTICES = Hours(9_282 * HOUR, 9_900 * HOUR, 13_600 * HOUR, 600 * HOUR, 1_100 * HOUR)
OFFICE = Hours(0, 0, 640 * HOUR, 40 * HOUR, 0)
OF = {Whose.PRACTICES: PRACTICES, Whose.EVERYBODY: PRACTICES + OFFICE}
OURS = UtilisationDefinition("U-2", Numerator.BILLABLE, Base.LESS_HOLIDAYS, Whose.PRACTICES, 0.75)


def test_utilisation_divides_what_counts_by_what_there_is():
    reading = read(OURS, OF)

    assert reading.share == pytest.approx(0.714)
    assert reading.counted_for(0.78) - reading.counted == pytest.approx(858 * HOUR)


def test_each_base_leaves_out_what_its_name_says():
    shares = [read(UtilisationDefinition(base=base, whose=Whose.PRACTICES), OF).base // HOUR for base in Base]

    assert shares == [13_600, 13_000, 11_900]


def test_another_figure_is_explained_by_the_definition_that_gives_it():
    other, gives = explain(0.78, read(OURS, OF), OF)

    assert gives
    assert other.definition.choices == (Numerator.BILLABLE, Base.AVAILABLE, Whose.PRACTICES)
    assert other.counted == PRACTICES.billable


def test_of_two_that_give_it_the_one_that_differs_less_from_ours_explains_it():
    other, gives = explain(0.68, read(OURS, OF), OF)  # contracted hours, or everybody's less holidays

    assert gives
    assert sum(one != two for one, two in zip(other.definition.choices, OURS.choices, strict=True)) == 1


def test_what_is_divided_by_explains_before_what_is_counted():
    of = dict.fromkeys(Whose, Hours(billable=700, worked=715, contracted=1_000, holidays=0, absent=20))
    ours = read(UtilisationDefinition(), of)

    other, gives = explain(0.715, ours, of)

    assert gives
    assert other.counted == ours.counted


def test_a_figure_that_is_ours_is_explained_by_ours():
    assert explain(0.71, read(OURS, OF), OF) == (read(OURS, OF), True)


def test_a_figure_that_nothing_gives_has_a_nearest():
    other, gives = explain(0.95, read(OURS, OF), OF)

    assert not gives
    assert other.definition.choices == (Numerator.WORKED, Base.AVAILABLE, Whose.PRACTICES)


def test_without_hours_there_is_no_share():
    reading = read(OURS, dict.fromkeys(Whose, Hours()))

    assert reading.share is None
    assert explain(0.78, reading, dict.fromkeys(Whose, Hours()))[1] is False


@pytest.mark.parametrize("target", [0.0, 1.2, -1])
def test_a_target_is_a_share(target):
    with pytest.raises(ValueError, match="share above 0"):
        UtilisationDefinition(target_share=target)
