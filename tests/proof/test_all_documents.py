"""The symbolic document stands for every document: whatever a random one shows, the solver finds shown."""

from __future__ import annotations

import random
from datetime import date

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.engines.random_rule_books import DrawnRuleBook, documents, rule_books
from tests.proof.random_edits import Drawer

from fakturavakt.decision import Verdict
from fakturavakt.engines.outcomes import About, Asked
from fakturavakt.engines.reference import ReferenceEngine
from fakturavakt.intake.documents import RawDocument
from fakturavakt.proof.confirmation import decided
from fakturavakt.proof.outcome_formulas import DecisionFormulas
from fakturavakt.proof.proving import Answer, BuiltIn, prove
from fakturavakt.proof.question import Question, deciding
from fakturavakt.rulebook.model import Suggestion
from fakturavakt.screening import Screening

AS_OF = date(2021, 2, 2)
DRAWN = settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@DRAWN
@given(drawn=rule_books(), raws=st.lists(documents(), min_size=2, max_size=4))
def test_what_a_document_shows_of_all_rules_at_once_is_found(
    drawn: DrawnRuleBook, raws: list[RawDocument]
) -> None:
    """Bad values, lost lines, any number of lines: a document with as many lines as are said to suffice has
    the same truth value for every rule, and the same decision.
    """
    book = drawn.book
    rules = [rule for rule in book.rules.values() if not isinstance(rule, Suggestion)]
    screening = Screening(book, AS_OF, ReferenceEngine(book))
    asked = [*(rule.condition for rule in rules), *deciding(book)]
    for raw in raws:
        screened = screening.screen(raw)
        truths = [screened.outcomes.whole[Asked(About.RULE, rule.id)] for rule in rules]
        decision = screened.decision
        question = Question([(each, book.vocabulary) for each in asked], as_of=AS_OF)
        formulas = question.read_by(book.vocabulary)
        terms = question.terms
        verdicts = DecisionFormulas(book, formulas)
        wanted = [
            formulas.of(rule.condition).is_(truth, terms)
            for rule, truth in zip(rules, truths, strict=True)
        ]
        wanted.append(verdicts.verdict(decision.decision))
        for channel in book.channels:
            tried = verdicts.attempted(channel.name)
            there = channel.name in decision.attempts
            wanted.append(tried if there else terms.negated(tried))
        if decision.channel is not None:
            wanted.append(verdicts.sent_over(decision.channel))
        example = question.find(terms.both(wanted), AS_OF, 30.0)
        assert example is not None
        again = decided(book, example.content, example.as_of)
        assert [again.truth(rule.condition) for rule in rules] == truths
        assert again.decision.decision is decision.decision
        assert again.decision.attempts == decision.attempts


@DRAWN
@given(drawn=rule_books(), chance=st.randoms(use_true_random=False))
def test_what_is_proved_of_learning_holds_for_random_documents(
    drawn: DrawnRuleBook, chance: random.Random
) -> None:
    """Of two documents, one with a fact less, in both directions."""
    book = drawn.book
    proofs = {proof.subject: proof for proof in prove(book, names=[BuiltIn.LEARNING])}
    drawer = Drawer(book, book, chance)
    drawer.facts = [fact for fact in drawer.facts if fact.absent == "unknown"]
    for _ in range(60):
        later = drawer.document()
        before = {group: dict(facts) for group, facts in later.items()}
        group = chance.choice([*before] or [""])
        if not group or not before[group]:
            continue
        del before[group][chance.choice([*before[group]])]
        first, then = (
            decided(book, content, AS_OF).decision.decision for content in (before, later)
        )
        if {first, then} == {Verdict.BLOCK, Verdict.SEND}:
            assert proofs[f"{first.value}-{then.value}"].answer is Answer.REFUTED
