"""Overview: what `paragraf` shows of itself: its commands and what each is for."""

import argparse

_COMMANDS = {
    "finetune": "the whole way: rows in; a trained, evaluated, registered model and a report out",
    "update": "train the champion on with new rows and some that it knows; new rows in, a new version out",
    "prepare": "the data stages alone: rows in, validated chat files out, no training",
    "sweep": "search for the best training settings on validation rows; a report and a settings file out",
    "preflight": "a checklist before a run: whether to fine-tune at all, or a prompt or retrieval will do",
    "advise": "measure a few training steps here: time, memory and which settings fit, before a run",
    "diagnose": "what went wrong in a training, and what to change",
    "ask": "ask the newest fine-tuned model a question",
    "report": "say where the newest report is",
    "judge": "a language model's opinion of answers: calibrate it with labels of people, compare two models",
    "compare": "a blind test of two models by people, on a web page: prepare, serve, status, unseal",
    "serve": "the OpenAI protocol on 127.0.0.1: any `openai` client trains and asks models on this machine",
    "law": "import the texts of statutes, check whether citations exist, tell of a change of the law",
    "forget": "take rows and all that was made of them out of the workspace; a receipt out",
    "deploy": "put schedules, triggers and messages onto the Prefect server of `paragraf up`, or of a team",
    "promote": "make a registered version champion, the model that answers, after a smoke test",
    "rollback": "put the champion before back in its place",
    "versions": "a table of the registered versions",
    "up": "the Prefect and MLflow pages on 127.0.0.1, deployments, a worker, and what keeps runs alive",
    "doctor": "a table of what is in order here and what is not, and what to do",
}


def overview() -> argparse.ArgumentParser:
    """A parser that knows the commands by name, for its help."""
    parser = argparse.ArgumentParser(
        prog="paragraf",
        description="Fine-tune a language model into a Polish legal question-answering chatbot.",
        epilog="Every setting is a flag and a YAML key; `paragraf finetune --help` lists them with their defaults.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(metavar="command")
    for name, text in _COMMANDS.items():
        commands.add_parser(name, help=text)
    return parser
