"""Approval: a version put before a person in the Prefect pages; what they decided, their name and reason out."""

from typing import Literal

from prefect import get_run_logger, pause_flow_run, runtime, suspend_flow_run
from prefect.input import RunInput
from pydantic import Field

from paragraf.registry import Registered
from tasks.notify import send_of_run

APPROVED: Literal["zatwierdzam"] = "zatwierdzam"


class Approval(RunInput):
    """The form; who resumes a run without filling it in fails the run and moves nothing."""

    decision: Literal["odrzucam", "zatwierdzam"] = Field(
        title="Decyzja",
        description="zatwierdzam: ta wersja zacznie odpowiadać na pytania; odrzucam: wszystko zostaje, jak jest.",
    )
    name: str = Field(
        title="Imię i nazwisko", min_length=2, max_length=80, description="Kto decyduje; zostanie w rejestrze."
    )
    reason: str = Field(
        title="Powód", min_length=3, max_length=2000, description="Dlaczego; zostanie w rejestrze przy tej wersji."
    )


def ask_person(version: Registered, over: str, hours: int) -> Approval:
    """Hold the run until somebody has decided.

    A run of a deployment ends its process and is started again from the top when it is resumed; any other waits. What
    was decided holds for this version, this champion and this verdict: if one of them has changed by then, the person
    is asked anew.
    """
    wait = suspend_flow_run if runtime.deployment.id else pause_flow_run
    awaits = f"Version {version.number} awaits approval in the Prefect pages."
    get_run_logger().info("%s", awaits)
    send_of_run(get_run_logger(), "Paragraf: approval", awaits)
    form = Approval.with_initial_data(description=request(version, over))
    key = f"approval-{version.number}-{over or 'none'}-{version.verdict.lower()}"
    return wait(wait_for_input=form, timeout=hours * 3600, key=key)


def request(version: Registered, over: str) -> str:
    """What the person reads above the form, in Markdown."""
    replaced = ("Zastąpi wersję", over or "żadną: jeszcze nikt nie odpowiada")
    return (
        f"## Czy wersja {version.number} ma odpowiadać na pytania?\n\n{version.facts(replaced)}\n\n"
        "Po zatwierdzeniu dostanie kilka pytań próbnych; jeśli źle na nie odpowie, wróci poprzednia."
    )
