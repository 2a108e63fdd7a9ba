// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package summaryprocessor

import (
	"math"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/summary"
)

// describe reads one span's facts.
func (g *gatherer) describe(f *summary.Span, s ptrace.Span) {
	v := g.reader.Span(s)
	f.ID, f.Parent, f.Name = summary.SpanID(s.SpanID()), summary.SpanID(s.ParentSpanID()), s.Name()
	f.Start, f.End = uint64(s.StartTimestamp()), uint64(s.EndTimestamp())
	f.Loop = readLoop(v, s.Attributes())
	if failure := v.Failure(); failure.Sign != genai.NoFailure {
		f.Failed, f.ErrorType, f.ErrorMessage = true, failure.Type, failure.Message
	}
	switch op := v.Operation(); {
	case op.IsInference():
		g.describeCall(f, v)
	case v.IsToolCall():
		f.ToolCall, f.Name = true, v.ToolName()
	}
	if op := v.Operation(); op == genai.OpRetrieval || op == genai.OpRerank {
		g.describeRetrieval(f, v)
	}
}

// describeCall leaves out the usage of a call that another span carries, too.
func (g *gatherer) describeCall(f *summary.Span, v *genai.View) {
	if v.IsCountedElsewhere() {
		return
	}
	u := v.Usage()
	f.ModelCall, f.Model = u.Reported() || v.CostStatus() != "", v.Model()
	f.InputTokens, f.OutputTokens = u.Input, u.Output
	if usd, known := v.Cost(); known && usd < math.MaxInt64/nanoUSD {
		f.Cost = int64(math.Round(usd * nanoUSD))
	}
	f.TimeToFirstToken, _ = v.TimeToFirstToken()
	f.Prompt = v.PromptText()
	g.reasons = v.FinishReasons(g.reasons[:0])
	for _, reason := range g.reasons {
		if r := genai.NormalizeFinishReason(reason); r == genai.FinishLength || r == genai.FinishContentFilter {
			f.CutOff = r
		}
	}
}

func (g *gatherer) describeRetrieval(f *summary.Span, v *genai.View) {
	g.documents = v.Documents(g.documents[:0])
	for i := range g.documents {
		d := &g.documents[i]
		f.Documents++
		f.DocumentBytes += len(d.Content)
		if d.HasScore {
			f.Scores = append(f.Scores, d.Score)
		}
	}
}
