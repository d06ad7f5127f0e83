"""Number words as numbers, as far as prose of plans has any."""

_SMALL = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty
"""
_TENS = "thirty forty fifty sixty seventy eighty ninety"
_NUMBERS = {
    **{word: number for number, word in enumerate(_SMALL.split())},
    **{word: 10 * tens for tens, word in enumerate(_TENS.split(), 3)},
    "couple": 2,
    "pair": 2,
    "dozen": 12,
    "hundred": 100,
    "thousand": 1_000,
}


def number_of(words: str) -> int | None:
    """The number that words in small letters begin with; None for none."""
    return _NUMBERS.get(words.replace("-", " ").split(" ")[0])
