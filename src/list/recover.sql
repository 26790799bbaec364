-- recover.sql - what an import left to do, or to undo.

-- name: leftover
SELECT b.id, b.id <= c.shown
  FROM import_batch b CROSS JOIN import_clock c
 WHERE b.settled = 0 AND c.one = 1;

-- name: settle_news
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
 WHERE id IN (SELECT id FROM subscriber WHERE next_batch IS NOT NULL
               LIMIT :limit);

-- name: settle_all_states
UPDATE subscription
   SET state = next_state, batch = next_batch,
       changed_at = (SELECT at FROM import_batch WHERE id = next_batch),
       next_state = NULL, next_batch = NULL
 WHERE (list_id, subscriber_id) IN
       (SELECT list_id, subscriber_id FROM subscription
         WHERE next_batch IS NOT NULL LIMIT :limit);

-- name: drop_news
UPDATE subscriber
   SET next_batch = NULL, next_name = NULL, next_first_name = NULL,
       next_last_name = NULL, next_language = NULL, next_tags = NULL,
       next_attributes = NULL, next_joined_at = NULL
 WHERE id IN (SELECT id FROM subscriber WHERE next_batch IS NOT NULL
               LIMIT :limit);

-- name: drop_states
UPDATE subscription SET next_state = NULL, next_batch = NULL
 WHERE (list_id, subscriber_id) IN
       (SELECT list_id, subscriber_id FROM subscription
         WHERE next_batch IS NOT NULL LIMIT :limit);

-- name: next_stretch
-- The rows of a batch have no index of their own: they are met by walking
-- over all people, so many at a time.
SELECT max(id) FROM (SELECT id FROM subscriber WHERE id > :after
                      ORDER BY id LIMIT :limit); -- scan ok

-- name: drop_consent
-- All of what is kept about a person who goes: somebody may have been
-- suppressed by hand whom nobody has seen yet.
DELETE FROM consent
 WHERE subscriber_id > :after AND subscriber_id <= :to
   AND (batch = :batch
        OR EXISTS (SELECT 1 FROM subscriber s
                    WHERE s.id = subscriber_id AND s.batch = :batch));

-- name: drop_subscriptions
DELETE FROM subscription
 WHERE subscriber_id > :after AND subscriber_id <= :to AND batch = :batch;

-- name: drop_people
DELETE FROM subscriber WHERE id > :after AND id <= :to AND batch = :batch;

-- name: drop_batch
DELETE FROM import_batch WHERE id = :batch;

-- name: close_batch
UPDATE import_batch SET settled = 1 WHERE id = :batch;
