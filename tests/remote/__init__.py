"""Trainings at an endpoint of the OpenAI protocol, as their client sees them.

The cases of the protocol that a client has to get right, and where each is held:

1 Steady finds nothing wrong: tests/contract/test_client.py; 2, 4, 5 exchanges against the official document, plain and
validated by the SDK: there; 3 the document itself: tests/contract/test_spec.py; 6 what is set arrives, 7 pairs of
answers: tests/contract/test_client.py, test_rules.py; 8 a file in parts: test_once.py (the server's: tests/server);
9 events: test_following.py; 10 checkpoints, 11 result file, 12 cost: test_results.py; 13 a real training through the
protocol: tests/server; 14 too few rows: test_rules.py before anything is sent, test_following.py when the server says
it; 15 broken rows, 19 long rows, 20 large files: test_rules.py; 16 to 18 rejected files and jobs: test_following.py;
21 unknown and dying base models: test_preflight.py; 22 closed to new users, 24 and 25 waits and quotas: test_once.py;
23 a rate limit, 26 outages, 28 broken connections, 29 malformed answers, 39 an ignored filter:
tests/contract/test_client.py and test_once.py; 27 lost answers, 37 the same content, 38 runs at once: test_once.py;
30 to 36 drops, kills, deadlines, foreign endings, cancelling, foreign jobs, clocks: test_following.py; 40, 44 keys and
addresses: test_preflight.py; 41 to 43 the key after failures: test_keys.py, and after whole runs:
tests/contract/test_client.py; 45 nothing leaves this machine: conftest.py; 46 concurrency, and answers that are none:
test_answering.py; 47 to 53 kept answers, verdicts and budgets of judges and generators: tests/test_generator.py,
tests/test_judge*.py (47: here a trained model's answers are kept by its digest, test_answering.py); 50 does not apply:
no batch is asked for here, a server's are in tests/server; 54 tokens: test_rules.py, prices of fine-tuned names:
test_results.py; 55 to 61 are a server's: tests/server.
"""
