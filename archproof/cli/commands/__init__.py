"""The commands. Each module has `COMMAND`, `HELP`, `arguments(parser)` and `run(options) -> int`."""
