"""Importing files: our own CSV folder, or any CSV and XLSX by a TOML mapping. README.md describes both formats."""

from storage.importing.importer import import_paths
from storage.importing.report import ImportReport, LevelCount, Problem

__all__ = ["ImportReport", "LevelCount", "Problem", "import_paths"]
