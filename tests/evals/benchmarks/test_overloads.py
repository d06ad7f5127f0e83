from evals.benchmarks.overloads import SIZES, measure


def test_the_check_for_overloads_stays_near_linear():
    report = measure()

    assert [row["bookings"] for row in report.rows] == list(SIZES)
    assert report.summary["slope"] < 1.2
    assert all(row["overloads"] for row in report.rows)
