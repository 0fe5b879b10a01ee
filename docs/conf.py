"""The site of these pages: `sphinx-build -W --keep-going -b html docs build/site` (extra `docs`).

The pages are Markdown that reads as well where it lies; the site adds a way through them, a search, and the
handbook of the rule book that ships, made while the site is built.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

from fakturavakt import __version__

project = "fakturavakt"
author = "fakturavakt"
project_copyright = "Apache-2.0"
version = release = __version__

extensions = ["myst_parser", "rule_handbook"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_extensions"]
nitpicky = True

# A heading is an anchor as it is where the pages lie: `rule-language.md#a-guarantee`.
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]

html_theme = "furo"
html_title = "fakturavakt"
html_show_sphinx = html_show_copyright = False
html_copy_source = False
html_theme_options = {"navigation_with_keys": True}
# Pages are in two languages; each says which (`html_lang` in its front matter).
language = "en"
# No date, no network: the same pages give the same site.
html_last_updated_fmt = None
smartquotes = False
