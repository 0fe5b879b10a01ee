"""``python -m fakturavakt``."""

from fakturavakt.cli import main

if __name__ == "__main__":
    main()
