"""Compare: answers of two models in, a sealed blind test for people, their votes and what these say of the models out.

Applications import from here; no stage does. `sealing` prepares a test, `votes` keeps what raters said, `server` shows
it to them, `unsealing` ends it, `page` tells how it ended.
"""
