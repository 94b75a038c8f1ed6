"""Names as alphabets and ears have them: the Kazakh order of letters, the form in which spellings meet. Pure."""

import re
import unicodedata
from functools import lru_cache

KAZAKH_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
LONGEST_SORT_KEY = 400

_ORDER = "0123456789" + KAZAKH_ALPHABET + "abcdefghijklmnopqrstuvwxyz"
# Two digits a letter: digits come in the same order under every collation of every database.
_RANK = {letter: f"{number:02d}" for number, letter in enumerate(_ORDER, start=2)}
_END_OF_NAME, _SPACE, _UNKNOWN = "00", "01", "99"

_LETTERS = (
    "а=a ә=a б=b в=v г=g ғ=g д=d е=e ё=e ж=zh з=z и=i й=i к=k қ=k л=l м=m н=n ң=n о=o ө=o п=p р=r с=s т=t у=u ұ=u"
)
_MORE_LETTERS = "ү=u ф=f х=h һ=h ц=ts ч=ch ш=sh щ=sh ъ= ы=i і=i ь= э=e ю=iu я=ia ş=sh ç=ch ı=i ŋ=n"
_LATIN = dict(pair.split("=") for pair in f"{_LETTERS} {_MORE_LETTERS}".split())
_SPELLINGS = {"q": "k", "w": "v", "x": "ks", "j": "zh", "y": "i"}
_HARD_C = re.compile("c(?!h)")
_DOUBLED = re.compile(r"([a-z])\1")


def sort_key(surname: str, given_name: str, patronymic: str = "") -> str:
    """A key whose plain order is the Kazakh alphabet's: Ә after А, Қ after К, І after Ы; Latin letters come last."""
    names = (surname, given_name, patronymic)
    return _END_OF_NAME.join(map(_ranks, names))[:LONGEST_SORT_KEY]


def fold(text: str) -> str:
    """One form for all spellings of a name: ұ ү у, қ к, Latin letters, capitals and punctuation make no difference.

    `fold("Сейітқали Нұрлан") == fold("Seitkali, Nurlan") == "seitkali nurlan"`. Digits stay as they are.
    """
    return " ".join(filter(None, (_folded_word(word) for word in _words(text).split())))


def search_text(surname: str, given_name: str, patronymic: str = "", personnel_number: str | None = None) -> str:
    """What `name_search` holds: the folded words, a space before each, so that "% word%" finds beginnings."""
    parts = (surname, given_name, patronymic, personnel_number or "")
    return " " + " ".join(filter(None, map(fold, parts)))


def child_key(surname: str, given_name: str, birth_date: object) -> str:
    """What makes a child one child within one guardian: folded name and birthday; twins differ by name."""
    return f"{fold(f'{surname} {given_name}')} {birth_date or '?'}"[:300]


@lru_cache(maxsize=8192)
def _words(text: str) -> str:
    """Lower case, apostrophes gone, everything that is no letter or digit a space."""
    if text.isascii() and text.isalnum():
        return text.lower()
    lowered = unicodedata.normalize("NFC", text).lower()
    kept = (c if c.isalnum() or unicodedata.combining(c) else "" if c in "'’ʼʹ`" else " " for c in lowered)
    return " ".join("".join(kept).split())


@lru_cache(maxsize=8192)
def _ranks(name: str) -> str:
    return "".join(map(_rank, _words(name)))


def _rank(letter: str) -> str:
    if letter == " ":
        return _SPACE
    plain = letter if letter in _RANK else unicodedata.normalize("NFKD", letter)[:1]
    return _RANK.get(plain, _UNKNOWN)


@lru_cache(maxsize=8192)
def _folded_word(word: str) -> str:
    if word.isascii() and word.isdigit():
        return word
    latin = "".join(_LATIN.get(letter, letter) for letter in word)
    plain = "".join(c for c in unicodedata.normalize("NFKD", latin).casefold() if c.isalnum())
    sounds = "".join(_LATIN.get(letter, letter) for letter in plain)
    sounds = sounds.replace("ye", "e").replace("yo", "e")
    sounds = _HARD_C.sub("k", "".join(_SPELLINGS.get(letter, letter) for letter in sounds))
    while (shorter := _one_spelling(sounds)) != sounds:
        sounds = shorter
    return sounds


def _one_spelling(sounds: str) -> str:
    """Two letters of one sound become one; repeated by the caller, so that folding twice changes nothing."""
    return re.sub("sh?ch", "sh", _DOUBLED.sub(r"\1", sounds)).replace("kh", "h").replace("gh", "g").replace("ph", "f")
