from evals.benchmarks.overloads import SIZES, measure


def test_finding_overbooked_people_stays_near_linear():
    report = measure()

    assert [row["bookings"] for row in report.rows] == list(SIZES)
    assert all(row["overbooked"] for row in report.rows)
    assert report.summary["check_slope"] < 1.2
    assert report.summary["answer_slope"] < 1.2
