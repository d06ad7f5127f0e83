"""How many tokens a text is, by OpenAI's o200k encoding; offline."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bpe_openai import Encoding  # type: ignore[import-untyped]


def count_tokens(text: str) -> int:
    """The tokens of a text; words that a model takes for signs of its own count as plain text."""
    return len(_encoding().encode_ordinary(text))


@cache
def _encoding() -> "Encoding":
    import bpe_openai

    return bpe_openai.get_encoding("o200k_base")
