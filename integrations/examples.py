"""Questions to start with, made from names in the store that the asker can see."""

from integrations.app import Application
from storage.access import Reader
from storage.people import Member
from storage.projects import list_portfolios, list_programs, list_projects
from storage.readings import readings
from storage.records import ProjectRecord
from storage.tasks import tasks_of

MOST_EXAMPLES = 6
LOOKED_AT = 200


def example_questions(application: Application, asker: Member) -> list[str]:
    """Up to six questions this asker gets an answer to; none on an empty store."""
    today, reader = application.today(), Reader(asker.id)
    with application.store.reading() as session:
        projects = [each for each in list_projects(session, reader) if each.name][:LOOKED_AT]
        programs = [each for each in list_programs(session, reader) if each.name]
        portfolios = list_portfolios(session, reader)
        has_work = bool(tasks_of(session, reader, asker.id))
        computed = readings(session, reader, [each.id for each in projects], today)
    if not projects:
        return []
    # A project with late work makes the better first answer; by name where none is late.
    most_late = max(projects, key=lambda each: computed[each.id].tasks_late if each.id in computed else 0)
    examples = [f"Where is {most_late.name}?"]
    if has_work:
        examples.append("What is on my plate this week?")
    examples += [f"What is red or late in {each.name}?" for each in programs[:1]]
    examples += [f"Which tasks of {most_late.name} are late?"]
    examples += [f"Will {each.name} go over budget?" for each in _with_money(projects)[:1]]
    examples += [f"How is {each.name} doing?" for each in portfolios[:1]]
    return examples[:MOST_EXAMPLES]


def _with_money(projects: list[ProjectRecord]) -> list[ProjectRecord]:
    return [each for each in projects if each.budget_minor is not None or each.planned_cost_minor is not None]
