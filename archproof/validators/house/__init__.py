"""Users' own rules: a small form in YAML, and Python rules from files and from installed packages."""
