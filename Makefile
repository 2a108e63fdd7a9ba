# Copyright The llmcol Authors
# SPDX-License-Identifier: Apache-2.0

# Go and make are all that `make run` and `make test` need.

export CGO_ENABLED := 0
export GOFLAGS := -trimpath -buildvcs=false

LDFLAGS := -s -w
BIN := bin/llmcol
DOCKER ?= docker
IMAGE ?= llmcol
FUZZTIME ?= 20s
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0

.DEFAULT_GOAL := help
.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/llmcol
	@test -x $(BIN) || echo "building $(BIN): the first time takes some minutes"
	@go build -ldflags='$(LDFLAGS)' -o $(BIN) ./cmd/llmcol

.PHONY: run
run: build ## run the quickstart configuration
	@echo "send  OTLP/gRPC to 127.0.0.1:4317, OTLP/HTTP to http://127.0.0.1:4318"
	@echo "      e.g. OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf <your app>"
	@echo "look  at data/traces.jsonl, logs.jsonl, metrics.jsonl and events.jsonl (one OTLP request a line),"
	@echo "      http://127.0.0.1:8889/metrics (your app's metrics), http://127.0.0.1:8888/metrics (the collector's own),"
	@echo "      http://127.0.0.1:55679/debug/pipelinez (the pipelines), http://127.0.0.1:13133 (health)"
	@echo "stop  with Ctrl-C"
	@exec $(BIN) --config config/quickstart.yaml

.PHONY: demo
demo: build ## replay real clients into the quickstart and print what came out
	@LLMCOL_BIN=$(BIN) go run ./test/demo

.PHONY: test
test: build ## run every test, with -race where a C compiler is found
	@LLMCOL_BIN=$(abspath $(BIN)) go run ./test/run

.PHONY: e2e
e2e: build ## run the end-to-end tests only
	LLMCOL_BIN=$(abspath $(BIN)) go test -count=1 ./test/...

.PHONY: bench
bench: ## measure against the budgets of the design
	@go run ./test/bench

.PHONY: bench-smoke
bench-smoke: ## run each benchmark once, to see that it works
	@go run ./test/bench -smoke

.PHONY: soak
soak: build ## send to the whole pipeline for ten minutes and watch its memory and its counts
	@LLMCOL_BIN=$(BIN) go run ./test/bench -soak 10m

.PHONY: fuzz
fuzz: ## run each fuzz target for FUZZTIME
	@set -e; for pkg in $$(go list ./...); do \
	  for target in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
	    echo "$$pkg $$target"; go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$pkg; \
	  done; done

.PHONY: generate
generate: ## regenerate the distribution's main (ocb) and the components' metadata (mdatagen)
	@tmp=$$(mktemp -d) && TMPDIR=$$tmp go tool builder --config builder-config.yaml --skip-get-modules --skip-compilation; \
	  status=$$?; rm -rf $$tmp; exit $$status
	@gofmt -w cmd/llmcol
	@go generate ./...

.PHONY: lint
lint: lint-format lint-vet lint-staticcheck lint-generated lint-vulnerabilities ## check format, vet, staticcheck, generated code

.PHONY: lint-format
lint-format:
	@files=$$(gofmt -l .); \
	  if [ -n "$$files" ]; then echo "not formatted by gofmt:" $$files; exit 1; fi

.PHONY: lint-vet
lint-vet:
	@go vet ./...

# The distribution's own main is generated and pulls in every component: it is left to vet.
.PHONY: lint-staticcheck
lint-staticcheck:
	@go run $(STATICCHECK) $$(go list ./... | grep -v /cmd/llmcol$$)

# A copy of the tree is regenerated, so that the check works, and changes nothing, in a dirty tree too.
.PHONY: lint-generated
lint-generated:
	@go mod tidy -diff
	@tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT && mkdir "$$tmp/tree" \
	  && git ls-files -z --cached --others --exclude-standard | tar -cf - --null -T - | tar -xf - -C "$$tmp/tree" \
	  && cp -R "$$tmp/tree" "$$tmp/fresh" && $(MAKE) -s -C "$$tmp/fresh" generate >/dev/null \
	  && diff -r "$$tmp/tree" "$$tmp/fresh" || { echo "generated code is out of date: make generate"; exit 1; }

# Reported, not enforced: the list of known vulnerabilities changes without a commit of ours.
.PHONY: lint-vulnerabilities
lint-vulnerabilities:
	@if curl -sSf -m 10 -o /dev/null https://vuln.go.dev/index/db.json 2>/dev/null; \
	  then go run $(GOVULNCHECK) ./cmd/llmcol || echo "govulncheck: see above"; \
	  else echo "govulncheck: skipped, vuln.go.dev is not reachable"; fi

.PHONY: image-tree
image-tree: # what the Dockerfile copies: a Linux binary and an empty state folder
	@mkdir -p bin/image/state
	@GOOS=linux go build -ldflags='$(LDFLAGS)' -o bin/image/llmcol ./cmd/llmcol

.PHONY: docker
docker: image-tree ## build the container image for this host's architecture
	$(DOCKER) build -t $(IMAGE) .

.PHONY: clean
clean: ## remove what was built and written
	rm -rf bin data
