"""On Spark: the columnar engine's statement, run by a cluster over Parquet that lies there.

Promises: the decisions of :mod:`fakturavakt.screening`, to the byte, for every document; a folder of Parquet
that is there whole or not at all. May import: everything to its left.
"""
