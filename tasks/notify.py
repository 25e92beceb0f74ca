"""Notify: something that people should hear of, sent to the addresses that the environment names, by Apprise.

Runs of a deployment are told of by automations of their server; these send through the block below, which holds no
address: the server reads the same variable. A run that nobody deployed has no such server, so it sends by itself. A
message names runs and measures, and quotes no error, for that may quote a row.
"""

import asyncio
import os

from prefect import runtime
from prefect.blocks.abstract import NotificationBlock, NotificationError

from paragraf.errors import BadSettings
from tasks.progress import Logger

ADDRESSES = "PARAGRAF_NOTIFY"  # Apprise URLs, with blanks or commas between them; they may hold passwords


class PeopleInEnvironment(NotificationBlock):
    """Sends to the Apprise addresses in PARAGRAF_NOTIFY of the process that sends, which is Prefect's server."""

    _block_type_name = "Paragraf Notification"
    _block_type_slug = "paragraf-notification"

    async def notify(self, body: str, subject: str | None = None) -> None:
        """Send, in a thread, since Apprise waits for the receiver.

        Raises:
            NotificationError: an address is wrong or does not answer; it is not named.
        """
        try:
            is_sent = await asyncio.to_thread(send, subject or "Paragraf", body)
        except BadSettings as error:
            raise NotificationError(str(error)) from None
        if not is_sent:
            raise NotificationError(f"an address in {ADDRESSES} did not take the message")


def send(subject: str, body: str) -> bool:
    """Send to all addresses, if there are any; whether all of them took it.

    Raises:
        BadSettings: one is no address that Apprise knows; it is not shown.
    """
    addresses = os.environ.get(ADDRESSES, "").strip()
    if not addresses:
        return True
    from apprise import Apprise, AppriseAsset

    people = Apprise(asset=AppriseAsset(app_id="Paragraf", app_desc="Paragraf", app_url=""))
    if not people.add(addresses):
        raise BadSettings(f"{ADDRESSES}: an address is none that Apprise knows; write it as json://host/path.")
    return bool(people.notify(body=body, title=subject))


def send_of_run(logger: Logger, subject: str, body: str) -> None:
    """Send, unless this run is of a deployment; a message that cannot be sent costs a warning and no run."""
    if runtime.deployment.id:
        return
    try:
        if not send(subject, body):
            logger.warning("A message could not be sent: an address in %s did not take it.", ADDRESSES)
    except BadSettings as error:
        logger.warning("A message could not be sent: %s", error)
