-- How often what is derived was computed anew: no change tells of it, and answers that were kept are not found after it.
ALTER TABLE schema ADD COLUMN rebuilt bigint NOT NULL DEFAULT 0;
