"""A project's plan as a file for other programs: MS Project XML, CSV, XLSX and ICS."""

from integrations.exporting.formats import FORMATS, export_plan

__all__ = ["FORMATS", "export_plan"]
