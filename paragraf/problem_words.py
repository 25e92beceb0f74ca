"""Problem words: the Polish name, meaning and advice for each problem of a training that reports tell of."""

_PROBLEMS = {
    "all_masked_rows": (
        "Wiersze bez treści do nauki",
        "Po złożeniu rozmowy z odpowiedzi nie zostaje ani jeden token, którego model miałby się uczyć.",
        "odrzucenie pustych odpowiedzi (--clean.min-chars) albo model bazowy o innym szablonie (--train.base-model)",
    ),
    "divergence": (
        "Rozbieganie się treningu",
        "Strata rośnie zamiast spadać albo przestaje być liczbą: każdy krok psuje model.",
        "mniejsza szybkość uczenia (--train.learning-rate) i dłuższa rozgrzewka (--train.warmup-share)",
    ),
    "dead_gradients": (
        "Martwe gradienty",
        "Gradienty są zerowe albo zanikają, a strata stoi w miejscu: model niczego się nie uczy.",
        "sprawdzenie, czy odpowiedzi mają treść, albo inny model bazowy (--train.base-model)",
    ),
    "template_mismatch": (
        "Niezgodny szablon rozmowy",
        "Wiersze nie kończą się znakiem końca wypowiedzi: model nie nauczy się kończyć odpowiedzi.",
        "model bazowy, którego szablon kończy wypowiedź znakiem końca swojego tokenizatora (--train.base-model)",
    ),
    "broken_formatting": (
        "Złe formatowanie danych",
        "W pytaniach lub odpowiedziach są znaczniki innego formatu: model będzie je wpisywał do odpowiedzi.",
        "wczytanie wierszy jako tekstu ze znacznikami (--load.format text) albo usunięcie znaczników z danych",
    ),
    "degraded": (
        "Spadek jakości",
        "Nadzór jakości zatrzymał trening, bo model stawał się gorszy niż w swoim najlepszym momencie.",
        "mniejsza szybkość uczenia (--train.learning-rate) albo mniej epok (--train.epochs)",
    ),
    "catastrophic_forgetting": (
        "Katastrofalne zapominanie",
        "Zwykłe pytania spoza prawa zaskakują model znacznie bardziej niż przed treningiem: stracił to, co umiał.",
        "mniejsza szybkość uczenia (--train.learning-rate), mniej epok (--train.epochs) albo domieszka zwykłych rozmów",
    ),
    "too_few_rows": (
        "Za mało wierszy",
        "Tak niewielu wierszy można się tylko nauczyć na pamięć.",
        "więcej wierszy, najlepiej kilkaset; warianty (--augment.variation-share) uczą formy, ale nie nowego prawa",
    ),
    "overfitting": (
        "Przeuczenie (overfitting)",
        "Strata treningowa spada, a walidacyjna nie: model zapamiętuje wiersze, zamiast uczyć się z nich.",
        "mniej epok (--train.epochs), większy dropout (--train.dropout) albo więcej wierszy",
    ),
    "underfitting": (
        "Niedouczenie (underfitting)",
        "Strata walidacyjna prawie nie spadła: model niewiele się nauczył.",
        "inna szybkość uczenia (--train.learning-rate), więcej epok (--train.epochs) albo sprawdzenie odpowiedzi",
    ),
    "gradient_spikes": (
        "Skoki gradientu",
        "Pojedyncze kroki szarpały wagami wielokrotnie mocniej niż zwykle.",
        "dłuższa rozgrzewka (--train.warmup-share) albo mniejsza szybkość uczenia (--train.learning-rate)",
    ),
}


def problem(name: str) -> tuple[str, str, str]:
    """Polish name, meaning and advice for a problem of training; without meaning and advice for an unknown one."""
    return _PROBLEMS.get(name, (name, "", ""))
