"""Rule book: YAML files to a typed, positioned, immutable model; all that can be wrong is found here.

Promises: a :class:`~fakturavakt.rulebook.model.RuleBook` that exists is well formed, its conditions fit
their facts' types, every text is there in every language; otherwise every mistake of every file is
reported at once, each with its place. May import: ``texts``, ``problems``, ``shipped``,
``vocabulary``.
"""
