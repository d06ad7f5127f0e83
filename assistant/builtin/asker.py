"""Who asks: somebody who does tasks, or somebody who looks after projects."""

from datetime import date

from sqlmodel import Session

from storage.access import Reader
from storage.catalogue import Catalogue
from storage.grants import list_grants
from storage.selection.conditions import Comparison, Operator
from storage.selection.frames import Clock, Selection
from storage.selection.rows import list_rows
from storage.tasks import tasks_of
from storage.vocabulary import Level, Role
from tools.names import NameIndex


def does_tasks_only(session: Session, reader: Reader, index: NameIndex, projects: Catalogue, today: date) -> bool:
    """Whether the asker has open tasks, and manages nothing."""
    myself = index.row(Level.PERSON, reader.person_id)
    if myself is None or not tasks_of(session, reader, myself.id):
        return False
    if any(each.role != Role.TEAM for each in list_grants(session, myself.id)):
        return False
    manages = Comparison(projects.fields["manager"], Operator.EQUALS, myself.key)
    selection = Selection(Level.PROJECT, Clock(today), conditions=(manages,))
    return not list_rows(session, reader, selection, [], limit=1)
