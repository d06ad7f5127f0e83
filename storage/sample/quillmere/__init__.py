"""Quillmere Advisory, a made-up professional-services firm: its YAML files, laid around any day."""

from storage.sample.quillmere.laying import LAID_AROUND, lay

__all__ = ["LAID_AROUND", "lay"]
