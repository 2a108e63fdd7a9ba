// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package eventsconnector

import (
	"fmt"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/llmcol/llmcol/internal/genai"
)

// kind is a kind of event.
type kind int

const (
	loopKind kind = iota
	costKind
	errorKind
	secretKind
	truncatedKind
	finishKind
	retrievalKind
	numKinds
)

// event is something that somebody should be told.
type event struct {
	id       uint64 // what has this id is told once; 0 is told each time
	severity plog.SeverityNumber
	body     string
	describe func(pcommon.Map)
}

// kinds are all kinds of events: their name in the configuration, their event name, and where to look for them.
var kinds = [numKinds]struct {
	name, event string
	look        func(*watcher, *subject) (event, bool)
}{
	loopKind:      {"loop", "llmcol.loop", lookForLoop},
	costKind:      {"cost", "llmcol.cost", lookForCost},
	errorKind:     {"error", "llmcol.error", lookForError},
	secretKind:    {"secret_redacted", "llmcol.secret_redacted", lookForSecret},
	truncatedKind: {"truncated", "llmcol.truncated", lookForTruncation},
	finishKind:    {"finish_reason", "llmcol.finish_reason", lookForFinish},
	retrievalKind: {"retrieval", "llmcol.retrieval", lookForRetrieval},
}

func kindNames() []string {
	names := make([]string, 0, numKinds)
	for k := range kinds {
		names = append(names, kinds[k].name)
	}
	return names
}

// The attributes of events besides those that they take over from their subject.
const (
	attrSubject    = "llmcol.event.subject"    // name of the span or record that the event is about
	attrSuppressed = "llmcol.event.suppressed" // events of this kind and service that were not made since the last one
	attrCost       = "llmcol.event.cost"       // USD
	attrCostOf     = "llmcol.event.cost_of"    // call or trace
	attrErrorType  = "llmcol.event.error_type"
	attrBestScore  = "llmcol.event.best_score"
	attrReason     = "llmcol.event.finish_reason"
)

// copyAll takes over the subject's attributes of a prefix.
func copyAll(from pcommon.Map, prefix string) func(pcommon.Map) {
	return func(to pcommon.Map) {
		for k, v := range from.All() {
			if strings.HasPrefix(k, prefix) {
				v.CopyTo(to.PutEmpty(k))
			}
		}
	}
}

func lookForCost(w *watcher, s *subject) (event, bool) {
	if !s.view.IsModelCall() || s.view.IsCountedElsewhere() {
		return event{}, false
	}
	usd, known := s.view.Cost()
	if !known || usd <= 0 {
		return event{}, false
	}
	call := s.item("cost")
	traceID := hashItem(s.trace, pcommon.SpanID{}, 0, "cost")
	sum := usd
	if !s.trace.IsEmpty() {
		sum = w.memory.spend(traceID, s.item("spent"), usd)
	}
	of, id := "trace", traceID
	if usd > w.cfg.CostOver {
		sum, of, id = usd, "call", call
	}
	if sum <= w.cfg.CostOver {
		return event{}, false
	}
	body := fmt.Sprintf("a %s cost %.4f USD, more than %g USD", of, sum, w.cfg.CostOver)
	if model := s.view.Model(); of == "call" && model != "" {
		body = fmt.Sprintf("a call of %s cost %.4f USD, more than %g USD", model, sum, w.cfg.CostOver)
	}
	return event{id, plog.SeverityNumberWarn, body, func(to pcommon.Map) {
		to.PutDouble(attrCost, sum)
		to.PutStr(attrCostOf, of)
	}}, true
}

// lookForError finds each kind of error once a trace.
func lookForError(_ *watcher, s *subject) (event, bool) {
	failure := s.view.Failure()
	if failure.Sign == genai.NoFailure || failure.Sign == genai.HTTPErrorCode && s.view.Operation() == genai.OpNone {
		return event{}, false
	}
	errorType := failure.Type
	if errorType == "" {
		errorType = "error"
		if failure.Timeout {
			errorType = "timeout"
		}
	}
	what := s.view.Operation().String()
	if tool := s.view.ToolName(); tool != "" {
		what = "tool " + tool
	}
	if what == "" || what == genai.OpOther.String() {
		what = "span " + s.view.Name()
	}
	id := hashItem(s.trace, pcommon.SpanID{}, 0, "error "+errorType)
	if s.trace.IsEmpty() {
		id = s.item("error " + errorType)
	}
	return event{id, plog.SeverityNumberError, fmt.Sprintf("%s failed: %s", what, errorType), func(to pcommon.Map) {
		to.PutStr(attrErrorType, errorType)
	}}, true
}

// lookForSecret finds that a secret was redacted. Which one it was is in no attribute.
func lookForSecret(w *watcher, s *subject) (event, bool) {
	entities, ok := s.view.Redacted()
	if !ok {
		return event{}, false
	}
	var names []string
	for _, e := range entities.Slice().All() {
		if w.secrets[e.Str()] {
			names = append(names, e.Str())
		}
	}
	if len(names) == 0 {
		return event{}, false
	}
	body := fmt.Sprintf("a secret was redacted: %s", strings.Join(names, ", "))
	return event{s.item(body), plog.SeverityNumberWarn, body, copyAll(s.attributes, "llmcol.redaction.")}, true
}

func lookForTruncation(w *watcher, s *subject) (event, bool) {
	dropped, ok := s.view.DroppedBytes()
	if !ok || dropped <= w.cfg.TruncatedOver {
		return event{}, false
	}
	body := fmt.Sprintf("%d bytes of content were cut, more than %d", dropped, w.cfg.TruncatedOver)
	return event{s.item("truncated"), plog.SeverityNumberInfo, body, copyAll(s.attributes, "llmcol.truncation.")}, true
}

func lookForFinish(w *watcher, s *subject) (event, bool) {
	if !s.view.IsModelCall() {
		return event{}, false
	}
	w.reasons = s.view.FinishReasons(w.reasons[:0])
	for _, spelled := range w.reasons {
		reason := genai.NormalizeFinishReason(spelled)
		var why string
		switch reason {
		case genai.FinishLength:
			why = "an answer was cut off at the maximum of its tokens"
		case genai.FinishContentFilter:
			why = "an answer was stopped by a content filter"
		default:
			continue
		}
		return event{s.item("finish"), plog.SeverityNumberWarn, why, func(to pcommon.Map) {
			to.PutStr(attrReason, reason)
			putText(to, genai.AttributeModel, s.view.Model())
		}}, true
	}
	return event{}, false
}

func lookForRetrieval(w *watcher, s *subject) (event, bool) {
	if op := s.view.Operation(); op != genai.OpRetrieval && op != genai.OpRerank {
		return event{}, false
	}
	w.documents = s.view.Documents(w.documents[:0])
	best, scored := 0.0, 0
	for _, d := range w.documents {
		if d.HasScore && (scored == 0 || d.Score > best) {
			best = d.Score
		}
		if d.HasScore {
			scored++
		}
	}
	if scored == 0 || best >= w.cfg.MinScore {
		return event{}, false
	}
	body := fmt.Sprintf("a retrieval found nothing good: the best of %d scores is %.2f, below %g", scored, best, w.cfg.MinScore)
	return event{s.item("retrieval"), plog.SeverityNumberWarn, body, func(to pcommon.Map) {
		to.PutDouble(attrBestScore, best)
	}}, true
}
