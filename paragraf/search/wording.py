"""The Polish words of the search's page; an unknown name stays as it is."""

from paragraf.search.rungs import State
from paragraf.search.space import Value
from paragraf.wording import NOT_MEASURED, number

_SETTINGS = {
    "learning_rate": "szybkość uczenia",
    "batch_size": "wiersze na krok",
    "epochs": "epoki",
    "warmup_share": "rozgrzewka",
    "weight_decay": "zanik wag",
    "rank": "ranga adapterów",
    "alpha": "skala adapterów",
    "dropout": "dropout",
    "seed": "ziarno losowości",
    "micro_batch": "wiersze naraz",
    "max_gradient_norm": "próg gradientu",
    "gradient_checkpointing": "ponowne liczenie aktywacji",
    "compile": "kompilacja warstw",
    "variant": "odmiana adapterów",
    "precision": "precyzja bazy",
    "top_layers": "górne warstwy",
    "checkpoint_steps": "kroki między zapisami",
}
_STATES: dict[State, str] = {
    "complete": "do końca",
    "pruned": "przerwana",
    "failed": "nieudana",
    "running": "w toku",
}
_SAMPLERS = {"grid": "pełna siatka", "random": "losowanie", "tpe": "TPE (uczy się na wcześniejszych próbach)"}
_PRUNING = {
    "halving": "dalej idą najlepsze z każdego szczebla",
    "hyperband": "hyperband: kilka grup prób o różnym pierwszym szczeblu",
    "none": "każda próba do końca",
}


def setting_name(name: str) -> str:
    return _SETTINGS.get(name, name)


def state_name(state: State) -> str:
    return _STATES[state]


def sampler_name(sampler: str) -> str:
    return _SAMPLERS.get(sampler, sampler)


def pruning_name(pruning: str) -> str:
    return _PRUNING.get(pruning, pruning)


def time_text(seconds: float | None) -> str:
    """Seconds in the unit that suits them."""
    if seconds is None:
        return NOT_MEASURED
    if seconds < 90:
        return f"{number(seconds, 0)} s"
    return f"{number(seconds / 60, 0)} min" if seconds < 5400 else f"{number(seconds / 3600, 1)} h"


def value_text(value: Value) -> str:
    """A value in Polish notation, small ones as powers of ten: 5e-5."""
    if isinstance(value, bool):
        return "tak" if value else "nie"
    if isinstance(value, float):
        mantissa, sign, exponent = f"{value:g}".partition("e")
        return mantissa.replace(".", ",") + (f"e{int(exponent)}" if sign else "")
    return str(value)
