"""Intake: from files to facts, one module a format and one for the evidence register.

Promises: every document of a file comes out once, in order, read or rejected with its place; a bad
value is reported and never repaired. May import: ``texts``, ``problems``, ``vocabulary``.
"""
