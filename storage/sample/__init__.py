"""Samples: Quillmere Advisory, which is made up, and the federal IT portfolio, which is real."""

from storage.sample.quillmere import LAID_AROUND, lay

__all__ = ["LAID_AROUND", "lay"]
