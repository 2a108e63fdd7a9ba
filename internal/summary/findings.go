// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package summary

import (
	"fmt"
	"time"

	"github.com/llmcol/llmcol/internal/trace"
)

// Limits say from where on a figure is a finding.
type Limits struct {
	// BottleneckShare is the share of the trace's time that one span must hold, BottleneckMin the least time that is worth a word.
	BottleneckShare float64
	BottleneckMin   time.Duration
	// RetrievalScore is the best score below which the answer had nothing good to rest on.
	RetrievalScore float64
	// PromptShare is the share of all input tokens that one call must take, PromptMin the least prompt, in tokens, that is worth a word.
	PromptShare float64
	PromptMin   int64
	// PromptGrowth is how many times its first size a prompt must reach.
	PromptGrowth float64
	// RepeatedShare is the share of input tokens that had been sent before.
	RepeatedShare float64
	// TimeToFirstToken is how long a reader may wait.
	TimeToFirstToken time.Duration
	// Cost is what a trace may cost, in billionths of a USD.
	Cost int64
	// MaxFindings is how many sentences are written.
	MaxFindings int
}

// finders are the findings, worst first. Each tells whether there is something to say, and says it.
var finders = []func(*Summary, *Limits) (string, bool){
	(*Summary).loopFinding,
	(*Summary).errorFinding,
	(*Summary).cutOffFinding,
	(*Summary).retrievalFinding,
	(*Summary).bottleneckFinding,
	(*Summary).costFinding,
	(*Summary).promptFinding,
	(*Summary).firstTokenFinding,
	(*Summary).growthFinding,
	(*Summary).repeatedFinding,
	(*Summary).incompleteFinding,
}

func (s *Summary) findings(l Limits) []string {
	var found []string
	for _, find := range finders {
		if sentence, is := find(s, &l); is && len(found) < l.MaxFindings {
			found = append(found, sentence)
		}
	}
	return found
}

func (s *Summary) loopFinding(*Limits) (string, bool) {
	if s.Loop.Severity < trace.LoopDetected {
		return "", false
	}
	sentence := fmt.Sprintf("loop: %s %s without progress (%s)", orSome(s.Loop.Tool, "a call"), times(s.Loop.Count), s.Loop.Severity)
	if s.Loop.WastedTokens > 0 {
		sentence += fmt.Sprintf(", %s tokens", thousands(s.Loop.WastedTokens))
		if s.Loop.WastedCost > 0 {
			sentence += fmt.Sprintf(" and %s", dollars(s.Loop.WastedCost))
		}
		sentence += " wasted"
	}
	return sentence, true
}

func (s *Summary) errorFinding(*Limits) (string, bool) {
	e := &s.FirstError
	if !s.HasFirstError {
		return "", false
	}
	outcome := "the run did not recover"
	if e.Recovered {
		outcome = "the run recovered"
	}
	sentence := fmt.Sprintf("error: %s failed first, after %s", orSome(e.Name, "a span"), seconds(e.After))
	if e.Type != "" {
		sentence += fmt.Sprintf(", with %s", e.Type)
	}
	if s.ToolErrors > 1 {
		sentence += fmt.Sprintf(" (%d of %d tool calls failed)", s.ToolErrors, s.ToolCalls)
	}
	return sentence + "; " + outcome, true
}

func (s *Summary) cutOffFinding(*Limits) (string, bool) {
	if s.CutOffs == 0 {
		return "", false
	}
	why := map[string]string{"length": "at the token limit", "content_filter": "by the content filter"}[s.CutOff]
	return fmt.Sprintf("cut off: the answer of %s was stopped %s (%s, %s)", orSome(s.CutOffIn, "a model call"), why, s.CutOff, times(s.CutOffs)), true
}

func (s *Summary) retrievalFinding(l *Limits) (string, bool) {
	if !s.HasScores || s.BestScore >= l.RetrievalScore {
		return "", false
	}
	sentence := fmt.Sprintf("retrieval: best score %.2f is below %.2f (worst %.2f)", s.BestScore, l.RetrievalScore, s.WorstScore)
	if s.DocumentBytes > 0 {
		sentence += fmt.Sprintf("; the context held %d documents, %s of weakly related text", s.Documents, bytes(s.DocumentBytes))
	}
	return sentence, true
}

func (s *Summary) bottleneckFinding(l *Limits) (string, bool) {
	b := &s.Bottleneck
	if !s.HasBottleneck || b.Share < l.BottleneckShare || b.Self < l.BottleneckMin || s.Spans < 2 {
		return "", false
	}
	whole := time.Duration(float64(b.Self) / b.Share)
	return fmt.Sprintf("bottleneck: %s took %s of %s (%s)", b.Name, seconds(b.Self), seconds(whole), percent(b.Share)), true
}

func (s *Summary) costFinding(l *Limits) (string, bool) {
	if s.Cost <= l.Cost {
		return "", false
	}
	return fmt.Sprintf("cost: %s in %d model calls, %s of it in the dearest", dollars(s.Cost), s.ModelCalls, dollars(s.LargestCost)), true
}

func (s *Summary) promptFinding(l *Limits) (string, bool) {
	share := ratio(s.LargestPrompt, s.InputTokens)
	if s.ModelCalls < 2 || s.LargestPrompt < l.PromptMin || share < l.PromptShare {
		return "", false
	}
	return fmt.Sprintf("prompt: one call took %s of %s input tokens (%s), the next largest %s",
		thousands(s.LargestPrompt), thousands(s.InputTokens), percent(share), thousands(s.SecondPrompt)), true
}

func (s *Summary) firstTokenFinding(l *Limits) (string, bool) {
	if s.SlowestFirstToken <= l.TimeToFirstToken {
		return "", false
	}
	return fmt.Sprintf("time to first token: %s in %s", seconds(s.SlowestFirstToken), orSome(s.SlowestFirstTokenIn, "a model call")), true
}

func (s *Summary) growthFinding(l *Limits) (string, bool) {
	growth := ratio(s.LastPrompt, s.FirstPrompt)
	if s.ModelCalls < 3 || s.LastPrompt < l.PromptMin || growth < l.PromptGrowth {
		return "", false
	}
	return fmt.Sprintf("context: the prompt grew from %s to %s tokens in %d calls (%.1f times)",
		thousands(s.FirstPrompt), thousands(s.LastPrompt), s.ModelCalls, growth), true
}

func (s *Summary) repeatedFinding(l *Limits) (string, bool) {
	share := ratio(s.RepeatedTokens, s.InputTokens)
	if s.RepeatedTokens < l.PromptMin || share < l.RepeatedShare {
		return "", false
	}
	return fmt.Sprintf("repeated context: %s of %s input tokens (%s) had been sent before",
		thousands(s.RepeatedTokens), thousands(s.InputTokens), percent(share)), true
}

func (s *Summary) incompleteFinding(*Limits) (string, bool) {
	return "incomplete: spans of this trace are missing", !s.Complete
}

func ratio(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
