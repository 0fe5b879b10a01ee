"""A billing run, from inbox to outbox: every document screened, and put where its decision says.

Promises: a document is in exactly one place, byte for byte as it came in, with what was decided beside it,
however often a run is interrupted; nothing is put anywhere before the whole run is planned and may be
released. May import: everything to its left (``screening``, ``report``, ``bulk``).
"""
