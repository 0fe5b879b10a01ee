"""What needs Sphinx (extra ``docs``) is not collected without it; ``.ci/run`` runs it when that is there."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("myst_parser") else ["test_living_site_built.py"]
