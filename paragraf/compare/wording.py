"""The Polish words of a blind test: votes, decisions and how good an agreement is."""

from paragraf.compare.counting import Meaning
from paragraf.compare.votes import Choice
from paragraf.wording import NOT_MEASURED

CHOICES: dict[Choice, str] = {
    "left": "Lepsza odpowiedź 1",
    "right": "Lepsza odpowiedź 2",
    "tie": "Remis",
    "both_bad": "Obie złe",
}
KEYS: dict[Choice, str] = {"left": "1", "right": "2", "tie": "0", "both_bad": "3"}

_MEANINGS: dict[Meaning, str] = {"tie": "remis", "both_bad": "obie złe", "first": "", "second": ""}
# Landis and Koch, Biometrics 33, 1977, 159-174
_KAPPA = [
    (0.2, "znikoma"),
    (0.4, "słaba"),
    (0.6, "umiarkowana"),
    (0.8, "znaczna"),
    (1.0, "prawie pełna"),
]
# Krippendorff, Content Analysis, 2019, chapter 12: from .800 on to be relied on, from .667 on for tentative conclusions
_RELIABLE, _TENTATIVE = 0.8, 0.667


def meaning_name(meaning: Meaning, first: str, second: str) -> str:
    """A vote as it counts."""
    return {"first": f"lepszy {first}", "second": f"lepszy {second}"}.get(meaning, _MEANINGS[meaning])


def kappa_label(value: float | None) -> str:
    """How strong the agreement of two raters is."""
    if value is None:
        return NOT_MEASURED
    return "gorsza niż przypadek" if value < 0 else next(name for limit, name in _KAPPA if value <= limit)


def alpha_label(value: float | None) -> str:
    """Whether the agreement of all raters is enough to rely on their votes."""
    if value is None:
        return NOT_MEASURED
    if value >= _RELIABLE:
        return "można na niej polegać"
    return "wystarcza do ostrożnych wniosków" if value >= _TENTATIVE else "za mała, by polegać na pojedynczych głosach"
