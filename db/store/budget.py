"""How many connections to PostgreSQL one process has at most, every pool and listener counted."""

# Of PostgreSQL's usual 100, three are kept for its superuser.
POSTGRESQL = 100 - 3
# Web and worker, the old ones and the new ones, while a deploy goes on.
PROCESSES_IN_A_DEPLOY = 4

# db/store/session.py: Slack, the API and the jobs' steps; a transaction lasts milliseconds.
POOL = 8
# db/store/asyncpg_pool.py: validation and the gateway; `make bench-validate` wants all of them.
HOT = 8
HOT_LISTENER = 1
# bot/process/engine.py: queues, checkpoints, recovery; its listener has a connection of its own.
ENGINE = 3
ENGINE_LISTENER = 1
# db/store/jobs.py: cancel and purge; jobs are started in the caller's transaction.
STARTER = 2
# db/store/executors.py: the lock that says this process is alive.
PRESENCE = 1

PROCESS = POOL + HOT + HOT_LISTENER + ENGINE + ENGINE_LISTENER + STARTER + PRESENCE
