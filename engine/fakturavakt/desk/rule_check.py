"""``rules check``: everything that is wrong or doubtful about a rule book, as findings.

Mistakes of form come first, and alone: what is not understood has no meaning to look at. Then its meaning is
looked at, with the solver where it is installed; what was not looked at for want of it, or of time, is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fakturavakt.acceptance.pytest_settings import features_can_run
from fakturavakt.desk.allowances import allowances_in, with_allowances
from fakturavakt.desk.condition_findings import ConditionFindings
from fakturavakt.desk.feature_documents import (
    NOT_RUN,
    FeatureDocument,
    FeaturesError,
    feature_documents,
    features_of,
    has_features,
)
from fakturavakt.desk.finding_codes import NEVER_HOLDS
from fakturavakt.desk.findings import Finding, Severity, at_least_as_bad
from fakturavakt.desk.form_findings import form_finding
from fakturavakt.desk.reasoning import PlainReasoner, Reasoner, SolverReasoner
from fakturavakt.desk.rule_findings import RuleFindings
from fakturavakt.desk.shown_outcomes import shown_by_cases
from fakturavakt.desk.tried_findings import tried_findings
from fakturavakt.desk.unused_findings import unused_findings
from fakturavakt.desk.window_findings import window_findings
from fakturavakt.desk.yaml_edits import RuleFilePlaces
from fakturavakt.proof.terms import SolverMissingError
from fakturavakt.rulebook.case_files import Case, load_cases
from fakturavakt.rulebook.clause_files import load_clauses
from fakturavakt.rulebook.kinds import RULE_FILE_ENDINGS, SCHEMAS
from fakturavakt.rulebook.loader import RuleBookError, load_rulebook
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import Text, how_many, text

SECONDS: Final = 5.0
"""How long one question to the solver may take."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found. ``book`` is None where its form is broken; ``left_out`` says which checks were not
    made, and why. Findings are sorted by place; those that the rule files allow are among them.
    """

    root: Path
    book: RuleBook | None
    findings: tuple[Finding, ...]
    left_out: tuple[Text, ...]

    @property
    def ill_formed(self) -> bool:
        """Whether mistakes of form were found, in the rule book or in what lies beside it."""
        return any(finding.code < "FV1" for finding in self.findings)

    def open_findings(self, threshold: Severity = Severity.NOTE) -> tuple[Finding, ...]:
        """Those that nobody has allowed, from a severity on."""
        return tuple(
            finding
            for finding in self.findings
            if finding.allowed is None and at_least_as_bad(finding.severity, threshold)
        )


def check_rule_book(
    root: Path, *, features: Path | None = None, seconds: float = SECONDS, solver: bool = True
) -> CheckReport:
    """Check the rule book in ``root``, with its guarantees, its tables of cases and its list of clauses.

    ``features``: the folder of features; without one, that beside the rule book where there is one.
    ``seconds``: how long one question to the solver may take. ``solver``: whether to ask it at all.
    """
    try:
        book = load_rulebook(root, guarantees=True)
    except RuleBookError as error:
        return _ill_formed(root, None, error)
    try:
        cases = load_cases(root, book).cases
        load_clauses(root, book)
    except RuleBookError as error:
        return _ill_formed(root, book, error)
    check = _Check(root, book, cases, features, seconds, solver)
    findings = list(check.findings())
    allowances = list(allowances_in(rule_files(root)))
    marked = with_allowances(findings, allowances, all_checked=not check.left_out)
    return CheckReport(
        root,
        book,
        tuple(sorted(marked, key=lambda finding: finding.in_order)),
        tuple(check.left_out),
    )


def _ill_formed(root: Path, book: RuleBook | None, error: RuleBookError) -> CheckReport:
    findings = tuple(form_finding(problem) for problem in error.problems)
    return CheckReport(root, book, findings, (_ONLY_FORM,))


def rule_files(root: Path) -> Iterator[Path]:
    """The YAML files of a rule book's folder, tables of cases among them, in order."""
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        hidden = any(part.startswith(".") for part in parts)
        if path.suffix in RULE_FILE_ENDINGS and parts[0] != SCHEMAS and not hidden:
            yield path


class _Check:
    def __init__(
        self,
        root: Path,
        book: RuleBook,
        cases: Sequence[Case],
        features: Path | None,
        seconds: float,
        solver: bool,
    ) -> None:
        self.root, self.book, self.cases = root, book, cases
        self.features, self.seconds, self.solver = features, seconds, solver
        self.left_out: list[Text] = []

    def findings(self) -> Iterator[Finding]:
        """All, kind by kind."""
        reasoner = self._reasoner()
        places = RuleFilePlaces()
        shown = shown_by_cases(self.book, self.cases)
        constant = list(ConditionFindings(self.book, reasoner, shown).findings())
        yield from constant
        never = {each.subject for each in constant if each.entry is NEVER_HOLDS}
        yield from RuleFindings(self.book, reasoner, shown, places).findings()
        yield from unused_findings(self.book, self.root, places)
        yield from window_findings(self.book)
        yield from tried_findings(self.book, self.cases, self._documents, besides=never)
        if reasoner.undecided and isinstance(reasoner, SolverReasoner):
            self.left_out.append(_undecided(reasoner.undecided, self.seconds))

    def _reasoner(self) -> Reasoner:
        if self.solver:
            try:
                return SolverReasoner(self.book, self.seconds)
            except SolverMissingError:
                self.left_out.append(_NO_SOLVER)
        else:
            self.left_out.append(_SOLVER_NOT_ASKED)
        return PlainReasoner(self.book.vocabulary)

    def _documents(self) -> Sequence[FeatureDocument] | None:
        folder = features_of(self.root, self.features)
        if not has_features(folder):
            return None
        if not features_can_run():
            self.left_out.append(NOT_RUN)
            return None
        try:
            return feature_documents(folder, self.root)
        except FeaturesError:
            self.left_out.append(_FAILING.filled(folder=folder))
            return None


def fixable(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that can be mended without asking."""
    return tuple(each for each in findings if each.fix is not None and each.allowed is None)


def _undecided(number: int, seconds: float) -> Text:
    asked = how_many(number, text("spørsmål", "question"), text("spørsmål", "questions"))
    return text(
        f"Løseren avgjorde ikke {asked.say('nb')} innen {seconds:g} sekunder hvert; om dette er ingenting "
        "sagt. Gi mer tid med --timeout.",
        f"The solver did not decide {asked.say('en')} within {seconds:g} seconds each; of this nothing "
        "is said. Allow more time with --timeout.",
    )


_PARTLY_NB: Final = (
    "Om vilkår aldri eller alltid slår til, om ledd er uten virkning, om regler skygger for hverandre, og om "
    "kanaler og meldinger aldri brukes, er bare kontrollert så langt det ses uten (FV101–FV106, FV201, FV202 "
    "og FV303)."
)
_PARTLY_EN: Final = (
    "Whether conditions never or always hold, parts have no effect, rules shadow one another, and channels "
    "and messages are never used was only checked as far as can be seen without it (FV101–FV106, FV201, "
    "FV202 and FV303)."
)
_NO_SOLVER: Final = text(
    f"z3 er ikke installert (pip install 'fakturavakt[prove]'). {_PARTLY_NB}",
    f"z3 is not installed (pip install 'fakturavakt[prove]'). {_PARTLY_EN}",
)
_SOLVER_NOT_ASKED: Final = text(
    f"Løseren ble ikke spurt. {_PARTLY_NB}", f"The solver was not asked. {_PARTLY_EN}"
)
_FAILING: Final = text(
    "Scenariene i {folder} går ikke gjennom, så de viser ikke hva forbudene stopper. «fakturavakt rules "
    "coverage» viser hvilke.",
    "The features in {folder} do not pass, so they do not show what the prohibitions stop. “fakturavakt "
    "rules coverage” shows which.",
)
_ONLY_FORM: Final = text(
    "Betydningen kontrolleres når feilene i formen er rettet.",
    "The meaning is checked once the mistakes of form are mended.",
)
