"""The Polish words of a judge: why its opinions decide nothing, and why there is none."""

from paragraf.generator import Reason
from paragraf.intervals import Estimate
from paragraf.judge.calibration import Calibration, Fault, kinds_of_faults
from paragraf.judge.settings import JudgeSettings
from paragraf.wording import NOT_MEASURED, number

NOT_CALIBRATED = "nikt nie porównał jego ocen z ocenami ludzi (paragraf judge calibrate)"
NO_OPINION = "o żadnej parze odpowiedzi nie wydał opinii"
_REASONS: dict[Reason, str] = {
    "no_generator": "nie ma sędziego",
    "refused": "odmowa",
    "cut_off": "urwana",
    "broken_answer": "nie w wymaganej formie",
    "over_budget": "ponad budżet",
    "bad_request": "niezrozumiałe zapytanie",
    "forbidden": "brak dostępu",
    "rate_limited": "za wiele pytań naraz",
    "no_quota": "wyczerpany limit",
    "server_error": "błąd serwera",
    "timed_out": "bez odpowiedzi na czas",
    "unreachable": "serwer nieosiągalny",
    "gave_up": "nie pytano dalej po błędach",
}


def fault_words(calibration: Calibration, settings: JudgeSettings) -> list[str]:
    """Why the word of this judge may not decide, each as the end of a sentence; none if it may."""
    kappa, bias = calibration.kappa, calibration.swap_bias
    words: dict[Fault, str] = {
        "no_judge": "nie ma sędziego",
        "another_judge": "sprawdzono inny model, adres, ustawienie albo polecenie",
        "few_labels": f"porównano z ludźmi {number(kappa.n)} opinii, a potrzeba {number(settings.min_labels)}",
        "few_opinions": f"nie ocenił {number(calibration.labelled - kappa.n)} z {number(calibration.labelled)} "
        "odpowiedzi, które ocenili ludzie",
        "weak_agreement": f"jego zgodność z ludźmi (kappa ważona {_shown(kappa)}) nie jest na pewno co najmniej "
        f"{number(settings.min_kappa, 2)}",
        "swap_bias": f"zmienia zdanie po zamianie kolejności odpowiedzi (udział {_shown(bias)}), "
        f"a na pewno nie powinien częściej niż {number(settings.max_swap_bias, 2)}",
    }
    return [words[fault] for fault in kinds_of_faults(calibration, settings)]


def reason_words(reason: str) -> str:
    """Why there is no opinion on a pair; an unknown reason keeps its name."""
    return {str(name): words for name, words in _REASONS.items()}.get(reason, reason)


def _shown(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return NOT_MEASURED
    return f"{number(estimate.value, 2)}, 95%: od {number(estimate.low, 2)} do {number(estimate.high, 2)}"
