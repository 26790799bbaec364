-- list.sql - every statement of the list but those of the import.

-- name: list_find
SELECT id FROM list WHERE key = :key;

-- name: list_make
INSERT INTO list (key) VALUES (:key) ON CONFLICT (key) DO NOTHING;

-- name: lists
SELECT id, key FROM list ORDER BY id; -- scan ok

-- name: person_by_key
SELECT subscriber_id, address, name, first_name, last_name, language, tags,
       attributes, joined_at, suppressed
  FROM list_person WHERE key = :key;

-- name: subscriptions
SELECT l.key, q.state, q.changed_at
  FROM list_standing q JOIN list l ON l.id = q.list_id
 WHERE q.subscriber_id = :id
 ORDER BY q.list_id;

-- name: evidence
SELECT c.at, coalesce(l.key, ''),
       iif(c.batch = 0, c.what, 'import ' || b.file || ' by ' || b.who)
  FROM consent c
  LEFT JOIN list l ON l.id = c.list_id
  LEFT JOIN import_batch b ON b.id = c.batch
 WHERE c.subscriber_id = :id
   AND c.batch <= (SELECT shown FROM import_clock WHERE one = 1)
 ORDER BY c.at, c.list_id;

-- name: audience_count
SELECT count(*) FROM list_active WHERE list_id = :list;

-- name: is_suppressed
SELECT reason FROM suppression WHERE hash = :hash;

-- name: settle_person
-- News of a published import that has not been moved in place yet: before a
-- change by hand, which must come out on top.
UPDATE subscriber
   SET name = coalesce(next_name, name),
       first_name = coalesce(next_first_name, first_name),
       last_name = coalesce(next_last_name, last_name),
       language = coalesce(next_language, language),
       tags = coalesce(next_tags, tags),
       attributes = coalesce(next_attributes, attributes),
       joined_at = coalesce(next_joined_at, joined_at),
       next_batch = NULL, next_name = NULL, next_first_name = NULL,
       next_last_name = NULL, next_language = NULL, next_tags = NULL,
       next_attributes = NULL, next_joined_at = NULL
 WHERE key = :key
   AND next_batch <= (SELECT shown FROM import_clock WHERE one = 1);

-- name: settle_states
UPDATE subscription
   SET state = next_state, batch = next_batch,
       changed_at = (SELECT at FROM import_batch WHERE id = next_batch),
       next_state = NULL, next_batch = NULL
 WHERE subscriber_id = :id
   AND next_batch <= (SELECT shown FROM import_clock WHERE one = 1);

-- name: uncover_person
-- A row that a running import has made, and nobody sees yet, becomes an
-- ordinary one with nothing in it; what the import says about the person waits
-- like its other news.
UPDATE subscriber
   SET next_batch = batch, next_name = nullif(name, ''),
       next_first_name = nullif(first_name, ''),
       next_last_name = nullif(last_name, ''),
       next_language = nullif(language, ''), next_tags = nullif(tags, ''),
       next_attributes = nullif(attributes, '{}'),
       address = :address, name = '', first_name = '', last_name = '',
       language = '', tags = '', attributes = '{}', joined_at = :joined_at,
       batch = 0
 WHERE key = :key
   AND batch > (SELECT shown FROM import_clock WHERE one = 1);

-- name: add_person
-- An empty value leaves what is known. What is said here counts more than what
-- an import that nobody sees yet says.
INSERT INTO subscriber (id, key, address, name, first_name, last_name,
                        language, tags, attributes, joined_at)
VALUES (:id, :key, :address, :name, :first_name, :last_name, :language, :tags,
        json(:attributes), :joined_at)
ON CONFLICT (key) DO UPDATE
   SET name = coalesce(nullif(excluded.name, ''), name),
       first_name = coalesce(nullif(excluded.first_name, ''), first_name),
       last_name = coalesce(nullif(excluded.last_name, ''), last_name),
       language = coalesce(nullif(excluded.language, ''), language),
       tags = coalesce(nullif(excluded.tags, ''), tags),
       attributes = json_patch(attributes, excluded.attributes),
       next_name = iif(excluded.name = '', next_name, NULL),
       next_first_name = iif(excluded.first_name = '', next_first_name, NULL),
       next_last_name = iif(excluded.last_name = '', next_last_name, NULL),
       next_language = iif(excluded.language = '', next_language, NULL),
       next_tags = iif(excluded.tags = '', next_tags, NULL),
       next_attributes = json_patch(next_attributes, excluded.attributes)
RETURNING id;

-- name: subscribe
INSERT INTO subscription (list_id, subscriber_id, state, changed_at)
VALUES (:list, :id, 'confirmed', :now)
ON CONFLICT (list_id, subscriber_id) DO UPDATE
   SET state = 'confirmed', changed_at = :now, batch = 0,
       next_state = NULL, next_batch = NULL
 WHERE state = 'pending'
    OR batch > (SELECT shown FROM import_clock WHERE one = 1)
    OR (:revive AND state <> 'confirmed')
RETURNING list_id;

-- name: standing
SELECT state FROM list_standing
 WHERE subscriber_id = :id AND (:list = 0 OR list_id = :list)
 LIMIT 1;

-- name: set_state
-- Among those who are gone a state gives way only to a graver one, which is
-- the order of the words below: a late bounce must not hide that somebody
-- left. What an import not yet seen wanted with the row is void, unless that
-- is graver still.
UPDATE subscription
   SET state = :state, changed_at = :now,
       next_state = iif(:state NOT IN ('pending', 'confirmed')
           AND instr('bounced unsubscribed complained', next_state)
             > instr('bounced unsubscribed complained', :state),
           next_state, NULL),
       next_batch = iif(:state NOT IN ('pending', 'confirmed')
           AND instr('bounced unsubscribed complained', next_state)
             > instr('bounced unsubscribed complained', :state),
           next_batch, NULL)
 WHERE subscriber_id = :id AND (:list = 0 OR list_id = :list)
   AND (:state IN ('pending', 'confirmed')
        OR instr('pending confirmed bounced unsubscribed complained', :state)
         > instr('pending confirmed bounced unsubscribed complained', state))
   AND (state <> :state OR next_state IS NOT NULL)
RETURNING list_id;

-- name: log_consent
INSERT INTO consent (subscriber_id, at, list_id, what)
VALUES (:id, :now, :list, :what)
ON CONFLICT DO NOTHING;

-- name: suppress
INSERT INTO suppression (hash, reason, at) VALUES (:hash, :reason, :now)
ON CONFLICT (hash) DO UPDATE SET reason = excluded.reason, at = excluded.at;

-- name: lift
DELETE FROM suppression WHERE hash = :hash;

-- name: mark_suppressed
UPDATE subscriber SET suppressed = :reason WHERE key = :key
RETURNING id;

-- name: export
-- One row for each person and state, with the lists they are in it on. Who is
-- suppressed never leaves as one who may be mailed.
SELECT p.subscriber_id, p.address, p.name, p.first_name, p.last_name,
       p.language, p.tags, p.attributes, p.joined_at,
       iif(p.suppressed <> '' AND q.state IN ('pending', 'confirmed'),
           'unsubscribed', q.state) AS shown_state,
       group_concat(l.key, ';')
  FROM list_person p
  JOIN list_standing q ON q.subscriber_id = p.subscriber_id
  JOIN list l ON l.id = q.list_id
 WHERE :list = 0 OR q.list_id = :list
 GROUP BY p.key, shown_state
HAVING :state = '' OR shown_state = :state
 ORDER BY p.key, shown_state; -- scan ok

-- name: attribute
-- The value as a cell: text bare, numbers as they were written, true, false.
SELECT iif(json_type(:attributes, :path) = 'text', :attributes ->> :path,
           :attributes -> :path);
