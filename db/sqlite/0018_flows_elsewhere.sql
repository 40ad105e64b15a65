-- Money that did not come in is looked for beside every question in the dialect of the Financial Tracking Service: it is a small part of all flows.
CREATE INDEX flow_elsewhere ON flow (boundary) WHERE boundary <> 'incoming';

-- Nothing is looked up by these names: all numbers are read at once.
DROP INDEX fts_number_by_name;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('flow', 'flow_elsewhere', '15000 7500');
DELETE FROM sqlite_stat1 WHERE idx = 'fts_number_by_name';
ANALYZE sqlite_schema;
