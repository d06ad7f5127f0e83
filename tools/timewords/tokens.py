"""The words of a message as the terminals of the grammar, with slips of the keyboard mended."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from lark import Token
from rapidfuzz.distance import DamerauLevenshtein

OTHER = "OTHER"  # a word that has nothing to do with time


def tokens_of(text: str, known: Callable[[str], bool] = lambda _word: False) -> list[Token]:
    """One token for each word, number and sign, bearing its plain value and its place; `known` words are no slips."""
    tokens = [_token(found, known) for found in _TOKEN.finditer(text)]
    return [
        token for before, token in pairwise([None, *tokens]) if token is not None and not _is_mere_sign(before, token)
    ]


def is_weak(word: str) -> bool:
    """Whether a month or weekday is rather another word ("may", "marcs") unless something speaks for a date."""
    return word in _WEAK or (word not in _WORDS and len(word) <= _SHORT)


def _is_mere_sign(before: Token | None, token: Token) -> bool:
    """Whether it is an apostrophe, or the dot of "Apr."."""
    if token.value in _APOSTROPHES:
        return True
    abbreviates = before is not None and before.type in ("MONTH", "WEEKDAY") and before.end_pos == token.start_pos
    return token.value == "." and abbreviates


def _token(found: re.Match[str], known: Callable[[str], bool]) -> Token:
    kind, said = (found.lastgroup or OTHER).rpartition("_")[0], found.group().lower()
    end = found.end()
    if kind == "WORD":
        said = said if said in _WORDS else said.removesuffix("'s")
        end = found.start() + len(said)
        kind, value = _WORDS.get(said) or (not known(said) and _WORDS.get(_mended(said))) or (OTHER, said)
    else:
        kind, value = _VALUES[kind](said) if kind in _VALUES else (kind, said)
    return Token(kind, value, start_pos=found.start(), end_pos=end)


@lru_cache(maxsize=4096)
def _mended(word: str) -> str:
    """The time word that this is a slip of; the word itself where it is none."""
    if len(word) < _SHORTEST_SLIP or word in _NO_SLIPS or not word.isalpha():
        return word
    slips = [
        (DamerauLevenshtein.distance(word, right), right)
        for right in _MENDED
        if right[0] == word[0] and abs(len(right) - len(word)) <= 2
    ]
    near = min(slips, default=(9, word))
    return near[1] if near[0] <= _slips_allowed(near[1]) else word


def _slips_allowed(right: str) -> int:
    return 2 if len(right) >= 8 else 1


def _listed(kind: str, values: dict[str, str]) -> Iterator[tuple[str, tuple[str, str]]]:
    return ((word, (kind, value)) for value, words in values.items() for word in words.split())


_MONTHS = {
    "1": "january jan", "2": "february feb", "3": "march mar", "4": "april apr", "5": "may", "6": "june jun",
    "7": "july jul", "8": "august aug", "9": "september sep sept", "10": "october oct", "11": "november nov",
    "12": "december dec",
}  # fmt: skip
_WEEKDAYS = {
    "1": "monday mon", "2": "tuesday tue tues", "3": "wednesday wed weds", "4": "thursday thu thur thurs",
    "5": "friday fri", "6": "saturday sat", "7": "sunday sun",
}  # fmt: skip
_UNITS = {
    "day": "day days d", "week": "week weeks wk wks w", "fortnight": "fortnight fortnights",
    "hour": "hour hours hr hrs", "month": "month months mth mths mo", "quarter": "quarter quarters qtr qtrs q",
    "half": "half halves", "year": "year years yr yrs y", "fy": "fy fiscal financial", "weekend": "weekend weekends",
}  # fmt: skip
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
    " sixteenth seventeenth eighteenth nineteenth twentieth"
)
_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
)
_COUNTS = {
    **{str(number): word for number, word in enumerate(_NUMBERS.split(), 1)},
    "1": "one a an", "30": "thirty", "40": "forty", "45": "fortyfive", "50": "fifty", "60": "sixty", "90": "ninety",
    "100": "hundred",
}  # fmt: skip
_DAYS_AWAY = {
    "-1": "yesterday yday", "0": "today tonight tonite 2day now 2nite",
    "1": "tomorrow tmrw tmr tmw tmrow tomoz tommorow tomorow 2moro 2morrow 2mrw 2mro",
}  # fmt: skip
_HOLIDAYS = {
    "christmas": "christmas xmas", "easter": "easter", "thanksgiving": "thanksgiving", "halloween": "halloween",
    "pentecost": "pentecost whitsun",
}  # fmt: skip
_SEASONS = {"spring": "spring", "summer": "summer", "autumn": "autumn fall", "winter": "winter"}
_SIGNS = {
    "_THE": "the", "_OF": "of", "_TO": "to until till til through thru", "_AND": "and n or", "_BETWEEN": "between",
    "_FROM": "from", "_IN": "in", "_ON": "on", "_AT": "at", "_WITHIN": "within", "_AGO": "ago", "_AFTER": "after",
    "_BEFORE": "before", "_TIME": "time", "_DAYPART": "morning afternoon evening noon midday midnight",
    "THIS": "this current", "NEXT": "next nxt following", "COMING": "coming upcoming",
    "LAST": "last lst previous prev past", "WORKING": "working business work", "START": "start starting beginning begin"
    " commencing", "END": "end ending close", "_EOD": "eod cob eob",
}  # fmt: skip

_WORDS: dict[str, tuple[str, str]] = {
    **dict(_listed("MONTH", _MONTHS)),
    **dict(_listed("WEEKDAY", _WEEKDAYS)),
    **dict(_listed("UNIT", _UNITS)),
    **dict(_listed("COUNT", _COUNTS)),
    **dict(_listed("ORDINAL", {str(number): word for number, word in enumerate(_ORDINALS.split(), 1)})),
    **dict(_listed("RELDAY", _DAYS_AWAY)),
    **dict(_listed("HOLIDAY", _HOLIDAYS)),
    **dict(_listed("SEASON", _SEASONS)),
    **dict(_listed("PART", {"0": "early", "1": "mid middle", "2": "late"})),
    **dict(_listed("LATER", {"earlier": "earlier", "later": "later"})),
    **dict(_listed("REST", {"rest": "rest remainder"})),
    **dict(_listed("EOP", {"week": "eow", "month": "eom", "quarter": "eoq", "year": "eoy", "fy": "eofy"})),
    **dict(_listed("TODATE", {"year": "ytd", "month": "mtd", "quarter": "qtd", "week": "wtd", "fy": "fytd"})),
    **{word: (kind, word) for kind, words in _SIGNS.items() for word in words.split()},
}
_WEAK = frozenset({"may", "march", "mar", "jan", "sun", "sat", "mon", "wed"})
_APOSTROPHES = frozenset({"'", "’"})
_SHORTEST_SLIP = 4
_SHORT = 5  # letters of a slip that may as well be a name
_MENDED = [
    *(words.split()[0] for table in (_MONTHS, _WEEKDAYS) for words in table.values() if len(words.split()[0]) > 4),
    "tomorrow", "yesterday", "today", "month", "months", "weeks", "quarter", "quarters", "fortnight", "weekend",
    "christmas", "easter", "current", "previous", "beginning",
]  # fmt: skip
# Words of English, and common names, within a slip or two of one of these.
_OTHER_WORDS = (
    "augusta auguste augusto beginnings christian christians currant currants currents easier eastern eater"
    " ester frida fridays mach marc marche marco marsh match mondays mont monte monty moth moths mouth mouths"
    " precious previously quakers quarterly quartered quartet quarts saturdays sturdy sundays sundry thursdays"
    " toady toddy tuesdays wednesdays weeds"
)
_NO_SLIPS = frozenset(_OTHER_WORDS.split())


_FEASTS = {
    r"new\s?years?(?:'s|s')?\s+eve": "new year's eve",
    r"new\s?years?(?:'s|s')?(?:\s+day)?": "new year",
    r"(?:christmas|x-?mas)\s+eve": "christmas eve",
    r"(?:christmas|x-?mas)\s+(?:break|holidays?|period)": "christmas break",
    r"(?:christmas|x-?mas)(?:\s+day)?": "christmas",
    r"boxing\s+day": "boxing day",
    r"good\s+friday": "good friday",
    r"easter\s+monday": "easter monday",
    r"easter\s+(?:weekend|break|holidays?)": "easter weekend",
    r"(?:st\.?|saint)\s+patrick'?s(?:\s+day)?": "st patrick",
    r"whit\s+monday": "whit monday",
    r"ascension(?:\s+day)?": "ascension",
    r"may\s+day": "may day",
}
_MONTH_NAMES = "|".join(word for words in _MONTHS.values() for word in words.split())
_DAY_NAMES = "|".join(word for words in _WEEKDAYS.values() for word in words.split())
_UNITS_OF_TEN = {"twenty": 20, "thirty": 30}
_SPOKEN_DAYS = "|".join(_ORDINALS.split()[:9])
_SHORT_UNIT = r"(?:d|days?|w|wks?|weeks?|mo|mths?|months?|yrs?|y|h|hrs?|hours?)(?!\w)"
_CENTURY = r"(?:19|20|21)[0-9]{2}"
_OF_DIGITS = (
    ("WORD", r"2(?:day|nite|moro|morrow|mrw|mro)(?!\w)"),
    ("STAMP", r"[0-9]{4}(?P<s1>[-/.])[0-9]{1,2}(?P=s1)[0-9]{1,2}(?:t[0-9]{2}:[0-9:.]+z?)?(?!\w|[-/.][0-9])"),
    ("ISOWEEK", rf"{_CENTURY}\s?-?w[0-9]{{1,2}}(?:-[1-7])?(?!\w)"),
    ("ISOMONTH", rf"{_CENTURY}-(?:0[1-9]|1[0-2])(?![\w-]|[./][0-9])"),
    ("MONTHYEAR", rf"(?:0?[1-9]|1[0-2])/{_CENTURY}(?![\w/-])"),
    ("NUMBER", rf"[0-9]{{1,2}}(?=/[0-9]{{1,2}}\s?(?:{_MONTH_NAMES})(?!\w))"),
    ("SLASHED", r"[0-9]{1,2}(?P<s2>[./])[0-9]{1,2}(?P=s2)(?:[0-9]{4}|[0-9]{2})(?!\w|[-/.][0-9])"),
    ("SLASHED", r"[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}(?!\w|[-/.][0-9])"),
    ("SHORTDATE", r"[0-9]{1,2}/[0-9]{1,2}(?![\w%]|[./-][0-9])|[0-9]{1,2}\.[0-9]{1,2}\.(?!\w)"),
    ("QUARTER_OF", r"[1-9]q\s?'?(?:20)?2[0-9](?!\w)"),
    ("HALF_OF", r"[1-9]h\s?'?(?:20)?2[0-9](?!\w)"),
    ("CLOCK", r"[0-9]{1,2}(?:[:.][0-9]{2})?\s?[ap]m(?!\w)|[0-2]?[0-9]:[0-5][0-9](?![\w:])"),
    ("NTH", rf"[0-9]{{1,2}}(?:st|nd|rd|th)(?!\w)|[0-9]{{1,2}}\.(?=\s?(?:{_MONTH_NAMES})(?!\w))"),
    ("YEAR", rf"(?<![$€£]){_CENTURY}(?:-?(?=[qh][0-9](?!\w))|(?!\w|[.,:/][0-9]|%))"),
    ("NUMBER", rf"(?<![$€£.,])[0-9]+(?:(?!\w|[.,:/][0-9]|\s?[%$€£])|(?={_SHORT_UNIT}|(?:{_MONTH_NAMES})(?!\w)))"),
)
_ADDRESS = ("CODE", r"[\w.+-]+@[\w.-]+")
_OF_LETTERS = (
    ("YEAR", r"cy\s?'?(?:20)?[0-9]{2}(?!\w)"),
    ("TO_DATE", r"(?:fiscal\s+year|fy|year|quarter|month|week)[\s-]to[\s-]date(?!\w)"),
    ("HALF_YEAR", r"half[\s-]years?(?!\w)"),
    (
        "FYEAR",
        r"(?:fy|fiscal(?:\s+year)?|financial\s+year)\s?-?'?(?:(?:19|20)?[0-9]{2}(?:\s?[/-]\s?(?:20)?[0-9]{2})?)"
        r"(?:(?=[qh][0-9])|(?!\w|[-/.][0-9]))",
    ),
    ("FISCAL", r"(?:fiscal|financial)\s+(?:years?|yrs?)(?!\w)"),
    ("QUARTER", r"q\s?[0-9](?:(?=fy)|(?!\w|-[0-9](?![0-9])))"),
    ("HALF", r"h\s?[0-9](?:(?=fy)|(?!\w|-[0-9](?![0-9])))"),
    ("WEEKNO", r"(?:w|kw|cw|wk)\s?[0-9]{1,2}(?!\w)"),
    ("WEEK", r"(?:calendar\s+week|week\s+(?:no\.?|number|nr\.?|\#))(?=\s?[0-9])"),
    ("WEEKOF", r"(?:w/c|wc|week\s+commencing)(?=\s)"),
    ("END_OF_DAY", r"(?:end|close)\s+of\s+(?:the\s+)?(?:day|business|play)(?!\w)"),
    ("FEAST", rf"(?:{'|'.join(_FEASTS)})(?!\w)"),
    ("NOW", r"right\s+now(?!\w)"),
    ("SO_FAR", r"so\s+far(?!\w)"),
    ("COUPLE", r"(?:a\s+)?(?:couple(?:\s+of)?|few)(?!\w)"),
    ("TENS_NTH", rf"(?:{'|'.join(_UNITS_OF_TEN)})[\s-](?:{_SPOKEN_DAYS})(?!\w)"),
    ("ALL_MORNING", r"(?:all|(?:all\s+of\s+)?(?:the|my|this)\s+(?:whole|entire))\s+(?:morning|afternoon)(?!\w)"),
    _ADDRESS,
    ("CODE", r"[^\W\d_]\w*\.(?:com|org|net|io|app|csv|xlsx|xml|md|pdf)(?!\w)"),
    ("CODE", r"(?!(?:mid|early|late|end|start)-)[^\W\d_]\w*-[0-9][\w-]*"),
    ("WORD", r"[^\W\d_]+(?:'[^\W\d_]+)?"),
)
_OF_SIGNS = (
    ("ATTACHED", rf"(?:(?<=[qh][0-9])|(?<=w[0-9]{{2}})|(?<=[wk]\s[0-9]{{2}}))[/-](?:{_CENTURY}|[2-9][0-9])(?!\w)"),
    ("APOSYEAR", r"'[0-9]{2}(?!\w)"),
    _ADDRESS,
    ("DASH", r"[-–—]"),
    ("DOTS", r"\.\.+|…"),
    ("COMMA", r","),
    ("AMPERSAND", rf"&|\+|(?<=\w)/(?=[0-9]{{1,2}}\s?(?:{_MONTH_NAMES})(?!\w)|(?:{_DAY_NAMES}|{_MONTH_NAMES})(?!\w))"),
    (OTHER, r"[0-9][\w.,:/-]*|\S"),
)


def _either(patterns: Sequence[tuple[str, str]], prefix: str) -> str:
    return "|".join(f"(?P<{kind}_{prefix}{at}>{pattern})" for at, (kind, pattern) in enumerate(patterns))


_TOKEN = re.compile(
    rf"(?=[0-9])(?:{_either((*_OF_DIGITS, _ADDRESS), 'd')})|(?=[^\W\d_])(?:{_either(_OF_LETTERS, 'l')})"
    rf"|{_either(_OF_SIGNS, 's')}",
    re.IGNORECASE,
)


def _digits(kind: str) -> Callable[[str], tuple[str, str]]:
    return lambda words: (kind, " ".join(_DIGITS.findall(words)))


def _as(kind: str, value: str = "") -> Callable[[str], tuple[str, str]]:
    return lambda _words: (kind, value)


def _tens_nth(words: str) -> tuple[str, str]:
    ten, nth = re.split(r"[\s-]", words)
    return "NTH", str(_UNITS_OF_TEN[ten] + _ORDINALS.split().index(nth) + 1)


def _feast(words: str) -> tuple[str, str]:
    return "HOLIDAY", next(name for pattern, name in _FEASTS.items() if re.fullmatch(pattern, words))


_DIGITS = re.compile(r"[0-9]+")
_VALUES: dict[str, Callable[[str], tuple[str, str]]] = {
    "ATTACHED": lambda words: ("APOSYEAR", words[1:]),
    "COUPLE": lambda words: ("COUNT", "3" if words.endswith("few") else "2"),
    "TO_DATE": lambda words: ("TODATE", "fy" if words[0] == "f" else re.split(r"[\s-]", words)[0]),
    "FEAST": _feast,
    "TENS_NTH": _tens_nth,
    "ALL_MORNING": _as("RELDAY", "0"),
    "FISCAL": _as("UNIT", "fy"),
    "HALF_YEAR": _as("UNIT", "half"),
    "WEEK": _as("UNIT", "week"),
    "NOW": _as("RELDAY", "0"),
    "SO_FAR": _as("_SOFAR"),
    "END_OF_DAY": _as("_EOD"),
    "CLOCK": _as("_CLOCK"),
    "WEEKOF": _as("_WEEKOF"),
    "DASH": _as("_DASH", "-"),
    "DOTS": _as("_TO", ".."),
    "COMMA": _as("_COMMA", ","),
    "AMPERSAND": _as("_AND", "&"),
    "QUARTER_OF": _digits("QUARTER"),
    "HALF_OF": _digits("HALF"),
    "MONTHYEAR": _digits("ISOMONTH"),
    **{
        kind: _digits(kind)
        for kind in ("QUARTER", "HALF", "WEEKNO", "FYEAR", "ISOWEEK", "ISOMONTH", "NTH", "APOSYEAR", "YEAR")
    },
}
