"""squawk, the linter of migrations: a program beside us, run without a network."""
