"""Other rules engines at the same task: NDJSON in, a line with decision and channel a document out.

One module a peer, each with one function, ``prepare(rules) -> Decide``, and one :class:`Limits`, which
says what the peer cannot express and what was done instead. What they share is in ``task.py`` (the task,
reading and writing) and ``two_rails.py`` (the rules without a third truth value, for engines that have
two).
"""
