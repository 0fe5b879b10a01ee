"""Runs of thousands to billions of documents: cut into chunks, screened in columns, and written so that a run
that is interrupted goes on where it stopped.

Promises: the same decisions to the byte as ``screening`` gives, in the order of the documents; documents in
are decisions out and documents rejected; an output that is whole or not there. May import: everything but
``cli`` and ``acceptance``.
"""
