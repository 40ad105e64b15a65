-- Other names of organizations and funds.

ALTER TABLE organization ADD COLUMN aliases TEXT COLLATE "C" NOT NULL DEFAULT '[]' CHECK (aliases::json IS NOT NULL);
ALTER TABLE fund ADD COLUMN aliases TEXT COLLATE "C" NOT NULL DEFAULT '[]' CHECK (aliases::json IS NOT NULL);

-- Words are folded otherwise than before: what is searched is derived anew.
UPDATE schema SET rules = 0;
