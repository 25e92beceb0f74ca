"""Update: rows that no version has met in; what a model is trained on and measured with, old rows beside, out."""
