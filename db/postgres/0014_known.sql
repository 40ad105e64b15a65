-- What was known at a moment.

-- The last entry of the ledger when the change was made. Of changes of before this was kept, their time says it.
ALTER TABLE change ADD COLUMN last_entry bigint;
