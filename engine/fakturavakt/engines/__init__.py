"""Engines: one condition tree, evaluated in several ways, with the same outcomes.

``reference`` is Kleene's logic as plain as it can be written; ``durable`` compiles the conditions to
durable-rules. Promises: for every rule book and document all engines give equal outcomes.
May import: ``texts``, ``problems``, ``vocabulary``, ``rulebook``, ``intake``.
"""
