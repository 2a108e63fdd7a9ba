// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package costprocessor

import (
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/calls"
	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/pricing"
)

// unknownService begins the name that SDKs give to an app that has none: it is that of many.
const unknownService = "unknown_service"

// call is one report of a call in the request at hand.
type call struct {
	attributes pcommon.Map
	price      pricing.Price
	own        float64 // what the client says the call costs
	status     status
	report     int // its index in the reports to the ledger; -1: it counts whatever else there is
}

// addSpan reads a span; only calls of models matter.
func (w *worker) addSpan(s ptrace.Span) {
	view := w.reader.Span(s)
	if !view.IsModelCall() {
		return
	}
	r := calls.Report{
		Kind: calls.Span, Ref: calls.SpanRef{Trace: s.TraceID(), Span: s.SpanID()}, Parent: s.ParentSpanID(),
		Start: int64(s.StartTimestamp()), End: int64(s.EndTimestamp()),
	}
	w.add(view, s.Attributes(), s.StartTimestamp().AsTime(), &r)
}

// addRecord reads a log record. Most that concern a call only repeat what a span says.
func (w *worker) addRecord(record plog.LogRecord) {
	view := w.reader.Log(record)
	if !view.IsModelCall() {
		return
	}
	at := record.Timestamp()
	if at == 0 {
		at = record.ObservedTimestamp()
	}
	r := calls.Report{Ref: calls.SpanRef{Trace: record.TraceID(), Span: record.SpanID()}, Start: int64(at), End: int64(at)}
	switch view.LogSource() {
	case genai.LogSourceSession:
		r.Kind = calls.SessionRecord
	case genai.LogSourceSpan:
		if !record.SpanID().IsEmpty() {
			return
		}
		r.Kind = calls.Record
	case genai.LogSourceOnly:
		w.add(view, record.Attributes(), at.AsTime(), nil)
		return
	default:
		return
	}
	w.add(view, record.Attributes(), at.AsTime(), &r)
}

// add prices a call and notes what the ledger has to know of it; a nil report counts in any case.
func (w *worker) add(view *genai.View, attributes pcommon.Map, at time.Time, r *calls.Report) {
	earlier := view.CostStatus()
	if earlier == genai.CountedElsewhere {
		w.tally.statuses[settled]++
		return
	}
	w.viewed = usageOf(view)
	usage, isSettled := &w.viewed, earlier != "" && hasCost[earlier]
	c := w.next()
	c.attributes, c.report = attributes, -1
	switch {
	case isSettled:
		c.status = settled
	case w.running && r != nil && r.Kind == calls.Span && w.isWithinAnother(view, usage, r):
		c.status = countedElsewhere
		return
	default:
		w.price(c, view, usage, at)
	}
	if r == nil || c.status.isOpen() {
		return
	}
	r.Scope, r.Model, r.ResponseID, r.Session = view.ScopeName(), c.price.Entry, view.ResponseID(), view.ConversationID()
	if service := view.ServiceName(); !strings.HasPrefix(service, unknownService) {
		r.Service = service
	}
	r.Input, r.Output, r.Cached = usage.Input, usage.Output, usage.CacheRead+usage.CacheWrite
	r.Owned, r.Settled = c.status == kept, isSettled
	c.report = len(w.reports)
	w.reports = append(w.reports, *r)
}

// isWithinAnother makes a running total the usage of its last call, unless a later total has been billed for that call, too.
func (w *worker) isWithinAnother(view *genai.View, usage *genai.Usage, r *calls.Report) bool {
	total := calls.Usage{
		Input: usage.Input, Output: usage.Output, CacheRead: usage.CacheRead, CacheWrite: usage.CacheWrite, Reasoning: usage.Reasoning,
	}
	own, within := w.totals.Own(r, total, view.AsksForTools())
	usage.Input, usage.Output, usage.CacheRead, usage.CacheWrite, usage.Reasoning = own.Input, own.Output, own.CacheRead, own.CacheWrite, own.Reasoning
	return within
}

// usageOf is the usage of a call. An embedding and a reranking put out no tokens, so a total of theirs is their input.
func usageOf(view *genai.View) genai.Usage {
	usage := view.Usage()
	op := view.Operation()
	if (op == genai.OpEmbeddings || op == genai.OpRerank) && usage.Has&genai.HasTotal != 0 && usage.Has&(genai.HasInput|genai.HasOutput) == 0 {
		usage.Input, usage.Has = usage.Total, usage.Has|genai.HasInput
	}
	return usage
}

// price asks the table, and weighs its answer against the client's own cost.
func (w *worker) price(c *call, view *genai.View, usage *genai.Usage, at time.Time) {
	w.usage.Reset()
	setUsage(&w.usage, usage)
	if at.Unix() <= 0 {
		at = time.Now()
	}
	w.asked = pricing.Call{
		Provider: view.Provider(), RequestModel: view.RequestModel(), ResponseModel: view.ResponseModel(), Server: view.ServerAddress(),
		ServiceTier: view.ServiceTier(), Usage: &w.usage, At: at,
	}
	w.asker.Price(w.table, &w.asked, &c.price)
	switch {
	case c.price.Status != pricing.Priced:
		c.status = statusOf[c.price.Status]
	case usage.Inconsistent:
		c.status = inconsistentUsage
	}
	own, known := view.Cost()
	if known && w.keeps(own, &c.price) {
		c.own, c.status = own, kept
	}
	if c.status == unknownModel || c.status == unknownProvider {
		w.unknown.count(w.asked.Provider, view.Model())
	}
}

// keeps tells whether the client's own cost is what counts. A 0 is a client that does not know, unless the table says 0, too.
func (w *worker) keeps(own float64, p *pricing.Price) bool {
	if own == 0 {
		return p.Status.HasAmount() && p.Total.IsZero()
	}
	return w.existing != Overwrite || !p.Status.HasAmount()
}

// countedUnits are the counts that a view has, as the price table names them.
var countedUnits = []struct {
	reported genai.UsageFields
	unit     pricing.Unit
	of       func(*genai.Usage) int64
	always   bool // 0 is a count, too
}{
	{genai.HasInput, pricing.InputTokens, func(u *genai.Usage) int64 { return u.Input }, true},
	{genai.HasOutput, pricing.OutputTokens, func(u *genai.Usage) int64 { return u.Output }, true},
	{genai.HasCacheRead, pricing.CacheReadTokens, func(u *genai.Usage) int64 { return u.CacheRead }, true},
	{genai.HasCacheWrite, pricing.CacheWriteTokens, func(u *genai.Usage) int64 { return u.CacheWrite }, true},
	{genai.HasCacheWrite, pricing.CacheWrite5mTokens, func(u *genai.Usage) int64 { return u.CacheWrite5m }, false},
	{genai.HasCacheWrite, pricing.CacheWrite1hTokens, func(u *genai.Usage) int64 { return u.CacheWrite1h }, false},
	{genai.HasReasoning, pricing.ReasoningTokens, func(u *genai.Usage) int64 { return u.Reasoning }, true},
	{genai.HasAudio, pricing.InputAudioTokens, func(u *genai.Usage) int64 { return u.InputAudio }, false},
	{genai.HasAudio, pricing.OutputAudioTokens, func(u *genai.Usage) int64 { return u.OutputAudio }, false},
	{genai.HasAudio, pricing.CacheAudioReadTokens, func(u *genai.Usage) int64 { return u.CacheAudio }, false},
	{genai.HasImage, pricing.InputImageTokens, func(u *genai.Usage) int64 { return u.InputImage }, false},
	{genai.HasImage, pricing.OutputImageTokens, func(u *genai.Usage) int64 { return u.OutputImage }, false},
	{genai.HasSearches, pricing.WebSearches, func(u *genai.Usage) int64 { return u.WebSearches }, false},
	{genai.HasSearches, pricing.RerankSearches, func(u *genai.Usage) int64 { return u.SearchUnits }, false},
}

func setUsage(to *pricing.Usage, from *genai.Usage) {
	for i := range countedUnits {
		u := &countedUnits[i]
		if from.Has&u.reported == 0 {
			continue
		}
		if n := u.of(from); n != 0 || u.always {
			to.Set(u.unit, n)
		}
	}
}
