"""What a person may see, for whoever administers rights: which projects, and of which classes of field."""

from sqlmodel import Session, col, select

from storage.access import FieldClass, Reader, resolve, seen
from storage.models import Project


def sight_of(session: Session, reader: Reader, person_id: int) -> dict[FieldClass, tuple[str, ...]]:
    """The keys of the projects of which a person sees each class of field, among those whose name the reader knows."""
    access = resolve(session, Reader(person_id))
    query = select(Project.key, *access.flags()).where(access.projects(), resolve(session, reader).names())
    found: dict[FieldClass, list[str]] = {each: [] for each in FieldClass}
    for key, *flags in session.execute(query.order_by(col(Project.key))):
        for each in seen(flags):
            found[each].append(key)
    return {each: tuple(keys) for each, keys in found.items()}
