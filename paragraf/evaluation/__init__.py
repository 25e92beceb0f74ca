"""Evaluation: what a model's answers are worth: items to ask it, and rules that judge what it says."""
