"""The queue of what is on hold: what its questions promise is what answers free."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.billing.held_outboxes import BOOK, Desk, drawn

from fakturavakt.billing.destinations import Destination
from fakturavakt.billing.held_documents import HeldReader


def freed(desk: Desk, limit: int) -> tuple[int, int]:
    """What the first groups promise, and what a yes to each of them frees."""
    queue = desk.queue(limit)
    free = (Destination.SEND, Destination.OUT_OF_SCOPE)
    before = desk.counts()
    result = desk.answer(desk.questionnaire(queue.groups))
    after = desk.counts()
    assert not result.contradictions
    assert not result.known
    assert sum(after.values()) == sum(before.values())
    return queue.promised, sum(after[each] - before[each] for each in free)


def test_whoever_reads_the_queue_keeps_no_run_from_writing(tmp_path: Path) -> None:
    """A queue of many invoices takes minutes; the journal is free meanwhile."""
    desk = drawn(tmp_path, 3)
    with desk.outbox.journal(read_only=True) as reading:
        held = HeldReader(desk.outbox, BOOK.vocabulary).all(reading)
        first = next(held)
        with desk.outbox.journal() as writing, writing.transaction():
            writing.execute("CREATE TABLE while_it_is_read (a)")
        assert (
            len({first.record.document, *(each.record.document for each in held)})
            == (desk.counts()[Destination.HOLD])
        )


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_ten_answers_free_what_the_queue_promised(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Of random outboxes, the first ten groups answered with yes."""
    desk = drawn(tmp_path_factory.mktemp("drawn"), seed)
    promised, found = freed(desk, 10)
    assert found == promised


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), place=st.integers(0, 9))
def test_one_answer_frees_what_its_group_promised(
    seed: int, place: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """By itself, and it blocks what it said."""
    desk = drawn(tmp_path_factory.mktemp("drawn"), seed)
    groups = desk.queue().groups
    if not groups:
        return
    group = groups[place % len(groups)]
    before = desk.counts()
    desk.answer(desk.questionnaire([group]))
    after = desk.counts()
    free = (Destination.SEND, Destination.OUT_OF_SCOPE)
    assert sum(after[each] - before[each] for each in free) == group.frees
    assert after[Destination.BLOCK] - before[Destination.BLOCK] == group.blocks


@settings(max_examples=15, deadline=None)
@example(seed=100000)
@given(seed=st.integers(0, 10**6))
def test_all_answers_free_what_the_queue_promised(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """However many there are; what is left is for the senders, or would only be shown to be forbidden."""
    desk = drawn(tmp_path_factory.mktemp("drawn"), seed)
    promised, found = freed(desk, -1)
    assert found == promised
    rest = desk.queue()
    assert rest.promised == 0
    assert not rest.ready
    # An answer to another question may be what shows that a yes to this one would forbid the invoice.
    assert rest.invoices - rest.mending <= sum(group.blocks for group in rest.groups)
