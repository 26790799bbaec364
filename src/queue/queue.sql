-- queue.sql - every statement the ledger runs.

-- name: issue_by_slug
SELECT id, slug, title, subject, list_id, state, frozen_at, not_after, total,
       revision, source_hash, why, changed_at
  FROM issue WHERE slug = :slug;

-- name: issue_by_id
SELECT id, slug, title, subject, list_id, state, frozen_at, not_after, total,
       revision, source_hash, why, changed_at
  FROM issue WHERE id = :issue;

-- name: issues
SELECT id, slug, title, subject, list_id, state, frozen_at, not_after, total,
       revision, source_hash, why, changed_at
  FROM issue ORDER BY id DESC; -- scan ok

-- name: ready_issues
-- Of all that ever were ready, those with letters to claim.
SELECT id, list_id, not_after FROM issue AS i
 WHERE state = 'ready'
   AND EXISTS (SELECT 1 FROM delivery AS d
                WHERE d.issue_id = i.id AND d.state IN ('queued', 'deferred'))
 ORDER BY id; -- scan ok

-- name: ready_issue
SELECT id, list_id, not_after FROM issue WHERE state = 'ready' AND id = :issue;

-- name: form
SELECT form FROM revision WHERE issue_id = :issue AND number = :revision;

-- name: add_issue
INSERT INTO issue (slug, title, subject, list_id, state, frozen_at, not_after,
                   batch, revision, source_hash, uses, attributes)
VALUES (:slug, :title, :subject, :list, 'freezing', :now, :not_after,
        (SELECT batch FROM list_shown), 1, :source_hash, :uses, :attributes)
ON CONFLICT (slug) DO NOTHING;

-- name: add_revision
INSERT INTO revision (issue_id, number, form) VALUES (:issue, 1, :form);

-- name: freezing
SELECT list_id, uses, attributes, upto, total, frozen_at, batch
  FROM issue WHERE id = :issue AND state = 'freezing';

-- name: freeze_chunk
-- `fields` holds what the letters use, and nothing else of anybody. What was
-- imported since the first chunk stays out, the whole of it.
INSERT INTO delivery (issue_id, ordinal, subscriber_id, address, fields,
                      revision, at)
SELECT :issue, :total + row_number() OVER (ORDER BY subscriber_id),
       subscriber_id, address,
       iif(:uses & 2, name, '') || char(31)
       || iif(:uses & 4, first_name, '') || char(31)
       || iif(:uses & 8, last_name, '') || char(31)
       || iif(:uses & 16, language, '') || char(31)
       || iif(:uses & 32, date(joined_at / 1000, 'unixepoch'), '') || char(31)
       || iif(:uses & 64, replace(tags, ';', ', '), '')
       || iif(:attributes = '[]', '',
              (SELECT group_concat(char(31)
                      || coalesce(json_extract(a.attributes, j.value), ''), '')
                 FROM json_each(:attributes) AS j)),
       1, :now
  FROM (SELECT * FROM list_audience
         WHERE list_id = :list AND subscriber_id > :upto
           AND batch <= :batch
         ORDER BY subscriber_id LIMIT :limit) AS a; -- scan ok

-- name: frozen_upto
SELECT subscriber_id FROM delivery
 WHERE issue_id = :issue AND ordinal = :total;

-- name: freeze_step
UPDATE issue SET upto = :upto, total = :total WHERE id = :issue;

-- name: freeze_done
UPDATE issue SET state = 'ready' WHERE id = :issue AND state = 'freezing';

-- name: change_issue
UPDATE issue SET state = :state, why = :why, changed_at = :now
 WHERE id = :issue AND state = :from;

-- name: decide
-- A person knows what became of a letter whose reply was lost.
UPDATE delivery
   SET state = :state, at = :now, due_at = 0, reply = :reply
 WHERE issue_id = :issue AND ordinal = :ordinal
   AND state IN ('uncertain', 'held')
RETURNING epoch;

-- name: counts
SELECT state, count(*) FROM delivery WHERE issue_id = :issue GROUP BY state; -- scan ok

-- name: counts_all
-- Of everything that may be sent.
SELECT d.state, count(*) FROM issue AS i JOIN delivery AS d ON d.issue_id = i.id
 WHERE i.state = 'ready' GROUP BY d.state; -- scan ok

-- name: next_uncertain_of
SELECT min(due_at) FROM delivery INDEXED BY delivery_uncertain
 WHERE state = 'uncertain' AND due_at > 0 AND issue_id = :issue;

-- name: next_uncertain
SELECT min(due_at) FROM delivery WHERE state = 'uncertain' AND due_at > 0;

-- name: next_due
-- The earliest waiting row of issues that may be sent now.
SELECT min((SELECT min(d.due_at) FROM delivery AS d
             WHERE d.issue_id = i.id AND d.state IN ('queued', 'deferred')))
  FROM issue AS i WHERE i.state = 'ready'; -- scan ok

-- name: next_due_of
SELECT (SELECT min(d.due_at) FROM delivery AS d
         WHERE d.issue_id = i.id AND d.state IN ('queued', 'deferred'))
  FROM issue AS i WHERE i.state = 'ready' AND i.id = :issue;

-- name: rows
SELECT ordinal, subscriber_id, address, state, attempts, at, due_at, code,
       status, reply, date_ms, revision
  FROM delivery WHERE issue_id = :issue ORDER BY ordinal;

-- name: enlist
INSERT INTO dispatcher (boot_id, enlisted_at) VALUES (:boot, :now);

-- name: dismiss
DELETE FROM dispatcher WHERE id = :owner
   AND NOT EXISTS (SELECT 1 FROM delivery
                    WHERE owner = :owner AND state = 'claimed');

-- name: owners
SELECT id, boot_id FROM dispatcher ORDER BY id; -- scan ok

-- name: held
SELECT issue_id, ordinal, epoch FROM delivery
 WHERE owner = :owner AND state = 'claimed'
 ORDER BY issue_id, ordinal;

-- name: renew
UPDATE delivery SET lease_until = :lease
 WHERE owner = :owner AND state = 'claimed';

-- name: expire
UPDATE delivery SET state = 'expired', at = :now
 WHERE (issue_id, ordinal) IN (
       SELECT issue_id, ordinal FROM delivery INDEXED BY delivery_due
        WHERE issue_id = :issue AND state IN ('queued', 'deferred')
        LIMIT :limit);

-- name: claim
-- One look at each due row: who left or was suppressed since the freeze is
-- skipped, all others are taken.
UPDATE delivery
   SET state = iif(due.active, 'claimed', 'skipped'),
       attempts = attempts + due.active,
       owner = :owner, epoch = epoch + 1,
       lease_until = iif(due.active, :lease, NULL), at = :now,
       date_ms = iif(due.active AND date_ms = 0, :now, date_ms)
  FROM (SELECT d.issue_id, d.ordinal,
               EXISTS (SELECT 1 FROM list_active AS a
                        WHERE a.list_id = :list
                          AND a.subscriber_id = d.subscriber_id) AS active
          FROM delivery AS d
         WHERE d.issue_id = :issue AND d.state IN ('queued', 'deferred')
           AND d.due_at <= :now
         ORDER BY d.due_at, d.ordinal LIMIT :limit) AS due
 WHERE delivery.issue_id = due.issue_id AND delivery.ordinal = due.ordinal
RETURNING state = 'claimed', ordinal, epoch, subscriber_id, address, fields,
          date_ms, attempts, revision;

-- name: still_wanted
SELECT EXISTS (SELECT 1 FROM issue AS i JOIN list_active AS a
                  ON a.list_id = i.list_id
                WHERE i.id = :issue AND i.state = 'ready'
                  AND a.subscriber_id = :subscriber);

-- name: settle
-- Only under the claim's own owner and epoch: whoever has the row since then
-- is not disturbed by a late answer.
UPDATE delivery
   SET state = :state, at = :at, due_at = :due, lease_until = NULL,
       attempts = attempts - :uncounted, code = :code, status = :status,
       reply = :reply
 WHERE issue_id = :issue AND ordinal = :ordinal AND owner = :owner
   AND epoch = :epoch AND state = :from;

-- name: log_attempt
INSERT INTO attempt (issue_id, ordinal, epoch, at, state, relay, stage, code,
                     status, reply)
VALUES (:issue, :ordinal, :epoch, :at, :state, :relay, :stage, :code, :status,
        :reply)
ON CONFLICT (issue_id, ordinal, epoch) DO UPDATE
   SET at = :at, state = :state, stage = :stage, code = :code,
       status = :status, reply = :reply;

-- name: uncertain_again
UPDATE delivery SET state = :state, at = :now, due_at = :now
 WHERE state = 'uncertain' AND due_at <= :now;

-- name: recall
-- What was given back, that is; what the relay put off stays so.
UPDATE delivery SET due_at = :now
 WHERE issue_id = :issue AND state IN ('queued', 'deferred')
   AND state = 'queued' AND due_at > :now;

-- name: outcomes
SELECT count(*) FILTER (WHERE state IN ('sent', 'bounced', 'complained')),
       count(*) FILTER (WHERE state = 'failed'),
       (SELECT count(*) FROM attempt AS a
         WHERE a.issue_id = :issue AND a.code >= 500
           AND a.status GLOB '5.7.*' AND a.state = 'deferred'
           AND a.at > (SELECT changed_at FROM issue WHERE id = :issue))
  FROM delivery
 WHERE issue_id = :issue
   AND at > (SELECT changed_at FROM issue WHERE id = :issue);
