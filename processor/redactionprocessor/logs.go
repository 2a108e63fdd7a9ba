// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/pii"
)

func (s *scrubber) logs(ld plog.Logs) {
	for _, rl := range ld.ResourceLogs().All() {
		restore := s.consentOf(rl.Resource().Attributes())
		s.reader.SetResource(rl.Resource())
		s.attributes(rl.Resource().Attributes())
		s.schema(rl.SchemaUrl(), rl.SetSchemaUrl)
		for _, sl := range rl.ScopeLogs().All() {
			s.reader.SetScope(sl.Scope())
			s.scope(sl.Scope())
			s.schema(sl.SchemaUrl(), sl.SetSchemaUrl)
			for _, record := range sl.LogRecords().All() {
				s.guardedRecord(record)
			}
		}
		restore()
	}
}

// guardedRecord fails closed: of a record that trips a panic nothing is kept but its ids, times and severity.
func (s *scrubber) guardedRecord(record plog.LogRecord) {
	defer func() {
		if recover() == nil {
			return
		}
		if s.tally.stubs[reasonPanic]++; !s.report {
			record.SetEventName("")
			record.SetSeverityText("")
			record.Body().SetStr(stubPanic)
			record.Attributes().Clear()
		}
	}()
	s.record(record)
}

func (s *scrubber) record(record plog.LogRecord) {
	defer s.consentOf(record.Attributes())()
	s.found.reset()
	if s.storage.active {
		s.storeRecord(record)
	}
	s.field("event.name", record.EventName(), record.SetEventName)
	s.field("severity", record.SeverityText(), record.SetSeverityText)
	view := s.reader.Log(record)
	s.body(record, view.Operation())
	s.inMessage = genai.EventKinds(view.Name()) != 0
	s.attributes(record.Attributes())
	s.inMessage = false
	s.found.annotate(record.Attributes(), s.report)
}

// body looks at what a record says. The body of a GenAI event is message content.
func (s *scrubber) body(record plog.LogRecord, op genai.Operation) {
	s.profile = pii.Precise
	if op != genai.OpNone {
		s.profile = pii.Broad
	}
	s.value(record.Body(), s.keys.of("body"), 0)
}
