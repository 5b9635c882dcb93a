"""The queries that read a schema out of PostgreSQL's catalog (15 to 18), as lines of text.

They print differently under another search_path, interval style and so on: run them after `STABLE`.
"""

# Ours: the journal. No name that a role may have: `"$user"` leads the default search_path, and
# what such a role creates without a schema would land here.
JOURNAL_SCHEMA = "seguito_rollouts"
# Supabase's own, which it changes when it likes.
EXCLUDED = (
    *("auth", "storage", "realtime", "_realtime", "extensions", "graphql", "graphql_public"),
    *("vault", "pgsodium", "pgsodium_masks", "supabase_functions", "supabase_migrations"),
    *("cron", "net", "pgbouncer", "information_schema", JOURNAL_SCHEMA),
)
STABLE = """
SET LOCAL search_path = '';
SET LOCAL IntervalStyle = 'postgres';
SET LOCAL DateStyle = 'ISO, MDY';
SET LOCAL TimeZone = 'UTC';
SET LOCAL bytea_output = 'hex';
SET LOCAL extra_float_digits = 1;
SET LOCAL quote_all_identifiers = off;
"""
# Back to what this role has by default, for SQL that counts on it.
UNSTABLE = """
SET LOCAL search_path TO DEFAULT;
SET LOCAL IntervalStyle TO DEFAULT;
SET LOCAL DateStyle TO DEFAULT;
SET LOCAL TimeZone TO DEFAULT;
SET LOCAL bytea_output TO DEFAULT;
SET LOCAL extra_float_digits TO DEFAULT;
SET LOCAL quote_all_identifiers TO DEFAULT;
"""
_SCHEMAS = f"""
  schemas AS MATERIALIZED (
    SELECT oid, nspname, nspowner, nspacl FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname NOT IN ({", ".join(f"'{name}'" for name in EXCLUDED)})
  ),
  members AS MATERIALIZED (SELECT classid, objid FROM pg_depend WHERE deptype = 'e')
"""  # noqa: S608 - constants of this file
# Label, kind and object of everything that has a name of its own.
_OBJECTS = """
  relations AS MATERIALIZED (
    SELECT c.*, format('%I.%I', s.nspname, c.relname) AS label
    FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')
      AND (('pg_class'::regclass)::oid, c.oid) NOT IN (SELECT classid, objid FROM members)
  ),
  routines AS MATERIALIZED (
    SELECT p.oid, p.prokind, p.proowner, p.proacl, p.oid::regprocedure::text AS label
    FROM pg_proc p JOIN schemas s ON s.oid = p.pronamespace
    WHERE (('pg_proc'::regclass)::oid, p.oid) NOT IN (SELECT classid, objid FROM members)
  ),
  types AS MATERIALIZED (
    SELECT t.*, format('%I.%I', s.nspname, t.typname) AS label
    FROM pg_type t JOIN schemas s ON s.oid = t.typnamespace
    WHERE t.typtype IN ('e', 'd', 'r')
      AND (('pg_type'::regclass)::oid, t.oid) NOT IN (SELECT classid, objid FROM members)
  ),
  columns AS MATERIALIZED (
    SELECT a.*, r.label AS relation, r.relkind, r.relowner,
      format('%s.%I', r.label, a.attname) AS label
    FROM pg_attribute a JOIN relations r ON r.oid = a.attrelid
    WHERE a.attnum > 0 AND NOT a.attisdropped AND r.relkind <> 'S'
  ),
  constraints AS MATERIALIZED (
    SELECT k.*, format('%s.%I', coalesce(r.label, t.label), k.conname) AS label
    FROM pg_constraint k LEFT JOIN relations r ON r.oid = k.conrelid
      LEFT JOIN types t ON t.oid = k.contypid
    WHERE k.contype IN ('c', 'f', 'p', 'u', 'x') AND coalesce(r.oid, t.oid) IS NOT NULL
  ),
  indexes AS MATERIALIZED (
    SELECT i.*, format('%s.%I', r.label, c.relname) AS label
    FROM pg_index i JOIN relations r ON r.oid = i.indrelid JOIN pg_class c ON c.oid = i.indexrelid
  ),
  triggers AS MATERIALIZED (
    SELECT g.*, format('%s.%I', r.label, g.tgname) AS label
    FROM pg_trigger g JOIN relations r ON r.oid = g.tgrelid WHERE NOT g.tgisinternal
  ),
  policies AS MATERIALIZED (
    SELECT p.*, format('%s.%I', r.label, p.polname) AS label
    FROM pg_policy p JOIN relations r ON r.oid = p.polrelid
  ),
  objects AS (
    SELECT 'pg_namespace'::regclass AS class, oid, format('%I', nspname) AS label FROM schemas
    UNION ALL SELECT 'pg_class'::regclass, oid, label FROM relations
    UNION ALL SELECT 'pg_class'::regclass, indexrelid, label FROM indexes
    UNION ALL SELECT 'pg_proc'::regclass, oid, label FROM routines
    UNION ALL SELECT 'pg_type'::regclass, oid, label FROM types
    UNION ALL SELECT 'pg_constraint'::regclass, oid, label FROM constraints
    UNION ALL SELECT 'pg_trigger'::regclass, oid, label FROM triggers
    UNION ALL SELECT 'pg_policy'::regclass, oid, label FROM policies
  ),
  privileges AS (
    SELECT 'schema ' || nspname AS label, nspowner AS owner, nspacl AS acl FROM schemas
    UNION ALL SELECT label, relowner,
      coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner))
      FROM relations WHERE relkind <> 'c'
    UNION ALL SELECT label, relowner, attacl FROM columns WHERE attacl IS NOT NULL
    UNION ALL SELECT label, proowner, coalesce(proacl, acldefault('f', proowner)) FROM routines
    UNION ALL SELECT label, typowner, coalesce(typacl, acldefault('T', typowner)) FROM types
    UNION ALL SELECT format('default in %s of %s', coalesce(s.nspname, 'all'), d.defaclobjtype),
      d.defaclrole, d.defaclacl
      FROM pg_default_acl d LEFT JOIN schemas s ON s.oid = d.defaclnamespace
      WHERE d.defaclnamespace = 0 OR s.oid IS NOT NULL
  )
"""
_LINES = r"""
  lines(line) AS (
    SELECT 'schema ' || nspname FROM schemas WHERE nspname <> 'public'
    UNION ALL SELECT 'extension ' || extname FROM pg_extension
    UNION ALL SELECT concat_ws(' ', 'relation', label, relkind, relpersistence,
        CASE WHEN relrowsecurity THEN 'row-security' END,
        CASE WHEN relforcerowsecurity THEN 'forced' END,
        CASE WHEN relkind = 'p' THEN pg_get_partkeydef(oid) END,
        pg_get_expr(relpartbound, oid), reloptions::text,
        CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END)
      FROM relations
    UNION ALL SELECT concat_ws(' ', 'inherits', r.label, h.inhparent::regclass,
        CASE WHEN h.inhdetachpending THEN 'detaching' END)
      FROM pg_inherits h JOIN relations r ON r.oid = h.inhrelid
    UNION ALL SELECT concat_ws(' ', 'column', a.label, format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attnotnull THEN 'not null' END,
        'default ' || pg_get_expr(d.adbin, d.adrelid),
        'identity ' || nullif(a.attidentity::text, ''),
        'generated ' || nullif(a.attgenerated::text, ''),
        CASE WHEN a.attcollation <> t.typcollation
          THEN 'collate ' || a.attcollation::regcollation END)
      FROM columns a JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    UNION ALL SELECT concat_ws(' ', 'constraint', label, pg_get_constraintdef(oid),
        CASE WHEN NOT convalidated THEN 'unvalidated' END) FROM constraints
    UNION ALL SELECT concat_ws(' ', 'index', label, pg_get_indexdef(indexrelid),
        CASE WHEN NOT indisvalid THEN 'invalid' END, CASE WHEN NOT indisready THEN 'not ready' END,
        CASE WHEN indisreplident THEN 'replica identity' END) FROM indexes
    UNION ALL SELECT concat_ws(' ', 'trigger', label, tgenabled, pg_get_triggerdef(oid))
      FROM triggers
    UNION ALL SELECT concat_ws(' ', 'rule', r.label, w.rulename, w.ev_enabled,
        pg_get_ruledef(w.oid))
      FROM pg_rewrite w JOIN relations r ON r.oid = w.ev_class WHERE w.rulename <> '_RETURN'
    UNION ALL SELECT concat_ws(' ', 'function', label, prokind,
        CASE WHEN prokind <> 'a' THEN md5(pg_get_functiondef(oid)) END) FROM routines
    UNION ALL SELECT concat_ws(' ', 'policy', label, polcmd,
        CASE WHEN polpermissive THEN 'permissive' ELSE 'restrictive' END,
        (SELECT string_agg(CASE one WHEN 0 THEN 'public' ELSE pg_get_userbyid(one) END, ','
           ORDER BY CASE one WHEN 0 THEN 'public' ELSE pg_get_userbyid(one) END COLLATE "C")
         FROM unnest(polroles) AS one),
        'using ' || pg_get_expr(polqual, polrelid), 'check ' || pg_get_expr(polwithcheck, polrelid))
      FROM policies
    UNION ALL SELECT 'enum ' || t.label || ' ' ||
        string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
      FROM types t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.label
    UNION ALL SELECT concat_ws(' ', 'domain', label, format_type(typbasetype, typtypmod),
        CASE WHEN typnotnull THEN 'not null' END, 'default ' || typdefault)
      FROM types WHERE typtype = 'd'
    UNION ALL SELECT concat_ws(' ', 'range', t.label, format_type(r.rngsubtype, NULL))
      FROM types t JOIN pg_range r ON r.rngtypid = t.oid
    UNION ALL SELECT concat_ws(' ', 'sequence', r.label, format_type(q.seqtypid, NULL), q.seqstart,
        q.seqincrement, q.seqmin, q.seqmax, q.seqcache, CASE WHEN q.seqcycle THEN 'cycle' END)
      FROM relations r JOIN pg_sequence q ON q.seqrelid = r.oid
    UNION ALL SELECT 'statistics ' || pg_get_statisticsobjdef(x.oid)
      FROM pg_statistic_ext x JOIN relations r ON r.oid = x.stxrelid
    UNION ALL SELECT concat_ws(' ', 'grant', p.label, g.privilege_type,
        CASE g.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(g.grantee) END,
        CASE WHEN g.is_grantable THEN 'grantable' END)
      FROM privileges p, aclexplode(p.acl) g WHERE g.grantee <> p.owner
    UNION ALL SELECT concat_ws(' ', 'comment', o.label, a.attname, quote_literal(d.description))
      FROM pg_description d JOIN objects o ON o.class = d.classoid AND o.oid = d.objoid
        LEFT JOIN pg_attribute a ON d.classoid = 'pg_class'::regclass AND d.objsubid > 0
          AND a.attrelid = d.objoid AND a.attnum = d.objsubid
  )
"""
_HASH = "encode(sha256(convert_to(coalesce({}, ''), 'UTF8')), 'hex')"
_JOINED = """string_agg(line, E'\\n' ORDER BY line COLLATE "C")"""
# One row: the schema's hash, and that of the columns' order.
HASHES = f"""
WITH {_SCHEMAS}, {_OBJECTS}, {_LINES},
  ordered(line) AS (
    SELECT relation || ': ' || string_agg(attname, ', ' ORDER BY attnum)
    FROM columns WHERE relkind NOT IN ('v', 'm') GROUP BY relation
  )
SELECT (SELECT {_HASH.format(_JOINED)} FROM lines) AS hash,
  (SELECT {_HASH.format(_JOINED)} FROM ordered) AS "order"
"""  # noqa: S608 - constants of this file
# What was hashed, a row per line.
LINES = f"""
WITH {_SCHEMAS}, {_OBJECTS}, {_LINES} SELECT line FROM lines ORDER BY line COLLATE "C"
"""  # noqa: S608 - constants of this file
_ROWS = """
  rows(row) AS (
    SELECT 'c' || c.oid || ':' || c.xmin FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace
    UNION ALL SELECT 'a' || a.attrelid || '/' || a.attnum || ':' || a.xmin
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN schemas s ON s.oid = c.relnamespace WHERE a.attnum > 0
    UNION ALL SELECT 'd' || d.oid || ':' || d.xmin FROM pg_attrdef d WHERE d.oid >= 16384
    UNION ALL SELECT 'k' || k.oid || ':' || k.xmin FROM pg_constraint k WHERE k.oid >= 16384
    UNION ALL SELECT 'i' || i.indexrelid || ':' || i.xmin
      FROM pg_index i WHERE i.indexrelid >= 16384
    UNION ALL SELECT 'p' || p.oid || ':' || p.xmin
      FROM pg_proc p JOIN schemas s ON s.oid = p.pronamespace
    UNION ALL SELECT 't' || t.oid || ':' || t.xmin
      FROM pg_type t JOIN schemas s ON s.oid = t.typnamespace
    UNION ALL SELECT 'g' || g.oid || ':' || g.xmin FROM pg_trigger g WHERE g.oid >= 16384
    UNION ALL SELECT 'o' || o.oid || ':' || o.xmin FROM pg_policy o WHERE o.oid >= 16384
    UNION ALL SELECT 'w' || w.oid || ':' || w.xmin FROM pg_rewrite w WHERE w.oid >= 16384
    UNION ALL SELECT 'e' || e.oid || ':' || e.xmin FROM pg_enum e WHERE e.oid >= 16384
    UNION ALL SELECT 'q' || q.seqrelid || ':' || q.xmin FROM pg_sequence q
    UNION ALL SELECT 'h' || h.inhrelid || '/' || h.inhparent || ':' || h.xmin FROM pg_inherits h
    UNION ALL SELECT 'x' || x.oid || ':' || x.xmin FROM pg_statistic_ext x
    UNION ALL SELECT 'n' || n.oid || ':' || n.xmin FROM pg_namespace n JOIN schemas s USING (oid)
    UNION ALL SELECT 'l' || l.oid || ':' || l.xmin FROM pg_default_acl l
    UNION ALL SELECT 'y' || y.extname FROM pg_extension y
    UNION ALL SELECT 'z' || z.classoid || '/' || z.objoid || '/' || z.objsubid || ':' || z.xmin
      FROM pg_description z WHERE z.objoid >= 16384
  )
"""
# One value: changes with every change of the catalog; TRUNCATE and temporary tables raise it too.
CHEAP = f"""
WITH {_SCHEMAS}, {_ROWS}
SELECT md5(coalesce(string_agg(row, ',' ORDER BY row COLLATE "C"), '')) FROM rows
"""  # noqa: S608 - constants of this file
