# Two commands matter: `make run` starts the product, `make test` proves it.
# Both set up what they need. `make help` lists the rest.

.DEFAULT_GOAL := help
SHELL := /bin/sh
FUZZTIME ?= 10s

page_sources := $(shell find web catalog -type f -not -path "*/node_modules/*" -not -path "web/dist/*" 2>/dev/null)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build models ## build everything and start the server (flags: make run ARGS='--addr :9000')
	@exec bin/idflow serve $(ARGS)

test: setup build models ## install what the tests need and run every check and test
	@go run ./scripts/testall

test-browser: setup build models ## only the test that drives a real browser
	@go test -count=1 -v ./e2e

screenshots: setup build models ## take the pictures in docs/screenshots anew
	@go run ./e2e/shots

bench: build models ## measure speed, and write docs/BENCHMARKS.md
	@go run ./scripts/bench

build: tools web ## build the pages and bin/idflow
	@go build -o bin/idflow ./cmd/idflow

web: web/dist/.built ## build the pages

models: build ## fetch and prepare the networks (IDFLOW_MODELS names a folder that is ready)
	@bin/idflow models fetch

vet: ## go vet, staticcheck and the pages' types
	@go vet ./...
	@go tool staticcheck ./...
	@cd web && npm run --silent check

fuzz: ## fuzz each parser for FUZZTIME (10s)
	@scripts/fuzz $(FUZZTIME)

tools: ## check that Go, gcc, Node and npm are there
	@scripts/tools

setup: tools ## install the Debian packages that the tests need
	@scripts/setup

clean: ## remove what was built; networks and data stay
	rm -rf bin build web/node_modules
	find web/dist -mindepth 1 ! -name .gitkeep -delete

# npm keeps this file up to date itself: it is as new as the last install.
web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier
	@touch $@

web/dist/.built: $(page_sources) | tools
	@$(MAKE) --no-print-directory web/node_modules/.package-lock.json
	cd web && npm run --silent build
	@touch web/dist/.gitkeep $@

.PHONY: help run test test-browser screenshots bench build web models vet fuzz tools setup clean
