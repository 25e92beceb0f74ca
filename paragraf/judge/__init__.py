"""Judge: answers in, a language model's opinions of them out, whose word counts only as far as it agrees with people.

`judging` asks for opinions, `calibrating` holds them against labels, `calibration` says whether they may decide,
`tally` counts which of two models is preferred.
"""
