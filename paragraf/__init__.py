"""Paragraf: what the pipeline knows of Polish law, its questions and its models; pure code, no orchestrator."""
