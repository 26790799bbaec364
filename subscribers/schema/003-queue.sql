-- 003-queue.sql - an issue that a person, or a breaker, has stopped.

-- Why it is paused or cancelled, in words; '' while it may be sent.
ALTER TABLE issue ADD COLUMN why TEXT NOT NULL DEFAULT '';
-- When its state last changed by command; 0 while it never has.
ALTER TABLE issue ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
