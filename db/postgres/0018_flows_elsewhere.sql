-- Money that did not come in is looked for beside every question in the dialect of the Financial Tracking Service: it is a small part of all flows.
CREATE INDEX flow_elsewhere ON flow (boundary) WHERE boundary <> 'incoming';

-- The plan that money was carried over from, where it was, and the one that it is for; of several the first.
ALTER TABLE flow ADD COLUMN source_plan TEXT COLLATE "C" GENERATED ALWAYS AS (content::json #>> '{from,plans,0,id}') STORED;
ALTER TABLE flow ADD COLUMN destination_plan TEXT COLLATE "C" GENERATED ALWAYS AS (content::json #>> '{to,plans,0,id}') STORED;
CREATE INDEX flow_by_source_plan ON flow (source_plan) WHERE source_plan IS NOT NULL;

-- Nothing is looked up by these names: all numbers are read at once.
DROP INDEX fts_number_by_name;
