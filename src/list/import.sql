-- import.sql - from a file to people: staged, sorted, applied, published.
--
-- The staging is temporary tables: they take no lock of the database, cost no
-- fsync, live in a file when they are large, and are gone with the process.
-- import_row is the file as it was read; import_person is each person once,
-- in the order of the keys; import_wish is what is asked for each on each
-- list: a view of import_person, or where the file has a column `lists` of
-- import_many. The order keeps every index that is written to sequential.

-- name: make_row
CREATE TEMP TABLE import_row (
	n INTEGER PRIMARY KEY, key TEXT, hash TEXT, address TEXT, name TEXT,
	first_name TEXT, last_name TEXT, language TEXT, tags TEXT,
	attributes TEXT, joined_at INTEGER, state TEXT, lists TEXT);

-- name: make_person
-- What is asked for most often stands in front, where it is found soonest.
CREATE TEMP TABLE import_person (
	n INTEGER PRIMARY KEY,
	known INTEGER,          -- the id, if we know that person
	barred INTEGER,         -- suppressed
	differs INTEGER,        -- there is something new in the row
	list_id INTEGER,        -- the one list of all, and what that comes to
	act TEXT,               -- new, change, same, refused
	state TEXT,
	chance INTEGER,         -- where the id of a new one is in its stretch
	key TEXT, hash TEXT, address TEXT, name TEXT, first_name TEXT,
	last_name TEXT, language TEXT, tags TEXT, attributes TEXT,
	joined_at INTEGER);

-- name: make_many
CREATE TEMP TABLE import_many (
	n INTEGER, list_id INTEGER, state TEXT, act TEXT,
	PRIMARY KEY (n, list_id)) WITHOUT ROWID;

-- name: wish_of_one
CREATE TEMP VIEW IF NOT EXISTS import_wish AS
SELECT n, list_id, state, act FROM import_person;

-- name: wish_of_many
CREATE TEMP VIEW IF NOT EXISTS import_wish AS
SELECT n, list_id, state, act FROM import_many;

-- name: drop_row
DROP TABLE IF EXISTS temp.import_row;

-- name: drop_person
DROP TABLE IF EXISTS temp.import_person;

-- name: drop_many
DROP TABLE IF EXISTS temp.import_many;

-- name: drop_wish
DROP VIEW IF EXISTS temp.import_wish;

-- name: stage
-- NULL is what the row does not say, and an address that is its own key.
INSERT INTO import_row (key, hash, address, name, first_name, last_name,
                        language, tags, attributes, joined_at, state, lists)
VALUES (:key, :hash, nullif(:address, :key), :name, :first_name, :last_name,
        :language, :tags, :attributes, :joined_at, :state, :lists);

-- name: sort_people
-- Of the rows of one person the last counts: SQLite takes the bare columns
-- from the row that holds the max(). `act` is for a file without a column
-- `lists`: all are for the same list. Who is gone stays gone: the order of the
-- words is that of set_state.
INSERT INTO import_person (key, hash, address, name, first_name, last_name,
                           language, tags, attributes, joined_at, state,
                           known, chance, differs, barred, list_id, act)
SELECT r.key, r.hash, r.address, r.name, r.first_name, r.last_name,
       r.language, r.tags, r.attributes, r.joined_at, r.state, s.id,
       random() & 0x7fffffffffffffff,
       (r.name <> s.name) IS TRUE OR (r.first_name <> s.first_name) IS TRUE
       OR (r.last_name <> s.last_name) IS TRUE
       OR (r.language <> s.language) IS TRUE OR (r.tags <> s.tags) IS TRUE
       OR (json_patch(s.attributes, r.attributes) <> s.attributes) IS TRUE
       OR (r.joined_at <> s.joined_at) IS TRUE,
       x.hash IS NOT NULL OR (s.suppressed <> '') IS TRUE, :list,
       CASE WHEN q.state IS NULL THEN 'new'
            WHEN q.state = r.state THEN 'same'
            WHEN q.state IN ('pending', 'confirmed')
              OR instr('bounced unsubscribed complained', r.state)
               > instr('bounced unsubscribed complained', q.state)
            THEN 'change'
            ELSE 'refused' END
  FROM (SELECT max(n), * FROM import_row GROUP BY key) r
  LEFT JOIN subscriber s ON s.key = r.key
  LEFT JOIN suppression x ON x.hash = r.hash
  LEFT JOIN subscription q ON q.list_id = :list AND q.subscriber_id = s.id; -- scan ok

-- name: index_people
CREATE INDEX temp.import_person_key ON import_person (key);

-- name: wish_for_many
INSERT INTO import_many (n, list_id, state, act)
SELECT p.n, w.value, r.state,
       CASE WHEN q.state IS NULL THEN 'new'
            WHEN q.state = r.state THEN 'same'
            WHEN q.state IN ('pending', 'confirmed')
              OR instr('bounced unsubscribed complained', r.state)
               > instr('bounced unsubscribed complained', q.state)
            THEN 'change'
            ELSE 'refused' END
  FROM import_row r
  JOIN import_person p ON p.key = r.key
  JOIN json_each(r.lists) w
  LEFT JOIN subscription q
    ON q.list_id = w.value AND q.subscriber_id = p.known
 WHERE true
 ORDER BY p.n, r.n
ON CONFLICT (n, list_id) DO UPDATE
   SET state = excluded.state, act = excluded.act; -- scan ok

-- name: count_people
-- Everybody has a wish; those of one person stand together.
SELECT count(*),
       count(*) FILTER (WHERE kind = 'added'),
       count(*) FILTER (WHERE kind = 'changed'),
       count(*) FILTER (WHERE kind = 'kept out')
  FROM (SELECT CASE
               WHEN p.barred THEN 'kept out'
               WHEN p.known IS NULL THEN 'added'
               WHEN NOT max(w.act <> 'refused') THEN 'kept out'
               WHEN p.differs OR max(w.act IN ('new', 'change'))
               THEN 'changed'
               ELSE 'known' END AS kind
          FROM import_wish w CROSS JOIN import_person p ON p.n = w.n
         GROUP BY w.n); -- scan ok

-- name: open_batch
INSERT INTO import_batch (id, file, who, at)
SELECT shown + 1, :file, :who, :now FROM import_clock WHERE one = 1
RETURNING id;

-- name: meet
-- Somebody may have joined since the file was sorted: what the file says of
-- them is news.
UPDATE import_person
   SET differs = 1,
       known = (SELECT s.id FROM subscriber s WHERE s.key = import_person.key)
 WHERE n > :after AND n <= :to AND known IS NULL AND NOT barred
   AND EXISTS (SELECT 1 FROM subscriber s WHERE s.key = import_person.key);

-- name: apply_people
-- Random ids that grow with the keys: every person has a stretch of the
-- number range, as wide as all the others', and a random place in it.
INSERT INTO subscriber (id, key, address, name, first_name, last_name,
                        language, tags, attributes, joined_at, batch)
SELECT (p.n - 1) * :stretch + 1 + p.chance % :stretch, p.key,
       coalesce(p.address, p.key),
       coalesce(p.name, ''), coalesce(p.first_name, ''),
       coalesce(p.last_name, ''), coalesce(p.language, ''),
       coalesce(p.tags, ''), coalesce(p.attributes, '{}'),
       coalesce(p.joined_at, :now), :batch
  FROM import_person p
 WHERE p.n > :after AND p.n <= :to AND p.known IS NULL AND NOT p.barred
   AND NOT EXISTS (SELECT 1 FROM suppression x WHERE x.hash = p.hash);

-- name: apply_news
UPDATE subscriber AS s
   SET next_batch = :batch,
       next_name = p.name, next_first_name = p.first_name,
       next_last_name = p.last_name, next_language = p.language,
       next_tags = p.tags, next_joined_at = p.joined_at,
       next_attributes = json_patch(s.attributes, p.attributes)
  FROM import_person p
 WHERE p.n > :after AND p.n <= :to AND p.differs AND NOT p.barred
   AND s.id = p.known AND s.suppressed = ''
   AND EXISTS (SELECT 1 FROM import_wish w
                WHERE w.n = p.n AND w.act <> 'refused');

-- name: apply_states
-- The rule is asked again of the row as it is now: somebody may have left
-- since it was classified.
INSERT INTO subscription (list_id, subscriber_id, state, changed_at, batch)
SELECT w.list_id, s.id, w.state, :now, :batch
  FROM import_person p CROSS JOIN import_wish w CROSS JOIN subscriber s
 WHERE p.n > :after AND p.n <= :to AND NOT p.barred
   AND w.n = p.n AND w.act IN ('new', 'change')
   AND s.id = coalesce(p.known, (p.n - 1) * :stretch + 1 + p.chance % :stretch)
   AND s.key = p.key AND s.suppressed = ''
ON CONFLICT (list_id, subscriber_id) DO UPDATE
   SET next_state = excluded.state, next_batch = :batch
 WHERE state <> excluded.state
   AND (state IN ('pending', 'confirmed')
        OR instr('bounced unsubscribed complained', excluded.state)
         > instr('bounced unsubscribed complained', state));

-- name: apply_consent
-- For those alone whose state this batch has really changed.
INSERT INTO consent (subscriber_id, at, list_id, batch)
SELECT q.subscriber_id, :now, w.list_id, :batch
  FROM import_person p CROSS JOIN import_wish w CROSS JOIN subscription q
 WHERE p.n > :after AND p.n <= :to AND NOT p.barred
   AND w.n = p.n AND w.act IN ('new', 'change')
   AND q.list_id = w.list_id
   AND q.subscriber_id
       = coalesce(p.known, (p.n - 1) * :stretch + 1 + p.chance % :stretch)
   AND (q.batch = :batch OR q.next_batch = :batch)
ON CONFLICT DO NOTHING;

-- name: publish
UPDATE import_clock SET shown = :batch WHERE one = 1;
