# The two commands are `make run` and `make test`; the rest are their parts.

CARGO ?= cargo
NPM ?= npm
BINARY = target/release/ashiato

.PHONY: run test explorer release clean

## Build everything and serve the demo community on http://127.0.0.1:8000
run: explorer release
	$(BINARY) serve --demo

release: explorer
	$(CARGO) build --release --locked

## Bundle GraphiQL, where npm is there; without it the page loads GraphiQL from a CDN
explorer:
	@scripts/explorer

## Install what the tests need, and run every one
test:
	@scripts/test-tools
	$(MAKE) explorer
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --locked
	$(CARGO) test --workspace --locked

clean:
	$(CARGO) clean
	rm -rf explorer/dist explorer/node_modules
