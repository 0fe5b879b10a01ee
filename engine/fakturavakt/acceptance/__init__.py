"""Acceptance: Gherkin steps, in Norwegian and English, and a lint of features.

Promises: a scenario is decided by each engine of the run, and they must agree; what would pass green and
test nothing is refused. May import: everything to its left (``screening``, ``agreements``, ``bulk``).
"""
