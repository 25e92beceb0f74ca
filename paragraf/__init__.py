"""Paragraf: what the pipeline knows about Polish law, its questions and its models; pure code without an orchestrator."""
