"""Baselines: what a model says that nobody fine-tuned: after a good prompt, solved questions or found texts."""
