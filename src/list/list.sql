-- list.sql - every statement the list module runs. Each is prepared when the
-- module opens (those behind create_staging: when an import begins), so a slip
-- stops the program at the start and `make check-sql` before that.

-- name: id_of
SELECT id FROM list WHERE key = :key;

-- name: add_list
INSERT INTO list (key) VALUES (:key) ON CONFLICT (key) DO NOTHING;

-- name: by_key
SELECT id, address, name, first_name, last_name, language, tags, attributes,
       joined_at, suppressed
  FROM subscriber
 WHERE key = :key AND (batch = 0
       OR batch <> (SELECT running FROM import_state));

-- name: by_id
SELECT id, address, name, first_name, last_name, language, tags, attributes,
       joined_at, suppressed
  FROM subscriber WHERE id = :id;

-- name: add_subscriber
INSERT INTO subscriber (id, key, address, name, first_name, last_name, language,
                        tags, attributes, joined_at)
VALUES (:id, :key, :address, :name, :first_name, :last_name, :language,
        :tags, :attributes, :joined_at)
ON CONFLICT (key) DO UPDATE
   SET name = iif(excluded.name <> '', excluded.name, name),
       first_name = iif(excluded.first_name <> '', excluded.first_name, first_name),
       last_name = iif(excluded.last_name <> '', excluded.last_name, last_name),
       language = iif(excluded.language <> '', excluded.language, language),
       batch = 0
RETURNING id;

-- name: add_subscription
-- Who left, bounced or complained is revived only when that was asked for.
INSERT INTO subscription (list_id, subscriber_id, state, changed_at)
VALUES (:list, :subscriber, 'confirmed', :now)
ON CONFLICT (list_id, subscriber_id) DO UPDATE
   SET state = 'confirmed', changed_at = :now, batch = 0
 WHERE state <> 'confirmed' AND (state = 'pending' OR :revive);

-- name: add_consent
INSERT INTO consent (subscriber_id, list_id, at, what)
VALUES (:subscriber, :list, :now, :what);

-- name: set_state
UPDATE subscription SET state = :state, changed_at = :now
 WHERE list_id = :list AND subscriber_id = :subscriber AND state <> :state;

-- name: set_state_everywhere
UPDATE subscription SET state = :state, changed_at = :now
 WHERE subscriber_id = :subscriber AND state <> :state;

-- name: suppress
INSERT INTO suppression (hash, reason, at) VALUES (:hash, :reason, :now)
ON CONFLICT (hash) DO UPDATE SET reason = :reason, at = :now;

-- name: mark_suppressed
UPDATE subscriber SET suppressed = :reason WHERE key = :key;

-- name: lift
DELETE FROM suppression WHERE hash = :hash;

-- name: reason_of
SELECT reason FROM suppression WHERE hash = :hash;

-- name: any_suppression
SELECT EXISTS (SELECT 1 FROM suppression); -- scan ok

-- name: subscriptions
SELECT l.key, p.state, p.changed_at
  FROM subscription AS p JOIN list AS l ON l.id = p.list_id
 WHERE p.subscriber_id = :subscriber
   AND (p.batch = 0 OR p.batch <> (SELECT running FROM import_state))
 ORDER BY p.list_id; -- scan ok

-- name: evidence
SELECT c.at, coalesce(l.key, ''), c.what
  FROM consent AS c LEFT JOIN list AS l ON l.id = c.list_id
 WHERE c.subscriber_id = :subscriber ORDER BY c.at;

-- name: audience_count
SELECT count(*) FROM list_audience WHERE list_id = :list;

-- name: export
-- Everybody visible, by address; one row for each person.
SELECT s.id, s.address, s.name, s.first_name, s.last_name, s.language, s.tags,
       s.joined_at, s.attributes,
       (SELECT group_concat(l.key, ';') FROM subscription AS p
          JOIN list AS l ON l.id = p.list_id
         WHERE p.subscriber_id = s.id
           AND (:list = 0 OR p.list_id = :list)
           AND (:state = '' OR p.state = :state)),
       (SELECT min(p.state) FROM subscription AS p
         WHERE p.subscriber_id = s.id
           AND (:list = 0 OR p.list_id = :list)
           AND (:state = '' OR p.state = :state))
  FROM subscriber AS s
 WHERE (s.batch = 0 OR s.batch <> (SELECT running FROM import_state))
   AND EXISTS (SELECT 1 FROM subscription AS p
                WHERE p.subscriber_id = s.id
                  AND (:list = 0 OR p.list_id = :list)
                  AND (:state = '' OR p.state = :state))
 ORDER BY s.key; -- scan ok

-- name: import_running
SELECT running, process FROM import_state;

-- name: drop_subscriptions
DELETE FROM subscription WHERE batch = :batch AND batch > 0;

-- name: drop_consents
DELETE FROM consent WHERE batch = :batch AND batch > 0;

-- name: drop_subscribers
DELETE FROM subscriber WHERE batch = :batch AND batch > 0;

-- name: import_over
UPDATE import_state SET running = 0, process = 0;

-- name: create_staging
CREATE TEMP TABLE IF NOT EXISTS staging (
	line INTEGER PRIMARY KEY, key TEXT, address TEXT, name TEXT,
	first_name TEXT, last_name TEXT, language TEXT, tags TEXT,
	attributes TEXT, joined_at INTEGER, list_id INTEGER, state TEXT,
	suppressed TEXT, subscriber INTEGER) STRICT;

-- name: empty_staging
DELETE FROM staging;

-- name: unindex_staging
DROP INDEX IF EXISTS staging_key;

-- name: stage
INSERT INTO staging (key, address, name, first_name, last_name, language, tags,
                     attributes, joined_at, list_id, state, suppressed)
VALUES (:key, :address, :name, :first_name, :last_name, :language, :tags,
        :attributes, :joined_at, :list, :state, :suppressed);

-- name: index_staging
CREATE INDEX staging_key ON staging (key, list_id, line);

-- name: drop_repeated
-- The later line of the same person on the same list wins.
DELETE FROM staging WHERE line IN (
	SELECT line FROM (SELECT line, lead(line) OVER (
	           PARTITION BY key, list_id ORDER BY line) AS later
	         FROM staging) -- scan ok
	 WHERE later IS NOT NULL);

-- name: count_new
SELECT count(DISTINCT key) FROM staging
 WHERE key NOT IN (SELECT key FROM subscriber); -- scan ok

-- name: count_people
SELECT count(DISTINCT key) FROM staging; -- scan ok

-- name: count_kept_out
-- Suppressed, or on that list once and gone, while the file says confirmed.
SELECT count(*) FROM staging AS t -- scan ok
 WHERE t.state IN ('confirmed', 'pending')
   AND (t.suppressed <> '' OR EXISTS (
        SELECT 1 FROM subscriber AS s
          JOIN subscription AS p ON p.subscriber_id = s.id
                                AND p.list_id = t.list_id
         WHERE s.key = t.key
           AND p.state IN ('unsubscribed', 'bounced', 'complained')));

-- name: count_changed
SELECT count(DISTINCT t.key) FROM staging AS t -- scan ok
  JOIN subscriber AS s ON s.key = t.key
  LEFT JOIN subscription AS p ON p.subscriber_id = s.id
                             AND p.list_id = t.list_id
 WHERE (t.name <> '' AND t.name <> s.name)
    OR (t.first_name <> '' AND t.first_name <> s.first_name)
    OR (t.last_name <> '' AND t.last_name <> s.last_name)
    OR (t.language <> '' AND t.language <> s.language)
    OR (t.tags <> '' AND t.tags <> s.tags)
    OR (t.attributes <> '{}' AND t.attributes <> s.attributes)
    OR (p.state IS NULL AND t.suppressed = '')
    OR (p.state = 'pending' AND t.state <> 'pending' AND t.suppressed = '')
    OR (p.state = 'confirmed' AND t.state NOT IN ('confirmed', 'pending'));

-- name: import_begin
UPDATE import_state SET last = last + 1, running = last + 1, process = :process
RETURNING running;

-- name: next_key
-- The last key of the next chunk.
SELECT max(key) FROM (SELECT key FROM staging WHERE key > :after
                       ORDER BY key LIMIT :limit); -- scan ok

-- name: apply_people
INSERT INTO subscriber (id, key, address, name, first_name, last_name, language,
                        tags, attributes, joined_at, suppressed, batch)
SELECT random() & 9223372036854775807, t.key, t.address, t.name, t.first_name,
       t.last_name, t.language, t.tags, t.attributes, t.joined_at,
       t.suppressed, :batch
  FROM staging AS t
 WHERE t.key > :after AND t.key <= :upto
   AND NOT EXISTS (SELECT 1 FROM subscriber AS s WHERE s.key = t.key)
   AND NOT EXISTS (SELECT 1 FROM staging AS later
                    WHERE later.key = t.key AND later.line > t.line);

-- name: apply_subscriptions
INSERT INTO subscription (list_id, subscriber_id, state, changed_at, batch)
SELECT t.list_id, s.id, t.state, :now, :batch
  FROM staging AS t JOIN subscriber AS s ON s.key = t.key
 WHERE t.key > :after AND t.key <= :upto
   AND (t.suppressed = '' OR t.state NOT IN ('confirmed', 'pending'))
ON CONFLICT (list_id, subscriber_id) DO NOTHING;

-- name: apply_consents
INSERT INTO consent (subscriber_id, list_id, at, what, batch)
SELECT s.id, t.list_id, :now, :what, :batch
  FROM staging AS t JOIN subscriber AS s ON s.key = t.key
  JOIN subscription AS p ON p.list_id = t.list_id AND p.subscriber_id = s.id
 WHERE t.key > :after AND t.key <= :upto AND p.batch = :batch;

-- name: publish_people
-- What is new about people who were known: in the last transaction, so that
-- nobody sees half an import.
UPDATE subscriber
   SET name = iif(t.name <> '', t.name, subscriber.name),
       first_name = iif(t.first_name <> '', t.first_name, subscriber.first_name),
       last_name = iif(t.last_name <> '', t.last_name, subscriber.last_name),
       language = iif(t.language <> '', t.language, subscriber.language),
       tags = iif(t.tags <> '', t.tags, subscriber.tags),
       attributes = json_patch(subscriber.attributes, t.attributes)
  FROM staging AS t -- scan ok
 WHERE subscriber.key = t.key AND subscriber.batch <> :batch
   AND ((t.name <> '' AND t.name <> subscriber.name)
     OR (t.first_name <> '' AND t.first_name <> subscriber.first_name)
     OR (t.last_name <> '' AND t.last_name <> subscriber.last_name)
     OR (t.language <> '' AND t.language <> subscriber.language)
     OR (t.tags <> '' AND t.tags <> subscriber.tags)
     OR (t.attributes <> '{}' AND t.attributes <> subscriber.attributes));

-- name: publish_states
-- A pending one may be confirmed, a confirmed one may leave; nobody is revived.
UPDATE subscription
   SET state = t.state, changed_at = :now
  FROM staging AS t JOIN subscriber AS s ON s.key = t.key -- scan ok
 WHERE subscription.list_id = t.list_id
   AND subscription.subscriber_id = s.id AND subscription.batch <> :batch
   AND ((subscription.state = 'pending' AND t.state <> 'pending'
         AND t.suppressed = '')
     OR (subscription.state = 'confirmed'
         AND t.state NOT IN ('confirmed', 'pending')));
