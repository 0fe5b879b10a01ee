"""The officer's desk: is the rule book what its owner means, before it counts.

Promises: typed functions that print nothing, for the command line and for a page alike. May import:
everything to its left (``bulk``, ``acceptance``, ``explanation``).
"""
