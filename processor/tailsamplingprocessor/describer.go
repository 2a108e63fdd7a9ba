// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import (
	"math"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/sampling"
	"github.com/llmcol/llmcol/internal/trace"
)

// needs is what the policies ask of a span beyond its times and its parent: the rest is not looked for.
type needs uint16

const (
	// needOutcome is what the class of a trace depends on.
	needOutcome needs = 1 << iota
	needTokens
	needPace
	needFinishReasons
	needRetrieval
	needEvaluation
	needRedacted
	needConversation
	needIdentity
)

// describer tells the facts of spans, in whatever convention they are.
type describer struct {
	needs     needs
	failed    func() // is called for each span that cannot be read
	reader    *genai.Reader
	documents []genai.Document
}

func newDescriber(n needs, failed func()) sampling.Describer {
	return &describer{needs: n, failed: failed, reader: genai.NewReader(nil)}
}

func (d *describer) Enter(resource pcommon.Resource, scope pcommon.InstrumentationScope) {
	if d.needs == 0 {
		return
	}
	d.reader.SetResource(resource)
	d.reader.SetScope(scope)
}

func (d *describer) Describe(span ptrace.Span, f *trace.Span) {
	f.Start, f.End = uint64(span.StartTimestamp()), uint64(span.EndTimestamp())
	f.Root = span.ParentSpanID().IsEmpty()
	if d.needs == 0 {
		return
	}
	defer d.guard()
	view := d.reader.Span(span)
	f.ModelCall = view.IsModelCall()
	f.ToolCall = view.IsToolCall()
	f.Failed = view.Failure().Sign != genai.NoFailure
	if loop := view.LoopSeverity(); loop != "" {
		f.Loop, _ = trace.ParseSeverity(loop) // what is no severity is no loop
	}
	f.Cost = costOf(view)
	if d.needs&needRedacted != 0 {
		if entities, known := view.Redacted(); known {
			f.Redacted = appendStrings(f.Redacted, entities)
		}
	}
	if d.needs&needIdentity != 0 {
		d.identify(view, f)
	}
	if view.Operation() != genai.OpNone {
		d.describeCall(view, f)
	}
}

// guard lets the facts stand that a span has told when reading it failed: it must not take its batch with it.
func (d *describer) guard() {
	if recover() != nil {
		d.failed()
	}
}

// costOf is the cost of a model call in billionths of a USD.
func costOf(view *genai.View) int64 {
	if status := view.CostStatus(); status == genai.CountedElsewhere || status == "" && !view.IsModelCall() {
		return 0
	}
	usd, known := view.Cost()
	if !known || usd < 0 || usd > math.MaxInt64/nanoUSD {
		return 0
	}
	return int64(math.Round(usd * nanoUSD))
}

func appendStrings(dst []string, v pcommon.Value) []string {
	for _, item := range v.Slice().All() {
		dst = append(dst, item.Str())
	}
	return dst
}

func (d *describer) identify(view *genai.View, f *trace.Span) {
	f.Service = view.ServiceName()
	f.Operation = view.Operation().String()
	if view.Operation() == genai.OpNone || view.Operation() == genai.OpOther {
		f.Operation = view.Name()
	}
	f.Agent, f.Model, f.Tool = view.AgentName(), view.Model(), view.ToolName()
}

func (d *describer) describeCall(view *genai.View, f *trace.Span) {
	if d.needs&needConversation != 0 {
		f.Conversation = view.ConversationID()
	}
	if f.ModelCall {
		d.describeModelCall(view, f)
	}
	if d.needs&needRetrieval != 0 {
		d.documents = view.Documents(d.documents[:0])
		for _, doc := range d.documents {
			if doc.HasScore && (!f.HasRetrievalScore || doc.Score > f.RetrievalScore) {
				f.RetrievalScore, f.HasRetrievalScore = doc.Score, true
			}
		}
	}
	if d.needs&needEvaluation != 0 {
		if e, ok := view.Evaluation(); ok {
			f.Evaluations = append(f.Evaluations, trace.Evaluation(e))
		}
	}
}

func (d *describer) describeModelCall(view *genai.View, f *trace.Span) {
	if d.needs&(needTokens|needPace) != 0 {
		usage := view.Usage()
		f.InputTokens, f.OutputTokens = usage.Input, usage.Output
		if f.InputTokens+f.OutputTokens == 0 {
			f.InputTokens = usage.Total
		}
	}
	if d.needs&needPace != 0 {
		f.TimeToFirstToken, _ = view.TimeToFirstToken()
	}
	if d.needs&needFinishReasons != 0 {
		f.FinishReasons = view.FinishReasons(f.FinishReasons)
		for i, reason := range f.FinishReasons {
			f.FinishReasons[i] = genai.NormalizeFinishReason(reason)
			f.WantsTools = f.WantsTools || f.FinishReasons[i] == "tool_call"
		}
	}
}
