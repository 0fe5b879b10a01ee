"""Text that XML can hold, whatever a document or a feature says. May import: nothing of fakturavakt."""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import quoteattr

_NOT_IN_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def in_xml(written: str) -> str:
    """Without the characters that XML 1.0 cannot hold: each becomes a �."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", written)


def xml_attribute(written: str) -> str:
    """As the value of an attribute, with its quotes."""
    return quoteattr(in_xml(written))
