// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strings"
	"time"

	"github.com/tidwall/gjson"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// FinishReasons appends why the model stopped, one word a choice, as the client spells them; of a member of an enumeration in Python
// (FinishReason.TOOL_CALLS) only the word.
func (v *View) FinishReasons(dst []string) []string {
	from := len(dst)
	dst = v.reportedFinishReasons(dst)
	for i := from; i < len(dst); i++ {
		if _, word, found := strings.Cut(dst[i], "Reason."); found {
			dst[i] = strings.ToLower(word)
		}
	}
	return dst
}

func (v *View) reportedFinishReasons(dst []string) []string {
	if v.visible(fieldFinishReason) {
		val := v.slots[fieldFinishReason].value
		if val.Type() == pcommon.ValueTypeStr {
			return splitPrinted(appendWords(dst, val), len(dst))
		}
		return appendWords(dst, val)
	}
	if !v.operation.IsInference() {
		return dst
	}
	from := len(dst)
	dst = v.flattenedFinishReasons(dst)
	if len(dst) == from {
		dst = v.eventFinishReasons(dst)
	}
	if len(dst) == from {
		dst = v.eventChoicesFinish(dst)
	}
	if len(dst) == from {
		if answer := v.answer(); v.claims&answerHolders != 0 || isResponse(answer) {
			dst = answeredFinishReasons(dst, answer)
		}
	}
	return dst
}

// splitPrinted takes a list of words apart that Java, Kotlin or Rust has printed as one, from an index on: [stop, length].
func splitPrinted(words []string, from int) []string {
	if len(words) != from+1 {
		return words
	}
	inner, listed := strings.CutPrefix(words[from], "[")
	if !listed || !strings.HasSuffix(inner, "]") {
		return words
	}
	words = words[:from]
	for word := range strings.SplitSeq(inner[:len(inner)-1], ",") {
		if word = strings.TrimSpace(word); word != "" {
			words = append(words, word)
		}
	}
	return words
}

// flattenedFinishReasons reads gen_ai.completion.N.finish_reason.
func (v *View) flattenedFinishReasons(dst []string) []string {
	for _, f := range v.families {
		if f.role != RoleOutputMessages {
			continue
		}
		for k, val := range v.attributes.All() {
			if strings.HasPrefix(k, f.prefix) && strings.HasSuffix(k, ".finish_reason") && !isAbsent(val) {
				dst = append(dst, val.AsString())
			}
		}
	}
	return dst
}

func (v *View) eventFinishReasons(dst []string) []string {
	if !v.isSpan {
		return dst
	}
	for _, e := range v.span.Events().All() {
		switch e.Name() {
		case choiceEvent:
			if reason, ok := e.Attributes().Get("finish_reason"); ok && !isAbsent(reason) {
				dst = append(dst, reason.AsString())
			} else if content, ok := e.Attributes().Get(eventContentAttribute); ok {
				dst = appendFinishReasons(dst, parseObject(content).Get("finish_reason"))
			}
		case detailsEvent:
			if msgs, ok := e.Attributes().Get("gen_ai.output.messages"); ok {
				dst = appendFinishReasons(dst, parseObject(msgs).Get("#.finish_reason"))
			}
		}
	}
	return dst
}

func appendFinishReasons(dst []string, reasons gjson.Result) []string {
	for _, reason := range reasons.Array() {
		if reason.Type == gjson.String {
			dst = append(dst, reason.Str)
		}
	}
	return dst
}

func answeredFinishReasons(dst []string, answer gjson.Result) []string {
	for _, list := range [...]string{"choices.#.finish_reason", "candidates.#.finishReason", "replies.#.meta.finish_reason", "#.finish_reason"} {
		if dst = appendFinishReasons(dst, answer.Get(list)); len(dst) > 0 {
			return dst
		}
	}
	if r := firstMember(answer, "finishReason", "finish_reason", "stop_reason", "stopReason"); r.Type == gjson.String {
		dst = append(dst, r.Str)
	}
	return dst
}

// TimeToFirstToken is how long a streamed answer kept its reader waiting.
func (v *View) TimeToFirstToken() (time.Duration, bool) {
	if s, ok := v.number(fieldTimeToFirstToken); ok {
		if v.claims&ConventionStrands.bit() != 0 || strings.HasPrefix(v.scopeName, "strands") {
			return milliseconds(s) // Strands writes milliseconds under a name that is in seconds
		}
		return milliseconds(s * 1000)
	}
	if ms, ok := v.number(fieldTimeToFirstTokenMS); ok {
		return milliseconds(ms)
	}
	if at := v.text(fieldFirstTokenAt); at != "" && v.isSpan {
		t, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(at))
		if d := t.Sub(v.span.StartTimestamp().AsTime()); err == nil && d >= 0 {
			return d, true
		}
	}
	return 0, false
}

// longestWait is a time to first token that no call reaches; above it a number is something else.
const longestWait = 24 * time.Hour

func milliseconds(ms float64) (time.Duration, bool) {
	if ms < 0 || ms > float64(longestWait.Milliseconds()) {
		return 0, false
	}
	return time.Duration(ms * float64(time.Millisecond)), true
}

// Cost is what the client itself says the call cost, in USD.
func (v *View) Cost() (usd float64, known bool) {
	if c, ok := v.number(fieldCost); ok && c >= 0 && (v.slots[fieldCost].rule.key != "cost" || v.isSurelyAsked()) {
		return c, true
	}
	if !v.visible(fieldCostJSON) {
		return 0, false
	}
	if total := firstMember(v.json(fieldCostJSON), "total", "total_cost"); total.Type == gjson.Number && total.Num >= 0 {
		return total.Num, true
	}
	return 0, false
}

// isSurelyAsked tells that there are tokens, or a model that is known: a phone and a text message have a model and a cost, too.
func (v *View) isSurelyAsked() bool {
	return v.hasUsage() || v.has(fieldTotal) || knownModel(v.Model())
}

// Evaluation is the result of one evaluation.
type Evaluation struct {
	Name, Label string
	Score       float64
	HasScore    bool
}

// Evaluation is the evaluation that the span or record reports.
func (v *View) Evaluation() (e Evaluation, known bool) {
	e.Name, e.Label = v.text(fieldEvaluationName), v.text(fieldEvaluationLabel)
	e.Score, e.HasScore = v.number(fieldEvaluationScore)
	if !e.HasScore && v.operation == OpEvaluation {
		if score := firstMember(v.answer(), "score", "value"); score.Type == gjson.Number {
			e.Score, e.HasScore = score.Num, true
		}
		if e.Name == "" {
			e.Name = v.name
		}
	}
	return e, e.HasScore || e.Label != "" || e.Name != "" && v.operation == OpEvaluation
}
