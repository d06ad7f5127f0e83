"""Quillmere Advisory, a made-up professional-services firm: its YAML files, laid around any day."""

from storage.sample.quillmere.firm import LAID_AROUND
from storage.sample.quillmere.laying import lay

__all__ = ["LAID_AROUND", "lay"]
