-- Other names of organizations and funds, and an index of words that takes every letter for one.

ALTER TABLE organization ADD COLUMN aliases TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(aliases));
ALTER TABLE fund ADD COLUMN aliases TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(aliases));

-- Folded words come separated by spaces. The tokenizer of before divided them once more wherever its Unicode of 2012 knew no letter; this one divides at ASCII alone.
DROP TABLE pledge_text;
CREATE VIRTUAL TABLE pledge_text USING fts5 (text, content = '', contentless_delete = 1, tokenize = 'ascii');

-- Words are folded otherwise than before: what is searched is derived anew.
UPDATE schema SET rules = 0;
