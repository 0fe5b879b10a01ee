"""Vocabulary: what may be known about an invoice, and how each kind of value is written.

Promises: one definition a fact (contract §1), in the order of the contract's table; one reading of
each form, whatever the format it came in. May import: ``texts``.
"""
