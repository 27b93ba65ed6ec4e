# The two commands are `make run` and `make test`; the rest are their parts.

CARGO ?= cargo
NPM ?= npm
BINARY = target/release/ashiato

# Whoever tries the demo is all of its people at once, from one address.
ALONE = --max-sign-ins-per-minute 60 --max-sign-ups-per-hour 60

# What stands above the database, and so is tested once, on SQLite: the sources, the engine, the transports.
ONCE = house:: schema:: examples:: engine:: guard:: validation:: variables:: properties:: fuzz:: \
	http:: tls:: explorer:: example:: connections:: slow:: socket::flood:: socket::idle:: \
	socket::interrupted:: socket::operations:: socket::protocol:: socket::quota:: documents:: \
	streams::http2:: streams::protocol::

.PHONY: run docs example test test-citus statements fuzz soak bench bench-large bench-live explorer release clean

## Build everything and serve the demo community on http://127.0.0.1:8000
run: release
	$(BINARY) serve --demo $(ALONE)

## The example client (examples/web) on http://localhost:5173, in front of the demo community on port 8000;
## with ASHIATO_URL in front of that service. Ctrl-C ends both
example: $(if $(ASHIATO_URL),,release)
	@scripts/example run $(BINARY) $(ALONE)

release: explorer docs
	$(CARGO) build --release --locked

## Bundle GraphiQL, where npm is there; without it the page loads GraphiQL from a CDN
explorer:
	@scripts/explorer

## Make what /docs shows out of the schema and the guides, where npm is there
docs:
	@scripts/docs

## Install what the tests need, and run every one: on SQLite, then on a PostgreSQL of their own
## (but those that are about SQLite's own file, and those in ONCE, which are counted as filtered out)
test:
	@scripts/test-tools
	$(MAKE) explorer docs
	$(NPM) --prefix docs test
	$(CARGO) fmt --all --check
	@# cargo-deny is built beside the looks at the sources, of which each takes one core for a while.
	scripts/deny & \
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings && \
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --locked && \
	wait $$!
	$(CARGO) test --workspace --locked -- --skip ::on_postgres_ --skip ::on_citus_
	ASHIATO_TEST_DATABASE=postgres $(CARGO) test --test suite --locked -- \
		--skip ::on_sqlite_ --skip ::on_citus_ $(addprefix --skip ,$(ONCE))
	scripts/fuzz 10

## The suite on a Citus of a coordinator and two workers, for who has Citus built into the PostgreSQL
## here (Debian has no package of it). Without the tests that are about the sources, about a browser,
## about a PostgreSQL of their own (to stop or to replicate it, or with a stand-in for Citus), about the
## plans of one, and three whose own statements join across users
test-citus:
	@scripts/test-tools
	@ls /usr/share/postgresql/*/extension/citus.control >/dev/null 2>&1 || { echo "Citus is not \
	installed: there is no citus.control among the extensions of /usr/share/postgresql" >&2; exit 1; }
	ASHIATO_TEST_DATABASE=citus $(CARGO) test --test suite --locked -- --skip ::on_sqlite_ \
		--skip house:: --skip explorer:: --skip example:: --skip plans:: --skip replicas:: --skip restarts:: \
		--skip cluster:: --skip rolling:: --skip readiness::on_postgres_ --skip tables::on_postgres_ \
		--skip demo::comments_are_by_those --skip demo::hanako_and_taro_have \
		--skip demo::visitors::minors_and_adults

## Write anew which statements the tests put (tests/snapshots), whose plans `plans::` looks at
statements:
	@scripts/test-tools
	rm -f tests/snapshots/statements_*.sql
	ASHIATO_TEST_STATEMENTS=1 $(CARGO) test --test suite --locked -- \
		--skip ::on_postgres_ --skip ::on_citus_ --skip plans::
	ASHIATO_TEST_STATEMENTS=1 ASHIATO_TEST_DATABASE=postgres $(CARGO) test --test suite --locked -- \
		--skip ::on_sqlite_ --skip ::on_citus_ --skip plans::

## Feed what reads from outside with whatever a fuzzer thinks of, an hour each (fuzz/README.md)
fuzz:
	scripts/fuzz 3600

## The long form of the tests that wear the service down: hours, not minutes
soak:
	@scripts/test-tools
	ASHIATO_SOAK=1 $(CARGO) test --test suite --locked -- cluster:: durability:: \
		--skip ::on_postgres_ --skip ::on_citus_ --nocapture
	ASHIATO_SOAK=1 ASHIATO_TEST_DATABASE=postgres $(CARGO) test --test suite --locked -- \
		cluster:: durability:: --skip ::on_sqlite_ --skip ::on_citus_ --nocapture

## What a request costs beside hand-written endpoints and other servers, into benches/RESULTS.md;
## with QUICK=1 a look in three minutes, on 10,000 users, printed alone
bench:
	@scripts/test-tools
	$(MAKE) explorer
	$(CARGO) bench --locked --bench peers -- $(if $(QUICK),--quick,--results benches/RESULTS.md)

## Whether that stays so as the community grows: 10,000, 100,000 and 1,000,000 users, ours alone, into
## benches/LARGE.md and benches/plots. An hour at the most, 30 GB of disk, 8 GB of memory
bench-large:
	@scripts/test-tools
	$(MAKE) explorer
	$(CARGO) bench --locked --bench peers -- --sizes 10000,100000,1000000 \
		--results benches/LARGE.md

## What open sockets cost, how fast a footprint reaches its owner, how fast the service starts, into
## benches/LIVE.md; with QUICK=1 a look in a minute or so, printed alone
bench-live:
	@scripts/test-tools
	$(MAKE) explorer
	$(CARGO) bench --locked --bench live -- $(if $(QUICK),--quick,--results benches/LIVE.md)

clean:
	$(CARGO) clean
	rm -rf explorer/dist explorer/node_modules docs/dist docs/node_modules examples/web/dist examples/web/node_modules
