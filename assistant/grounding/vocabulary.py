"""The words that claim something by themselves: numbers, times, health, currencies, and how far off a plan is."""

import re

from tools.planning.metrics import METRICS


def _any_of(words: str) -> str:
    """An alternation, the longest first; a blank in a phrase also matches a hyphen."""
    phrases = sorted((each.strip() for each in re.split(r"[|\n]", words) if each.strip()), key=len, reverse=True)
    return "|".join(each.replace(" ", r"[\s-]+") for each in phrases)


_NUMERALS = _any_of("""
    zero|nil|nought|naught|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen
    sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety
    hundred|thousand|million|billion|trillion|dozen
    zwei|drei|vier|funf|fuenf|sechs|sieben|acht|neun|zehn|elf|zwolf|zwoelf|hundert|tausend
    deux|trois|quatre|cinq|huit|neuf|dix|onze|douze|uno|dos|tres|cuatro|cinco|siete|ocho|nueve|diez
    tre|quattro|cinque|sette|otto|dieci|dwa|trzy|cztery|piec|szesc|siedem|osiem|dziewiec|dziesiec
    zwanzig|dreissig|vierzig|funfzig|fuenfzig|sechzig|siebzig|achtzig|neunzig
    treize|quatorze|quinze|vingt|trente|quarante|cinquante|soixante|mille
    doce|trece|catorce|quince|dieciseis|diecisiete|dieciocho|diecinueve|veinte|treinta|cuarenta|cincuenta|sesenta|setenta
    ochenta|noventa|cien|ciento|undici|dodici|tredici|quattordici|quindici|sedici|diciassette|diciotto|diciannove|venti
    trenta|quaranta|cinquanta|sessanta|settanta|ottanta|novanta|cento|dois|duas|sete|oito|nove|dez|doze|treze|dezesseis|dezessete|dezoito|vinte|mil
    jedenascie|dwanascie|trzynascie|czternascie|pietnascie|dwadziescia|trzydziesci|czterdziesci|piecdziesiat|tysiac
    twee|drie|vijf|zes|zeven|negen|twaalf|dertien|veertien|vijftien|twintig|dertig|veertig|vijftig|honderd|duizend
    tva|fyra|sju|atta|nio|tio|elva|tolv|tjugo|trettio|hundra|tusen
""")
_ORDINALS = _any_of("""
    second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth
    sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth|fortieth|fiftieth|hundredth|thousandth
""")
_LENGTHS = _any_of("hour|day|workday|night|week|weekend|fortnight|month|quarter|year|decade|minute|percent|point|euro")
_KINDS_OF_TIME = _any_of("working|calendar|business|full|whole|good|single|further|extra|long|half|mere|solid|short")

NUMBER = re.compile(
    rf"""
    \b(?:(?:{_NUMERALS}|{_ORDINALS})(?:(?:{_NUMERALS}|{_ORDINALS}|{_LENGTHS})|fold|ish|some|th|s|y)*)\b(?:[\s-]+days?\b)?
  | \b(?:half|halves|halved|halving|twice|thrice|treble[ds]?|couples?|pairs?|minus|negative|roughly[ ]none)\b
  | \b(?:doubl|tripl|quadrupl|quintupl)(?:e|es|ed|ing|y)\b
  | \b(?:the|its|their|your|our|his|her|a|my|this|that|each|every)\s+(?:very\s+)?first\b
  | \bfirst[\s-]+(?:of\s+(?!all)|{_LENGTHS}|half|phase|third)
  | \b(?:an?|another|per|each|every)\s+(?:(?:{_KINDS_OF_TIME})\s+)?(?:{_LENGTHS})s?\b
  | \bper[\s-]?cent\b | \bpct\b
""",
    re.VERBOSE,
)
"""Numbers in words, on small letters."""

ROMAN = re.compile(r"\b(?=[IVX]{2,}\b)X{0,3}(?:IX|IV|V?I{0,3})\b|\b(?=[ivx]{2,}\b)x{0,3}(?:ix|iv|v?i{0,3})\b")
SPELLED = re.compile(r"\b(?:[a-z][ .\-]){2,}[a-z]\b")
"""Letters set apart, which may spell a number."""

_DATED = _any_of("promised|planned|agreed|approved|original|reported|computed|forecast|expected|likely|safe|actual")
_NO_COUNT = r"(?=\s*(?:$|[,;:.!?)\n]|(?:is|was|by|to|in|on|at|and|but|or|than|with)\b))"

IDIOMS = re.compile(
    rf"""
    \b(?:no|this|that|which|any|some|each|every|other|next|same)[\s-]+one\b | \bone\s+another\b
  | \bthe\s+(?:{_DATED})\s+one\b{_NO_COUNT}
  | \bthe\s+one\s+(?=that|which|who|whose|to|with|you|we\b) | \bones\b | \bat\s+first\b | \bfirst\s+of\s+all\b
  | \bdouble[\s-]+check\w*\b | \bcritical[\s-]+path\b | \bsecond\s+thoughts?\b | \bper\s+(?:day|week|month|year|hour)\b
""",
    re.VERBOSE,
)
"""Harmless in spite of a word in them."""

_WEEKDAYS = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_MONTHS = "january|february|april|june|july|august|september|october|november|december"
_SPANS = rf"weeks?|months?|quarters?|years?|sprint|weekend|fortnight|summer|winter|autumn|spring|fall|{_WEEKDAYS}"
DATE = re.compile(
    rf"""
    \b{_WEEKDAYS}\b | \b(?:{_MONTHS})\b
  | \b(?:in|by|of|until|till|since|from|to|before|after|early|late|mid|end|through|during)[\s-]+(?:may|march)\b
    (?!\s+(?:be|have|not|well)\b)
  | \b(?:mon|tue|tues|thu|thur|thurs|fri|feb|apr|aug|sept?|oct|nov|jun|jul)\b
  | \b(?:today|tonight|tomorrow|yesterday|overmorrow|midweek|weekend|noon|midnight|fortnight|eod|eow|eom|eoq|eoy)\b
  | \b(?:this|next|last|coming|past|previous|following|current|prior|upcoming|same|other)[\s-]+(?:{_SPANS})\b
  | \b(?:the|by|of|until|for|mid)[\s-]+(?:end|start|middle|beginning)?\s*(?:of\s+)?(?:the\s+)?
    (?:month|quarter|fortnight)s?\b
  | \b(?:end|start|middle|beginning|rest)\s+of\s+(?:the|this|next|last)?\s*(?:{_SPANS})\b
  | \b(?:month|quarter|year|week)[\s-]end\b | \bthe\s+(?:{_SPANS})\s+(?:after|before|of)\b
  | \bthis\s+(?:morning|afternoon|evening)\b | \bday\s+(?:after|before)\b
  | \b(?:christmas|xmas|easter|thanksgiving|halloween|ramadan|hanukkah|diwali|midsummer|new\s+year)\b
  | \b(?:in|by|before|after|until|since|over|during|come)\s+(?:the\s+)?(?:summer|winter|autumn|spring)\b
  | \bquarters?\b
""",
    re.VERBOSE,
)
"""Days, months and relative times, on small letters."""

DATE_CAPITALS = re.compile(r"\b(?:Sat|Sun|Wed|Mar|Dec|Jan|May|March)\b|\b(?:MAY|MARCH|SAT|SUN|WED|MAR|DEC|JAN)\b")
MODAL = re.compile(r"(?:^|[.!?:]\s+)(?:May)\s+(?:i|we|you)\b", re.IGNORECASE)

COLOURS = ("red", "amber", "green", "yellow")
HEALTH = re.compile(
    rf"""\b(?:{"|".join(COLOURS)}|{
        _any_of('''
    on track|off track|back on track|at risk|at no risk|in trouble|out of trouble|in danger|in jeopardy|in crisis
    healthy|unhealthy|health is good|health is bad|critical|critically|failing|doomed|struggling|ailing
    in good shape|in bad shape|in great shape|in poor shape|in good health|in bad health|in good standing
    doing well|doing fine|doing badly|doing great|doing poorly|going well|going fine|going badly|going great
    is fine|are fine|all good|all is well|all fine|look good|look fine|look bad|looks good|looks fine|looks bad
    looks great|looking good|looking bad|as planned
    according to plan|worrying|alarming|endangered|derailed|on fire
''')
    })\b""",
    re.VERBOSE,
)
"""What says by itself how something stands, on small letters."""

VERDICTS = (
    (
        re.compile(_any_of("over budget|over its budget|over the budget|overspent|overrun|overrunning|over plan")),
        "cost",
        1,
    ),
    (
        re.compile(
            _any_of("under budget|within budget|within its budget|below budget|under plan|on budget|underspent")
        ),
        "cost",
        -1,
    ),
    (re.compile(_any_of("behind schedule|behind plan|behind its plan|running behind|delayed|overdue")), "time", 1),
    (
        re.compile(_any_of("ahead of schedule|ahead of plan|on schedule|on time|in time|ahead of time|not late")),
        "time",
        -1,
    ),
)
"""Verdicts on cost and time that need a figure to bear them out, with the sign it must have."""

CURRENCY = re.compile(r"\b(?:euros?|dollars?|pounds?|sterling|zlotys?|yen|francs?|eur|usd|gbp|pln|chf|bucks|cents?)\b")

TERMS = frozenset(
    {each for each in METRICS if each.isupper()}
    | {"I", "OK", "ID", "PM", "PMO", "FTE", "KPI", "SLA", "UAT", "QA", "IT", "HR", "ETA", "WBS", "NB", "FYI", "CV"}
    | {"NOT", "NO", "AND", "OR", "ALL", "ONLY", "BUT", "IS", "PDF", "CSV"}
)
"""Words in capitals that name nobody and nothing of the firm's."""
