"""Report: decisions to what people and programs read, one module a format.

Promises: data only, in the order it came; what a spreadsheet or an XML reader could take for something
else is disarmed. May import: everything to its left (``decision``, ``screening``).
"""
