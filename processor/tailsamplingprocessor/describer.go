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

// What earlier components of llmcol have decided about a span.
const (
	costStatusKey   = "llmcol.cost.status"
	loopSeverityKey = "llmcol.loop.severity"
	redactedKey     = "llmcol.redaction.entities"
)

// countedElsewhere is the one value of llmcol.cost.status with which what a span says of its cost is another's.
const countedElsewhere = "counted_elsewhere"

// describer tells the facts of spans, in whatever convention they are.
type describer struct {
	needs     needs
	reader    *genai.Reader
	documents []genai.Document
}

func newDescriber(n needs) sampling.Describer {
	return &describer{needs: n, reader: genai.NewReader(nil)}
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
	view := d.reader.Span(span)
	operation := view.Operation()
	f.ModelCall = view.IsModelCall()
	f.ToolCall = operation == genai.OpExecuteTool
	f.Failed = view.Failure().Sign != genai.NoFailure
	own := readOwn(span.Attributes())
	if own.loop != "" {
		f.Loop, _ = trace.ParseSeverity(own.loop) // what is no severity is no loop
	}
	f.Cost = costOf(view, own.costStatus)
	if d.needs&needRedacted != 0 {
		f.Redacted = appendStrings(f.Redacted, own.redacted)
	}
	if d.needs&needIdentity != 0 {
		d.identify(view, f)
	}
	if operation != genai.OpNone {
		d.describeCall(view, f)
	}
}

// own is what earlier components of llmcol have written on a span.
type own struct {
	costStatus, loop string
	redacted         pcommon.Value
}

const ownPrefix = "llmcol."

func readOwn(attributes pcommon.Map) (o own) {
	for k, v := range attributes.All() {
		if len(k) < len(ownPrefix) || k[:len(ownPrefix)] != ownPrefix {
			continue
		}
		switch k {
		case costStatusKey:
			o.costStatus = v.Str()
		case loopSeverityKey:
			o.loop = v.Str()
		case redactedKey:
			o.redacted = v
		}
	}
	return o
}

// costOf is the cost of a model call in billionths of a USD.
func costOf(view *genai.View, status string) int64 {
	if status == countedElsewhere || status == "" && !view.IsModelCall() {
		return 0
	}
	usd, known := view.Cost()
	if !known || usd < 0 || usd > math.MaxInt64/nanoUSD {
		return 0
	}
	return int64(math.Round(usd * nanoUSD))
}

func appendStrings(dst []string, v pcommon.Value) []string {
	if v == (pcommon.Value{}) || v.Type() != pcommon.ValueTypeSlice {
		return dst
	}
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
