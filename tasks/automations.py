"""Automations: one as it should be in, the server's of that name made so out; and those that tell people of runs."""

from datetime import timedelta
from typing import Any, Literal, NamedTuple
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.events import EventTrigger
from prefect.events.actions import SendNotification
from prefect.events.schemas.automations import Automation, AutomationCore, Posture

from tasks.notify import PeopleInEnvironment
from tasks.schedules import TAG

Change = Literal["new", "changed", "there"]

_BLOCK = "paragraf"
_LINK = "{{ flow_run | ui_url or '' }}"  # there is one where the server knows PREFECT_UI_URL
_RUN = "{{ flow.name }}, run {{ flow_run.name }} of {{ deployment.name }}"
_OURS: dict[str, str | list[str]] = {
    "prefect.resource.id": f"prefect.tag.{TAG}"
}  # runs of our deployments bear their tag


class Message(NamedTuple):
    """Events of runs of our deployments, and what people are told of one; the texts are templates of Prefect."""

    name: str
    description: str
    events: set[str]
    subject: str
    body: str


MESSAGES = (
    Message(
        "paragraf-tell-failure",
        "Tells people of a run that failed or crashed. The error stays here, for it may quote a row.",
        {"prefect.flow-run.Failed", "prefect.flow-run.Crashed", "prefect.flow-run.TimedOut"},
        "Paragraf: {{ flow.name }} failed",
        f"{_RUN}: {{{{ flow_run.state.name }}}}. {_LINK}",
    ),
    Message(
        "paragraf-tell-degradation",
        "Tells people of quality that fell while a model was trained.",
        {"paragraf.training.degraded", "paragraf.training.diverged"},
        "Paragraf: quality fell in a training",
        f"{_RUN}: {{{{ event.payload.message }}}}. {_LINK}",
    ),
    Message(
        "paragraf-tell-approval",
        "Tells people that a version awaits their word in the Prefect pages.",
        {"prefect.flow-run.Suspended", "prefect.flow-run.Paused"},
        "Paragraf: approval",
        f"{_RUN} awaits a person: open it and choose Resume. {_LINK}",
    ),
)


async def put_messages(api: PrefectClient) -> dict[str, Change]:
    """The automations that tell people; each sends through one block, which holds no address."""
    block = await PeopleInEnvironment().asave(_BLOCK, overwrite=True)
    return {one.name: await put_automation(api, _automation(one, block)) for one in MESSAGES}


async def put_automation(api: PrefectClient, wanted: AutomationCore) -> Change:
    """Make the automation, or change it, or leave it, if it is as it should be; on or off it stays as it is."""
    found = await api.read_automations_by_name(wanted.name)
    for surplus in found[1:]:
        await api.delete_automation(surplus.id)
    if not found:
        await api.create_automation(wanted)
        return "new"
    if _content(found[0]) == _content(wanted):
        return "there"
    await api.update_automation(found[0].id, wanted.model_copy(update={"enabled": found[0].enabled}))
    return "changed"


def _automation(message: Message, block: UUID) -> AutomationCore:
    trigger = EventTrigger(
        expect=message.events, match_related=_OURS, posture=Posture.Reactive, threshold=1, within=timedelta()
    )
    action = SendNotification(block_document_id=block, subject=message.subject, body=message.body)
    return AutomationCore(name=message.name, description=message.description, trigger=trigger, actions=[action])


def _content(one: AutomationCore | Automation) -> dict[str, Any]:
    return one.model_dump(include={"name", "description", "trigger", "actions"})
