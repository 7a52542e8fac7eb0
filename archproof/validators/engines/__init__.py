"""Policy engines beside archproof's own rules, each with its findings in archproof's shape.

An engine is ONE module of this package that nothing else names. It says at its top, in literal constants:

- ``ENGINE = "checkov"``: its name, in messages and, where it is not part of every check, as the option
  ``--checkov`` of `check`.
- ``PREFIXES = ("checkov",)``: what its rules' ids begin with, before a slash: ``checkov/CKV_AWS_18``. Its rules
  take part under these ids in ``--only``, ``--skip``, ``accepted:``, ``rules show`` and every report.
- ``ALWAYS = True``: whether it is part of every check. Otherwise it runs where its option is given, or where the
  user names rule files that it recognises.
- ``RULE_FILES = (".guard", ".rego")``: the endings of the files of users' rules that it may recognise; ``()``
  for none. ``--rules PATH`` and the section ``rules`` of the model name such files or folders of them.

and has these functions (a `Request` is of this package's `request`, a `Result` too):

- ``recognises(file: RuleFile) -> bool`` (only with RULE_FILES): whether this file holds rules of its kind, by its
  name and its shape at the top. Be generous: a rule with a mistake in it is recognised and then refused with
  its place, never passed over. Engines are asked in the order of their module names; the first that says yes has
  the file.
- ``start(request: Request) -> Callable[[], Result]``: begin the work and return what waits for it. What only
  reads the resources is done here; what takes long (another process, native code) goes on in the background
  while archproof's own rules run. Neither may change the resources. Raises InputError, from either, with a
  Problem at its place for a rule file that is wrong. An engine that is not installed, that fails or that could
  not look at something returns an `Unknown` for it, never nothing.
- ``rules(request: Request) -> dict[str, Rule]``: every rule that it could run, by id with prefix, users' own
  included, for `rules list`, `rules show` and for the spelling of names. May take as long as it takes, and may be
  empty where the engine is not installed.

`Request.place` makes a finding at the exact line: a resource's property in any source (a model, a template, a
plan). What is filtered (`--only`, `--skip`), doubled by a rule of archproof's own (`Result.repeats`) or accepted
(`accepted:`) is the framework's business, once for all engines.
"""
