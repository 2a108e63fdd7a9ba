// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package costprocessor

import (
	"context"
	"slices"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.uber.org/zap"

	"github.com/llmcol/llmcol/internal/calls"
	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/pricing"
)

// pricer is what all instances of one component share.
type pricer struct {
	cfg       *Config
	logger    *zap.Logger
	store     *pricing.Store
	profiles  []*genai.CostProfile
	ledger    *calls.Ledger
	totals    calls.Totals
	unknown   *unknownModels
	telemetry *telemetry
	workers   sync.Pool // of *worker
	lifecycle lifecycle
}

func newPricer(cfg *Config, set processor.Settings) (*pricer, error) {
	profiles, err := cfg.profiles()
	if err != nil {
		return nil, err
	}
	store, err := pricing.Open(cfg.Prices...)
	if err != nil {
		return nil, err
	}
	p := &pricer{
		cfg: cfg, logger: set.Logger, store: store, profiles: profiles,
		ledger:  calls.NewLedger(cfg.Memory.Window, cfg.Memory.MaxCalls),
		unknown: newUnknownModels(set.Logger),
	}
	p.workers.New = func() any {
		return &worker{reader: genai.NewReader(nil), existing: cfg.ExistingCost, totals: &p.totals, unknown: p.unknown}
	}
	p.telemetry, err = newTelemetry(set.TelemetrySettings, store, p.ledger)
	return p, err
}

// worker reads one request at a time.
type worker struct {
	reader   *genai.Reader
	existing ExistingCost
	totals   *calls.Totals
	unknown  *unknownModels
	table    *pricing.Table
	running  bool // spans of the scope at hand carry running totals

	calls    []call
	reports  []calls.Report
	verdicts []calls.Verdict
	tally    tally
	viewed   genai.Usage
	usage    pricing.Usage
	asked    pricing.Call
	asker    pricing.Asker
	usd      genai.Cost
}

// next is room for one more call.
func (w *worker) next() *call {
	w.calls = append(w.calls, call{})
	return &w.calls[len(w.calls)-1]
}

func (p *pricer) begin() *worker {
	w := p.workers.Get().(*worker)
	w.table = p.store.Table()
	w.tally = tally{}
	return w
}

// maxKept bounds the room that a worker keeps for the next request.
const maxKept = 1024

func (p *pricer) end(w *worker) {
	clear(w.calls)
	clear(w.reports)
	w.calls, w.reports = w.calls[:0], w.reports[:0]
	w.asked, w.asker = pricing.Call{}, pricing.Asker{}
	if cap(w.calls) <= maxKept {
		p.workers.Put(w)
	}
}

func (p *pricer) processTraces(ctx context.Context, td ptrace.Traces) (ptrace.Traces, error) {
	w := p.begin()
	defer p.end(w)
	for _, rs := range td.ResourceSpans().All() {
		w.reader.SetResource(rs.Resource())
		for _, ss := range rs.ScopeSpans().All() {
			w.reader.SetScope(ss.Scope())
			w.running = genai.CountsRunningTotals(ss.Scope())
			for _, s := range ss.Spans().All() {
				w.guard(func() { w.addSpan(s) })
			}
		}
	}
	p.settle(w, &ancestry{traces: td})
	p.telemetry.record(ctx, traces, &w.tally)
	return td, nil
}

func (p *pricer) processLogs(ctx context.Context, ld plog.Logs) (plog.Logs, error) {
	w := p.begin()
	defer p.end(w)
	for _, rl := range ld.ResourceLogs().All() {
		w.reader.SetResource(rl.Resource())
		for _, sl := range rl.ScopeLogs().All() {
			w.reader.SetScope(sl.Scope())
			for _, record := range sl.LogRecords().All() {
				w.guard(func() { w.addRecord(record) })
			}
		}
	}
	p.settle(w, nil)
	p.telemetry.record(ctx, logs, &w.tally)
	return ld, nil
}

// guard keeps a span that cannot be read from taking its request with it.
func (w *worker) guard(read func()) {
	calls, reports := len(w.calls), len(w.reports)
	defer func() {
		if recover() != nil {
			w.calls, w.reports = w.calls[:calls], w.reports[:reports]
			w.tally.failed++
		}
	}()
	read()
}

// settle decides which reports count and writes the answers.
func (p *pricer) settle(w *worker, spans calls.Ancestry) {
	if len(w.reports) > 0 {
		w.verdicts = slices.Grow(w.verdicts[:0], len(w.reports))[:len(w.reports)]
		w.tally.forgotten += int64(p.ledger.Settle(time.Now(), w.reports, w.verdicts, spans))
	}
	for i := range w.calls {
		c := &w.calls[i]
		if c.report >= 0 && w.verdicts[c.report] == calls.Elsewhere && c.status != settled {
			c.status = countedElsewhere
		}
		w.tally.statuses[c.status]++
		if c.status != settled {
			p.write(c, &w.usd)
		}
	}
}

// ancestry finds the parents of the spans of a request. It is only built when two calls look alike.
type ancestry struct {
	traces  ptrace.Traces
	parents map[calls.SpanRef][8]byte
}

// Parent implements calls.Ancestry.
func (a *ancestry) Parent(of calls.SpanRef) (parent [8]byte, ok bool) {
	if a.parents == nil {
		a.parents = make(map[calls.SpanRef][8]byte, a.traces.SpanCount())
		for _, rs := range a.traces.ResourceSpans().All() {
			for _, ss := range rs.ScopeSpans().All() {
				for _, s := range ss.Spans().All() {
					a.parents[calls.SpanRef{Trace: s.TraceID(), Span: s.SpanID()}] = s.ParentSpanID()
				}
			}
		}
	}
	parent, ok = a.parents[of]
	return parent, ok
}
