# The two commands are `make run` and `make test`; the rest are their parts.

CARGO ?= cargo
NPM ?= npm
BINARY = target/release/ashiato

.PHONY: run test soak bench explorer release clean

## Build everything and serve the demo community on http://127.0.0.1:8000
run: explorer release
	$(BINARY) serve --demo

release: explorer
	$(CARGO) build --release --locked

## Bundle GraphiQL, where npm is there; without it the page loads GraphiQL from a CDN
explorer:
	@scripts/explorer

## Install what the tests need, and run every one: on SQLite, then on a PostgreSQL of their own
## (but those that are about SQLite's own file, which are counted as filtered out)
test:
	@scripts/test-tools
	$(MAKE) explorer
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --locked
	$(CARGO) test --workspace --locked -- --skip ::on_postgres_
	ASHIATO_TEST_DATABASE=postgres $(CARGO) test --test suite --locked -- --skip ::on_sqlite_

## The long form of the tests that wear the service down: hours, not minutes
soak:
	@scripts/test-tools
	ASHIATO_SOAK=1 $(CARGO) test --test suite --locked -- cluster:: durability:: \
		--skip ::on_postgres_ --nocapture
	ASHIATO_SOAK=1 ASHIATO_TEST_DATABASE=postgres $(CARGO) test --test suite --locked -- \
		cluster:: durability:: --skip ::on_sqlite_ --nocapture

## What a request costs beside hand-written endpoints and other servers, into benches/RESULTS.md;
## with QUICK=1 a look in three minutes, on 10,000 users, printed alone
bench:
	@scripts/test-tools
	$(MAKE) explorer
	$(CARGO) bench --locked --bench peers -- $(if $(QUICK),--quick,--results benches/RESULTS.md)

clean:
	$(CARGO) clean
	rm -rf explorer/dist explorer/node_modules
