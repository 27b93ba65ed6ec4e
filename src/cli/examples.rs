//! The examples under the `--help` of each subcommand: calls that work (`tests/cli/manners.rs`).

pub(super) const ASHIATO: &str = "\
Examples:
  ashiato --demo                                a community to look around in, on port 8000
  ashiato --profile production --listen 0.0.0.0:443 --secret-keys-file keys
      --tls-certificate fullchain.pem --tls-key privkey.pem --allowed-origins https://example.com
  ashiato doctor                                whether it could serve so, and what to do where not

Every flag has an environment variable: ASHIATO_LISTEN for --listen.";

pub(super) const SERVE: &str = "\
Examples:
  ashiato serve --demo                          a community to look around in, kept in ashiato.db
  ashiato serve --demo --ephemeral              the same, and nothing is kept
  ashiato serve --demo --ephemeral --latency 200ms --fail-rate 1%
                                                as slow and as faulty as the world is
  ashiato serve --nats-url nats://localhost:4222 --database-url postgres://ashiato@localhost/ashiato
                                                one of several servers
  ashiato serve --profile production --listen 0.0.0.0:443 --secret-keys-file keys
      --tls-certificate fullchain.pem --tls-key privkey.pem --allowed-origins https://example.com";

pub(super) const ADMIN: &str = "\
Examples:
  ashiato admin role hanako ADMINISTRATOR
  ashiato admin invite --places 10              prints a code by which ten people can join
  ashiato admin reports --database-url postgres://ashiato@localhost/ashiato";

pub(super) const TARENTO: &str = "\
Examples:
  ashiato admin tarento hanako
  ashiato admin tarento hanako --off            ends it: the friends stay";

pub(super) const ROLE: &str = "\
Examples:
  ashiato admin role hanako MODERATOR
  ashiato admin role hanako MEMBER              takes it back";

pub(super) const INVITE: &str = "\
Examples:
  ashiato admin invite                          for the first, where --joining takes an invitation
  ashiato admin invite --by hanako --places 5 --days 30";

pub(super) const PASSWORD: &str = "\
Examples:
  ashiato admin password hanako                 asks for it
  ashiato admin password hanako < new-password  reads it from the file's first line";

pub(super) const DELETE_ACCOUNT: &str = "\
Examples:
  ashiato admin delete-account hanako           in some days, in which she can cancel it
  ashiato admin delete-account hanako --now     at once: there is no way back";

pub(super) const REPORTS: &str = "\
Examples:
  ashiato admin reports
  ashiato admin reports --first 10";

pub(super) const SUSPEND: &str = "\
Examples:
  ashiato admin suspend taro --reason spam --days 7
  ashiato admin suspend taro --reason spam      until it is lifted";

pub(super) const LIFT: &str = "\
Examples:
  ashiato admin lift taro";

pub(super) const DISABLE_TWO_FACTOR: &str = "\
Examples:
  ashiato admin disable-two-factor hanako";

pub(super) const REINDEX: &str = "\
Examples:
  ashiato admin reindex";

pub(super) const REMOVE_PHONE: &str = "\
Examples:
  ashiato admin remove-phone hanako";

pub(super) const IMPORT: &str = "\
Examples:
  ashiato import --friendships HR_edges.csv --favourites HR_genres.json
  ashiato import --catalogue movies.csv --kind MOVIE --catalogue games.csv --kind VIDEO_GAME
  ashiato import --friendships town.csv --prefix town --tarento-over-cap";

pub(super) const DEMO: &str = "\
Examples:
  ashiato demo                                  1,000 people, as of today
  ashiato demo --users 100000 --seed 7 --profile 2011
  ashiato demo --as-of 2006-05-01 --database-url sqlite://spring.db";

pub(super) const BACKUP: &str = "\
Examples:
  ashiato backup monday.db                      while the service runs
  ashiato backup monday.db --database-url sqlite://community.db";

pub(super) const RESTORE: &str = "\
Examples:
  ashiato restore monday.db                     while it does not
  ashiato restore monday.db --replace           in the place of ashiato.db and all in it";

pub(super) const SCHEMA: &str = "\
Examples:
  ashiato schema --output schema.graphql
  ashiato schema > schema.graphql";

pub(super) const ERRORS: &str = "\
Examples:
  ashiato errors --output docs/errors.md
  ashiato errors > errors.md";

pub(super) const MIGRATE: &str = "\
Examples:
  ashiato migrate                               takes the steps that are missing
  ashiato migrate status
  ashiato migrate --distribute --database-url postgres://ashiato@localhost/ashiato
                                                spreads the tables over a Citus cluster";

pub(super) const MIGRATE_UP: &str = "\
Examples:
  ashiato migrate up --database-url postgres://ashiato@localhost/ashiato";

pub(super) const MIGRATE_DOWN: &str = "\
Examples:
  ashiato migrate down --steps 2 --yes          with everything that stands in their tables";

pub(super) const MIGRATE_STATUS: &str = "\
Examples:
  ashiato migrate status";

pub(super) const DOCTOR: &str = "\
Examples:
  ashiato doctor                                with the flags and environment of `ashiato serve`
  ashiato doctor --profile production --secret-keys-file keys --nats-url nats://localhost:4222
  ashiato doctor --json                         for programs; it exits with 1 where a check failed";

pub(super) const COMPLETIONS: &str = "\
Examples:
  ashiato completions bash > ~/.local/share/bash-completion/completions/ashiato
  ashiato completions zsh > ~/.zfunc/_ashiato
  ashiato completions fish > ~/.config/fish/completions/ashiato.fish";
