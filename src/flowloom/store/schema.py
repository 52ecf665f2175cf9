"""The tables of the database, and what was added to them since the first version."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS seqs (flow TEXT, client TEXT, seq INTEGER, PRIMARY KEY (flow, client));
CREATE TABLE IF NOT EXISTS versions (
    flow TEXT, number INTEGER, saved_at REAL NOT NULL, name TEXT NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (flow, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, flow TEXT NOT NULL, started REAL NOT NULL, variables TEXT NOT NULL DEFAULT '{}');
CREATE INDEX IF NOT EXISTS conversations_of ON conversations (flow, started);
CREATE TABLE IF NOT EXISTS attachments (
    id TEXT PRIMARY KEY, conversation TEXT NOT NULL, facts TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS turns (
    number INTEGER PRIMARY KEY, conversation TEXT NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL,
    run TEXT, attachments TEXT NOT NULL DEFAULT '[]', problem TEXT);
CREATE INDEX IF NOT EXISTS turns_of ON turns (conversation, number);
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, flow TEXT NOT NULL, conversation TEXT,
    started REAL NOT NULL, ended REAL, state TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS runs_of ON runs (flow, started);
CREATE TABLE IF NOT EXISTS events (
    run TEXT, seq INTEGER, event TEXT NOT NULL, PRIMARY KEY (run, seq)) WITHOUT ROWID;
"""

CHANGES = (
    # A turn that was asked anew or edited is hidden, never lost.
    "ALTER TABLE turns ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE ratings (run TEXT PRIMARY KEY, good INTEGER NOT NULL, reason TEXT NOT NULL DEFAULT '')",
    "CREATE TABLE steps (flow TEXT, side TEXT, number INTEGER, gesture TEXT NOT NULL, data BLOB NOT NULL,"
    " PRIMARY KEY (flow, side, number)) WITHOUT ROWID",
    "CREATE TABLE step_stamps (flow TEXT PRIMARY KEY, stamp TEXT NOT NULL)",
    "CREATE TABLE unfinished (run TEXT PRIMARY KEY, conversation TEXT NOT NULL, flow BLOB NOT NULL)",
    # What a list of runs shows, so that it reads no events. A run of before is told once someone looks.
    "ALTER TABLE runs ADD COLUMN asked TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE runs ADD COLUMN answered TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE runs ADD COLUMN tokens INTEGER",
    "ALTER TABLE runs ADD COLUMN cost REAL",
    "ALTER TABLE runs ADD COLUMN told INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX runs_untold ON runs (started) WHERE NOT told",
    "CREATE INDEX runs_by_time ON runs (started)",
    "CREATE INDEX runs_by_state ON runs (state, started)",
    "CREATE TABLE questions (id TEXT PRIMARY KEY, run TEXT NOT NULL, conversation TEXT NOT NULL,"
    " flow TEXT NOT NULL, node TEXT NOT NULL, asked REAL NOT NULL, question TEXT NOT NULL, deadline REAL,"
    " reply TEXT, taken INTEGER NOT NULL DEFAULT 0)",
    "CREATE INDEX questions_open ON questions (deadline) WHERE reply IS NULL",
    # `flow` is the only GPT that may use a fact, or empty; `learned_by` the one that learned it, or empty.
    "CREATE TABLE facts (id INTEGER PRIMARY KEY, name TEXT NOT NULL, value TEXT NOT NULL, flow TEXT NOT NULL,"
    " learned_by TEXT NOT NULL, learned_at REAL NOT NULL, UNIQUE (name, flow))",
    "CREATE TABLE summaries (conversation TEXT, covered INTEGER, digest TEXT NOT NULL, text TEXT NOT NULL,"
    " PRIMARY KEY (conversation, covered)) WITHOUT ROWID",
    "CREATE TABLE consents (flow TEXT, host TEXT, allowed INTEGER NOT NULL, at REAL NOT NULL,"
    " PRIMARY KEY (flow, host)) WITHOUT ROWID",
    # Who talks in a conversation, as JSON; empty for the owner of this computer.
    "ALTER TABLE conversations ADD COLUMN reader TEXT NOT NULL DEFAULT ''",
    # The processes at work on this data, and what each of them holds; `wish` is what others ask of the holder.
    "CREATE TABLE processes (id TEXT PRIMARY KEY, place TEXT NOT NULL, pid INTEGER NOT NULL, born TEXT NOT NULL,"
    " beat INTEGER NOT NULL)",
    "CREATE TABLE leases (name TEXT PRIMARY KEY, owner TEXT NOT NULL, wish TEXT NOT NULL DEFAULT '')",
    "CREATE INDEX turns_by_run ON turns (run)",
    "CREATE INDEX runs_by_conversation ON runs (conversation)",
    # The settings that a run used: those of all its blocks, kept once for all runs that used the same.
    "CREATE TABLE run_settings (digest TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID",
    "ALTER TABLE runs ADD COLUMN settings TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE unfinished ADD COLUMN settings TEXT NOT NULL DEFAULT ''",
    # How a person keeps their GPTs; `opened` is when it was opened last, in seconds since the epoch.
    "CREATE TABLE shelf (flow TEXT PRIMARY KEY, favourite INTEGER NOT NULL DEFAULT 0,"
    " folder TEXT NOT NULL DEFAULT '', opened REAL NOT NULL DEFAULT 0) WITHOUT ROWID",
    # What models cost, in US dollars; runs of before are counted in the month they began.
    "CREATE TABLE spending (month TEXT, flow TEXT, cost REAL NOT NULL, PRIMARY KEY (month, flow)) WITHOUT ROWID",
    "INSERT INTO spending SELECT strftime('%Y-%m', started, 'unixepoch', 'localtime'), flow, sum(cost) FROM runs"
    " WHERE cost > 0 GROUP BY 1, 2",
    # What messages mean, for searching them: 16-bit numbers by the encoder `maker`.
    "CREATE TABLE turn_vectors (turn INTEGER PRIMARY KEY, maker TEXT NOT NULL, vector BLOB NOT NULL)",
    # What was said while a GPT was built by talking.
    "CREATE TABLE talks (flow TEXT, number INTEGER, turn TEXT NOT NULL, PRIMARY KEY (flow, number)) WITHOUT ROWID",
    # Where GPTs came from that another builder made; `original` is the flow as it was read then.
    "CREATE TABLE imports (flow TEXT PRIMARY KEY, format TEXT NOT NULL, origin TEXT NOT NULL, report TEXT NOT NULL,"
    " original BLOB NOT NULL, at REAL NOT NULL)",
    "CREATE INDEX imports_by_origin ON imports (format, origin)",
    # Whose a conversation is (empty for the owner of this computer), and by which door it came: empty for the app.
    "ALTER TABLE conversations ADD COLUMN visitor TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE conversations ADD COLUMN via TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE runs ADD COLUMN via TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX conversations_of_visitor ON conversations (visitor, flow, started) WHERE visitor <> ''",
    "CREATE TABLE visitor_facts (visitor TEXT, flow TEXT, name TEXT, value TEXT NOT NULL, learned_at REAL NOT NULL,"
    " PRIMARY KEY (visitor, flow, name)) WITHOUT ROWID",
    # What is published: `version` is the one that visitors get, `live` whether they get any.
    "CREATE TABLE publications (flow TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE, version INTEGER NOT NULL,"
    " live INTEGER NOT NULL, terms TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE published_versions (flow TEXT, number INTEGER, at REAL NOT NULL, note TEXT NOT NULL,"
    " data BLOB NOT NULL, PRIMARY KEY (flow, number)) WITHOUT ROWID",
    # What runs by the clock: `every` is how it repeats, as JSON; `next` and `last` are moments.
    "CREATE TABLE schedules (id TEXT PRIMARY KEY, flow TEXT NOT NULL, message TEXT NOT NULL, every TEXT NOT NULL,"
    " missed TEXT NOT NULL, active INTEGER NOT NULL, next REAL NOT NULL, last REAL, run TEXT NOT NULL DEFAULT '',"
    " problem TEXT) WITHOUT ROWID",
    # Addresses at which other programs have a GPT asked, and what was received there.
    "CREATE TABLE hooks (id TEXT PRIMARY KEY, flow TEXT NOT NULL, message TEXT NOT NULL, active INTEGER NOT NULL,"
    " last REAL, run TEXT NOT NULL DEFAULT '', problem TEXT) WITHOUT ROWID",
    "CREATE TABLE hook_calls (hook TEXT, key TEXT, at REAL NOT NULL, run TEXT NOT NULL, PRIMARY KEY (hook, key))"
    " WITHOUT ROWID",
    "CREATE INDEX hook_calls_by_time ON hook_calls (at)",
    # Tables that go through a GPT row by row, each with the flow as it was when it began.
    "CREATE TABLE batches (id TEXT PRIMARY KEY, flow TEXT NOT NULL, name TEXT NOT NULL, begun REAL NOT NULL,"
    " message TEXT NOT NULL, titles TEXT NOT NULL, at_once INTEGER NOT NULL, going INTEGER NOT NULL,"
    " data BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE batch_rows (batch TEXT, number INTEGER, given TEXT NOT NULL, state TEXT NOT NULL,"
    " run TEXT NOT NULL DEFAULT '', answer TEXT NOT NULL DEFAULT '', problem TEXT, seconds REAL, cost REAL,"
    " PRIMARY KEY (batch, number)) WITHOUT ROWID",
    "CREATE INDEX batch_rows_by_state ON batch_rows (batch, state, number)",
    "CREATE INDEX batch_rows_by_run ON batch_rows (run) WHERE run <> ''",
    # Keys of programs; `flow` is the GPT that one is for, empty for all that are published.
    "CREATE TABLE api_keys (id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, flow TEXT NOT NULL,"
    " facts TEXT NOT NULL, used REAL, revoked INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID",
    # How much a key was used in a minute, a day or a month.
    "CREATE TABLE api_key_use (key TEXT, period TEXT, amount REAL NOT NULL,"
    " PRIMARY KEY (key, period)) WITHOUT ROWID",
    # Runs that keys began; `repeat` is what a program sends again with the same request, empty for none, and
    # `lasting` whether the run goes on although nobody waits for it.
    "CREATE TABLE api_runs (run TEXT PRIMARY KEY, key TEXT NOT NULL, conversation TEXT NOT NULL, at REAL NOT NULL,"
    " repeat TEXT NOT NULL, digest TEXT NOT NULL, kept INTEGER NOT NULL, lasting INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE UNIQUE INDEX api_runs_repeated ON api_runs (key, repeat) WHERE repeat <> ''",
    "CREATE INDEX api_runs_of ON api_runs (conversation)",
    # The people of a team; `name` is what they sign in with, `shown` what others see, `closed` since when they
    # may not.
    "CREATE TABLE accounts (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, shown TEXT NOT NULL,"
    " role TEXT NOT NULL, hash TEXT NOT NULL, made REAL NOT NULL, seen REAL, closed REAL) WITHOUT ROWID",
    "CREATE TABLE people_groups (name TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE group_members (name TEXT, account TEXT, PRIMARY KEY (name, account)) WITHOUT ROWID",
    "CREATE INDEX group_members_by_account ON group_members (account)",
    # Who is signed in where; of the token in the cookie only a digest is kept, of a link of an invitation as well.
    "CREATE TABLE sign_ins (hash TEXT PRIMARY KEY, id TEXT NOT NULL, account TEXT NOT NULL, made REAL NOT NULL,"
    " seen REAL NOT NULL, device TEXT NOT NULL, address TEXT NOT NULL) WITHOUT ROWID",
    "CREATE INDEX sign_ins_of ON sign_ins (account)",
    "CREATE TABLE attempts (id TEXT PRIMARY KEY, who TEXT NOT NULL, at REAL NOT NULL) WITHOUT ROWID",
    "CREATE INDEX attempts_of ON attempts (who, at)",
    # `kind` is what the link is for; `account` whose password it sets anew, empty for one who is new.
    "CREATE TABLE invitations (hash TEXT PRIMARY KEY, id TEXT NOT NULL, kind TEXT NOT NULL, role TEXT NOT NULL,"
    " member_of TEXT NOT NULL, account TEXT NOT NULL, note TEXT NOT NULL, made_by TEXT NOT NULL,"
    " made REAL NOT NULL, expires REAL NOT NULL) WITHOUT ROWID",
    # Whose a GPT, a knowledge base or a connection is; what is in no row belongs to whoever runs the app.
    "CREATE TABLE owners (kind TEXT, id TEXT, account TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID",
    "CREATE INDEX owners_by_account ON owners (account, kind)",
    # Who of them is who at the sign-in service of their organisation.
    "CREATE TABLE identities (subject TEXT PRIMARY KEY, account TEXT NOT NULL) WITHOUT ROWID",
    # Who did what: `what` is a word for machines, `about` the name of what it was done to.
    "CREATE TABLE deeds (id TEXT PRIMARY KEY, at REAL NOT NULL, account TEXT NOT NULL, who TEXT NOT NULL,"
    " what TEXT NOT NULL, about TEXT NOT NULL, address TEXT NOT NULL)"
    " WITHOUT ROWID",
    "CREATE INDEX deeds_by_time ON deeds (at)",
    # Since when a visitor lets whoever made the GPT read what is said; nothing where they do not.
    "ALTER TABLE conversations ADD COLUMN shared REAL",
    # Folders of mail accounts whose messages a GPT is asked, how far each was read, and how each message went.
    "CREATE TABLE mail_folders (id TEXT PRIMARY KEY, flow TEXT NOT NULL, message TEXT NOT NULL, box TEXT NOT NULL,"
    " minutes INTEGER NOT NULL, active INTEGER NOT NULL, next REAL NOT NULL, validity INTEGER NOT NULL,"
    " seen INTEGER NOT NULL, last REAL, problem TEXT) WITHOUT ROWID",
    "CREATE TABLE mail_messages (folder TEXT, validity INTEGER, uid INTEGER, at REAL NOT NULL,"
    " subject TEXT NOT NULL, run TEXT NOT NULL, problem TEXT, PRIMARY KEY (folder, validity, uid)) WITHOUT ROWID",
    "CREATE INDEX mail_messages_by_run ON mail_messages (run) WHERE run <> ''",
    # Rows that a GPT is tried on, in versions, each whole.
    "CREATE TABLE datasets (id TEXT PRIMARY KEY, flow TEXT NOT NULL, name TEXT NOT NULL, made REAL NOT NULL)"
    " WITHOUT ROWID",
    "CREATE TABLE dataset_versions (dataset TEXT, number INTEGER, at REAL NOT NULL, note TEXT NOT NULL,"
    " amount INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (dataset, number)) WITHOUT ROWID",
    # Experiments with all they need to go on, and what came of each row; `arm` is which version with which model.
    "CREATE TABLE experiments (id TEXT PRIMARY KEY, flow TEXT NOT NULL, name TEXT NOT NULL, begun REAL NOT NULL,"
    " going INTEGER NOT NULL, problem TEXT, plan TEXT NOT NULL, data BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE experiment_results (experiment TEXT, arm INTEGER, number INTEGER, answer TEXT NOT NULL,"
    " problem TEXT, seconds REAL, cost REAL, scores TEXT NOT NULL, trace BLOB NOT NULL,"
    " PRIMARY KEY (experiment, arm, number)) WITHOUT ROWID",
    # What models answered while a GPT was tried, which is not paid for twice; `experiment` is who paid.
    "CREATE TABLE model_calls (flow TEXT, digest TEXT, at REAL NOT NULL, experiment TEXT NOT NULL, cost REAL,"
    " reply TEXT NOT NULL, PRIMARY KEY (flow, digest)) WITHOUT ROWID",
    "CREATE INDEX model_calls_by_experiment ON model_calls (experiment)",
    # Chats that are kept as tests, with what models and tools answered.
    "CREATE TABLE cassettes (id TEXT PRIMARY KEY, flow TEXT NOT NULL, name TEXT NOT NULL, made REAL NOT NULL,"
    " data BLOB NOT NULL) WITHOUT ROWID",
    # The store. Who used what is in it on which day, in days since the epoch; `person` is a digest.
    "CREATE TABLE store_use (flow TEXT, day INTEGER, person TEXT, PRIMARY KEY (flow, day, person)) WITHOUT ROWID",
    "CREATE TABLE store_ratings (flow TEXT, person TEXT, stars INTEGER NOT NULL, reason TEXT NOT NULL,"
    " at REAL NOT NULL, PRIMARY KEY (flow, person)) WITHOUT ROWID",
    # What those who look after the store say of a GPT: since when it is featured, and taken down, with the reason.
    "CREATE TABLE store_marks (flow TEXT PRIMARY KEY, featured REAL, down REAL, reason TEXT NOT NULL DEFAULT '')"
    " WITHOUT ROWID",
    "CREATE TABLE store_vectors (flow TEXT PRIMARY KEY, digest TEXT NOT NULL, maker TEXT NOT NULL,"
    " vector BLOB NOT NULL)",
    # What the review found before a GPT went into the store; `digest` is of all that was looked at.
    "CREATE TABLE store_reviews (flow TEXT, digest TEXT, at REAL NOT NULL, state TEXT NOT NULL,"
    " findings TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', PRIMARY KEY (flow, digest)) WITHOUT ROWID",
    "CREATE TABLE store_reports (id TEXT PRIMARY KEY, flow TEXT NOT NULL, at REAL NOT NULL, person TEXT NOT NULL,"
    " kind TEXT NOT NULL, text TEXT NOT NULL, decision TEXT NOT NULL DEFAULT '') WITHOUT ROWID",
    "CREATE INDEX store_reports_of ON store_reports (flow, decision)",
    # What was decided about a GPT, whose it was then, and what its builder said against it.
    "CREATE TABLE store_decisions (id TEXT PRIMARY KEY, flow TEXT NOT NULL, account TEXT NOT NULL,"
    " at REAL NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, reason TEXT NOT NULL,"
    " appeal TEXT NOT NULL DEFAULT '', appealed REAL, ended REAL) WITHOUT ROWID",
    "CREATE INDEX store_decisions_of ON store_decisions (account, at)",
    # Builders as the store shows them; `proof` is how they are verified: by whom, or for which site.
    "CREATE TABLE store_builders (account TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE, shown TEXT NOT NULL,"
    " about TEXT NOT NULL, site TEXT NOT NULL, token TEXT NOT NULL, proof TEXT NOT NULL DEFAULT '',"
    " verified REAL) WITHOUT ROWID",
    "CREATE TABLE store_followers (builder TEXT, person TEXT, at REAL NOT NULL, PRIMARY KEY (builder, person))"
    " WITHOUT ROWID",
    # What people earn. A posting happens once, as `ref` says; each of its lines takes an amount from one account
    # and gives it to another, so that all accounts of a currency always come to nothing together.
    "CREATE TABLE earning_postings (number INTEGER, at REAL NOT NULL, what TEXT NOT NULL,"
    " ref TEXT NOT NULL UNIQUE, about TEXT NOT NULL, PRIMARY KEY (number)) WITHOUT ROWID",
    "CREATE TABLE earning_lines (posting INTEGER, line INTEGER, debit TEXT NOT NULL, credit TEXT NOT NULL,"
    " currency TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), PRIMARY KEY (posting, line))"
    " WITHOUT ROWID",
    "CREATE INDEX earning_lines_by_debit ON earning_lines (debit, currency)",
    "CREATE INDEX earning_lines_by_credit ON earning_lines (credit, currency)",
    # What somebody bought or means to; `host_part` is what whoever runs the app keeps of the amount.
    "CREATE TABLE earning_orders (id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, at REAL NOT NULL,"
    " flow TEXT NOT NULL, title TEXT NOT NULL, builder TEXT NOT NULL, buyer TEXT NOT NULL, name TEXT NOT NULL,"
    " kind TEXT NOT NULL, quantity INTEGER NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL,"
    " host_part INTEGER NOT NULL, provider TEXT NOT NULL, reference TEXT NOT NULL, state TEXT NOT NULL, paid REAL,"
    " until REAL, refunded INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE INDEX earning_orders_of ON earning_orders (buyer, flow)",
    "CREATE INDEX earning_orders_by_state ON earning_orders (state, number)",
    "CREATE INDEX earning_orders_by_reference ON earning_orders (reference)",
    # Conversations that were paid for one by one, messages of payment services that were heard, and codes.
    "CREATE TABLE earning_uses (conversation TEXT PRIMARY KEY, flow TEXT NOT NULL, buyer TEXT NOT NULL,"
    " at REAL NOT NULL) WITHOUT ROWID",
    "CREATE INDEX earning_uses_of ON earning_uses (buyer, flow)",
    "CREATE TABLE earning_events (id TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID",
    "CREATE TABLE earning_codes (hash TEXT PRIMARY KEY, flow TEXT NOT NULL, kind TEXT NOT NULL,"
    " quantity INTEGER NOT NULL, made REAL NOT NULL, used REAL) WITHOUT ROWID",
    "CREATE INDEX earning_codes_of ON earning_codes (flow, made)",
    # Where builders are paid, and every payout as it was sent.
    "CREATE TABLE earning_payees (account TEXT PRIMARY KEY, name TEXT NOT NULL, iban TEXT NOT NULL,"
    " bic TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE earning_payouts (id TEXT PRIMARY KEY, at REAL NOT NULL, account TEXT NOT NULL,"
    " currency TEXT NOT NULL, amount INTEGER NOT NULL, name TEXT NOT NULL, iban TEXT NOT NULL, bic TEXT NOT NULL,"
    " state TEXT NOT NULL, ended REAL) WITHOUT ROWID",
    "CREATE INDEX earning_payouts_by_state ON earning_payouts (state, at)",
    # What counts for a whole workspace, as JSON by its name.
    "CREATE TABLE workspace_settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    # After how many days what was said to a GPT goes.
    "CREATE TABLE retention (flow TEXT PRIMARY KEY, days INTEGER NOT NULL) WITHOUT ROWID",
    # How often GPTs were asked in a month and what that cost, by the group of whoever asked.
    "CREATE TABLE group_use (month TEXT, name TEXT, asked INTEGER NOT NULL, cost REAL NOT NULL,"
    " PRIMARY KEY (month, name)) WITHOUT ROWID",
    # Other stores: the key that theirs was signed with first, another it is signed with now, and what is in it.
    "CREATE TABLE feeds (id TEXT PRIMARY KEY, address TEXT NOT NULL UNIQUE, key TEXT NOT NULL,"
    " new_key TEXT NOT NULL, etag TEXT NOT NULL, looked REAL NOT NULL, problem TEXT, data TEXT NOT NULL)"
    " WITHOUT ROWID",
    # Prompts of the studio in versions, who asked which, and what was answered; `taken` is the one that counted.
    "CREATE TABLE prompts (id TEXT PRIMARY KEY, flow TEXT NOT NULL, name TEXT NOT NULL, made REAL NOT NULL)"
    " WITHOUT ROWID",
    "CREATE TABLE prompt_versions (prompt TEXT, number INTEGER, at REAL NOT NULL, who TEXT NOT NULL,"
    " data TEXT NOT NULL, PRIMARY KEY (prompt, number)) WITHOUT ROWID",
    "CREATE TABLE prompt_tries (id TEXT PRIMARY KEY, prompt TEXT NOT NULL, number INTEGER NOT NULL,"
    " at REAL NOT NULL, who TEXT NOT NULL, going INTEGER NOT NULL, problem TEXT, plan TEXT NOT NULL)"
    " WITHOUT ROWID",
    "CREATE INDEX prompt_tries_of ON prompt_tries (prompt, at)",
    "CREATE TABLE prompt_samples (trial TEXT, step INTEGER, number INTEGER, at REAL NOT NULL, cost REAL,"
    " read INTEGER, written INTEGER, seconds REAL, sureness REAL, taken INTEGER NOT NULL, problem TEXT,"
    " data BLOB NOT NULL, PRIMARY KEY (trial, step, number)) WITHOUT ROWID",
    # Models that a provider tunes on examples of a GPT; `job` is the provider's id of it, `model` what came of it.
    "CREATE TABLE tunings (id TEXT PRIMARY KEY, flow TEXT NOT NULL, name TEXT NOT NULL, at REAL NOT NULL,"
    " who TEXT NOT NULL, state TEXT NOT NULL, job TEXT NOT NULL, model TEXT NOT NULL, problem TEXT,"
    " plan TEXT NOT NULL, progress TEXT NOT NULL, data BLOB NOT NULL) WITHOUT ROWID",
    # Files of rows that a GPT is tried on; `id` is the hash of the bytes.
    "CREATE TABLE dataset_files (flow TEXT, id TEXT, facts TEXT NOT NULL, data BLOB NOT NULL,"
    " PRIMARY KEY (flow, id)) WITHOUT ROWID",
    # Programs that asked to be let in by OAuth, and what they hold, by digest alone: a code that becomes tokens,
    # and tokens of a key. A key that somebody of a team allowed is theirs.
    "CREATE TABLE assistants (id TEXT PRIMARY KEY, made REAL NOT NULL, facts TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE assistant_tokens (hash TEXT PRIMARY KEY, kind TEXT NOT NULL, client TEXT NOT NULL,"
    " key TEXT NOT NULL, expires REAL NOT NULL, spent REAL, facts TEXT NOT NULL) WITHOUT ROWID",
    "CREATE INDEX assistant_tokens_of ON assistant_tokens (key)",
    "ALTER TABLE api_keys ADD COLUMN account TEXT NOT NULL DEFAULT ''",
    # Passkeys: the public half of a key that a device of somebody keeps. `counter` is how often the device says it
    # was used.
    "CREATE TABLE passkeys (id TEXT PRIMARY KEY, account TEXT NOT NULL, name TEXT NOT NULL, host TEXT NOT NULL,"
    " key BLOB NOT NULL, counter INTEGER NOT NULL, made REAL NOT NULL, used REAL) WITHOUT ROWID",
    "CREATE INDEX passkeys_of ON passkeys (account)",
    # Files in a bucket that belong to nothing any more, until they have left it.
    "CREATE TABLE dropped_files (id TEXT PRIMARY KEY) WITHOUT ROWID",
)
"""What was added to the first schema, in order; a database counts in `user_version` how many it has."""
