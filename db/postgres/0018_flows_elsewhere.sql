-- Money that did not come in is looked for beside every question in the dialect of the Financial Tracking Service: it is a small part of all flows.
CREATE INDEX flow_elsewhere ON flow (boundary) WHERE boundary <> 'incoming';

-- Nothing is looked up by these names: all numbers are read at once.
DROP INDEX fts_number_by_name;
