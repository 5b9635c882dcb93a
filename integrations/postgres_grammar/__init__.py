"""PostgreSQL's own grammar: what a text of SQL says, statement by statement."""
