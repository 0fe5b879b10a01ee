"""What holds of every document: two rule books compared, guarantees proved, each with a witness.

Promises: an answer covers every document there can be, and every document that is shown was decided by
the reference engine as it is said to be. z3 (extra ``[prove]``) is imported only where a question is
put to it. May import: everything to its left (``texts``, ``problems``, ``shipped``, ``vocabulary``,
``intake``, ``rulebook``, ``engines``, ``decision``, ``screening``).
"""
