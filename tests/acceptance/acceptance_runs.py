"""Acceptance runs to write reports of: one by hand with a bit of everything, and any that there could be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import strategies as st

from fakturavakt import __version__
from fakturavakt.acceptance.run_result import (
    AcceptanceRun,
    FeatureResult,
    RuleOutcome,
    ScenarioResult,
    Status,
    StepResult,
)
from fakturavakt.rulebook.loader import load_rulebook

PASSED, FAILED, NOT_RUN = Status.PASSED, Status.FAILED, Status.NOT_RUN
ERROR = "ventet «stoppet», ble «sendt»\n  grunnen: <ukjent> & uavklart"
BOOK = load_rulebook(guarantees=True)


def _step(said: str, line: int, status: Status = PASSED, **more: object) -> StepResult:
    keyword, _, text = said.partition(" ")
    return replace(StepResult(keyword, text, line, status), **more)  # type: ignore[arg-type]


def _background() -> tuple[StepResult, ...]:
    return (
        _step("Gitt en faktura som kan sendes", 6, background=True, seconds=0.001),
        _step("Og at fakturaen er datert 1. februar 2021", 7, background=True),
    )


def _row(number: int, amount: str, decision: str, status: Status) -> ScenarioResult:
    failed = status is FAILED
    return ScenarioResult(
        name="Beløpet på linjen, holdt opp mot det som er avtalt",
        line=16,
        status=status,
        steps=(
            *_background(),
            _step(f"Gitt at linje 1 er på {amount}", 17, template="at linje 1 er på <beløp>"),
            _step("Når fakturaen kontrolleres", 18, seconds=0.25),
            _step(
                f"Så blir fakturaen {decision}",
                19,
                status,
                error=ERROR if failed else None,
                template="blir fakturaen <avgjørelse>",
            ),
        ),
        seconds=0.3,
        error=ERROR if failed else None,
        rule_heading="Beløpet må være avtalt",
        rule_description="Heller ikke ett øre mer.",
        example=(("beløp", amount), ("avgjørelse", decision)),
        example_line=22 + number,
        example_heading="På øret",
        tags=("S15",),
        outcomes=(
            RuleOutcome(
                "unagreed-upgrade", "not_broken" if decision == "sendt" else "holds", named=False
            ),
            RuleOutcome("no-creditor-relationship", "not_broken", named=False),
        ),
    )


NORWEGIAN = FeatureResult(
    file="features/forbud/ytelse_uten_avtale.feature",
    name="Ny ytelse eller utvidet abonnement",
    language="no",
    description="Det er forbudt å kreve betaling for det som ikke er avtalt.\n\nOg avtalen må være i tide.",
    tags=("forbud",),
    line=2,
    scenarios=(
        ScenarioResult(
            name="En rabatt krever ingenting",
            line=9,
            status=PASSED,
            steps=(
                *_background(),
                _step("Når fakturaen kontrolleres", 10),
                _step("Så blir fakturaen sendt", 11),
            ),
            seconds=0.1,
            tags=("forbud", "S15", "rask"),
            description="Den trekker fra.",
            outcomes=(
                RuleOutcome("unagreed-upgrade", "not_broken", named=True),
                RuleOutcome("efaktura", "eligible", named=True),
                RuleOutcome("missing-mobile", "given", named=False),
            ),
        ),
        _row(1, "348,99 kr", "sendt", PASSED),
        _row(2, "349,01 kr", "stoppet", FAILED),
    ),
)
ENGLISH = FeatureResult(
    file="features/english/channels.feature",
    name="Channels <and> what they carry",
    language="en",
    description="",
    tags=(),
    line=1,
    scenarios=(
        ScenarioResult(
            name="The register says what the invoice does not",
            line=3,
            status=NOT_RUN,
            steps=(
                _step(
                    "Given the invoice has these lines:",
                    4,
                    NOT_RUN,
                    table=(("id", "amount"), ("1", "100.00"), ("2", "a|b")),
                ),
                _step("And this note:", 8, NOT_RUN, docstring="First line\n```\n  <second> line"),
                _step("When the invoice is screened", 12, NOT_RUN),
                _step("Then the invoice is sent", 13, NOT_RUN),
            ),
            error="The step “this note” is not known.",
            tags=("S2", "S99"),
            outcomes=(RuleOutcome("vipps_regning", "unknown", named=True),),
        ),
    ),
)
RUN = AcceptanceRun(
    program=f"fakturavakt {__version__}",
    rules=None,
    rulebook=BOOK.name,
    version=BOOK.version,
    engines=("reference", "durable"),
    started=datetime(2021, 2, 2, 14, 5, 9, tzinfo=UTC),
    seconds=1.25,
    features=(NORWEGIAN, ENGLISH),
)
GREEN = replace(RUN, features=(replace(NORWEGIAN, scenarios=NORWEGIAN.scenarios[:2]),))

# -- any run -----------------------------------------------------------------------------------------

NASTY = (
    *(
        "<script>",
        "&amp;",
        "]]>",
        "a|b",
        "*bold*",
        "`code`",
        "{ref}`x`",
        "# x",
        "1. x",
        "\\",
        "|",
        "--",
    ),
    *(
        "- x",
        "+++",
        "% x",
        "(x)=",
        "```",
        ":::{note}",
        "{{ x }}",
        "$x$",
        "[x](#y)",
        "http://a.example",
    ),
    *(
        "___",
        "===",
        "> x",
        "| a |",
        "    x",
        "&nbsp;",
        "\N{NO-BREAK SPACE}",
        "{lines}",
        "![x](y)",
        "<b>",
    ),
)
"""What would be markup where it was not escaped."""
words = st.one_of(
    st.sampled_from(NASTY), st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
)
"""What a feature may say on one line: no line ends, which Gherkin cannot have there."""
lines = words.map(lambda said: " ".join(said.split())).filter(bool)
statuses = st.sampled_from(Status)
_rules = st.sampled_from(
    [
        *(rule.id for rule in BOOK.prohibitions),
        *(each.name for each in BOOK.channels),
        "no-such-rule",
    ]
)
_outcomes = st.builds(
    RuleOutcome,
    rule=_rules,
    outcome=st.sampled_from(["holds", "unknown", "eligible", "ineligible", "given", "not_broken"]),
    named=st.booleans(),
)
_tables = st.lists(st.tuples(lines, lines), max_size=3).map(tuple)
_steps = st.builds(
    StepResult,
    keyword=st.sampled_from(["Gitt", "Når", "Så", "Given", "*"]),
    text=lines,
    line=st.integers(1, 9),
    status=statuses,
    error=st.none() | words,
    table=_tables,
    docstring=st.none() | words,
    background=st.booleans(),
)
_scenarios = st.builds(
    ScenarioResult,
    name=lines,
    line=st.integers(1, 9),
    status=statuses,
    steps=st.lists(_steps, max_size=4).map(tuple),
    rule_heading=st.none() | lines,
    example=st.lists(st.tuples(lines, lines), max_size=2, unique_by=lambda each: each[0]).map(
        tuple
    ),
    tags=st.lists(st.sampled_from(["S1", "S12", "S99", "rask"]), max_size=2).map(tuple),
    error=st.none() | words,
    outcomes=st.lists(_outcomes, max_size=3).map(tuple),
    description=words,
    example_heading=st.none() | lines,
)
_features = st.builds(
    FeatureResult,
    file=st.sampled_from(["features/a.feature", "features/b/a.feature", "Æ ø.feature"]),
    name=lines,
    language=st.sampled_from(["no", "en", "en-old"]),
    description=words,
    tags=st.just(()),
    scenarios=st.lists(_scenarios, max_size=4).map(tuple),
)


@st.composite
def runs(draw: st.DrawFn) -> AcceptanceRun:
    """Any run over the rule book that ships."""
    features = draw(st.lists(_features, max_size=3))
    return replace(RUN, features=tuple(features))
