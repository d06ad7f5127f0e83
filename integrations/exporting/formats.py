"""A project's plan as a file for other programs, with what the asker may see of it."""

from collections.abc import Callable
from dataclasses import dataclass

from integrations.exporting.calendar_file import write_ics
from integrations.exporting.plan import ExportedPlan, read_plan_rows
from integrations.exporting.project_xml import write_xml
from integrations.exporting.tables import write_csv, write_xlsx
from tools.context import ToolContext


@dataclass(frozen=True)
class Format:
    media_type: str
    write: Callable[[ExportedPlan], bytes]


FORMATS = {
    "xml": Format("application/xml", write_xml),
    "csv": Format("text/csv; charset=utf-8", write_csv),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx),
    "ics": Format("text/calendar; charset=utf-8", write_ics),
}


def export_plan(context: ToolContext, key: str, kind: str) -> bytes | None:
    """The plan of a project as a file of that kind (a key of FORMATS); None where only its name may be known.

    Raises NotFound for a missing and a hidden project alike.
    """
    plan = read_plan_rows(context, key)
    return FORMATS[kind].write(plan) if plan else None
