"""Evaluation: what an answer to a legal question is worth, by rules that ask no model."""
