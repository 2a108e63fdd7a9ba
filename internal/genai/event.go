// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// LogSource tells which other telemetry reports the same call as a log record.
type LogSource uint8

// The sources of calls in log records.
const (
	LogSourceNone    LogSource = iota // no call, or one that some span reports in any case
	LogSourceOnly                     // nothing else reports it: Codex CLI
	LogSourceSession                  // spans of the same session report it, too, where the client sends traces: Claude Code, gemini-cli
	LogSourceSpan                     // the span it belongs to reports it, if it belongs to one
)

// events are the log records that say something of an LLM app, by name. Sources: semantic-conventions, captures.
var events = map[string]struct {
	op     Operation
	source LogSource
}{
	"gen_ai.client.inference.operation.details": {OpChat, LogSourceSpan},
	"gen_ai.client.operation.exception":         {OpOther, 0},
	"gen_ai.evaluation.result":                  {OpEvaluation, 0},
	"gen_ai.user.message":                       {OpUserMessage, 0},
	"gen_ai.system.message":                     {OpMessage, 0},
	"gen_ai.assistant.message":                  {OpMessage, 0},
	"gen_ai.tool.message":                       {OpMessage, 0},
	"gen_ai.choice":                             {OpMessage, 0},
	"copilot_chat.agent.turn":                   {OpOther, 0}, // what spans tell, too
	"copilot_chat.tool.call":                    {OpOther, 0},
	"copilot_chat.summarization":                {OpOther, 0},
	"copilot_chat.session.start":                {OpOther, 0},
	"codex.sse_event":                           {OpChat, LogSourceOnly},
	"codex.tool_result":                         {OpExecuteTool, LogSourceOnly},
	"codex.user_prompt":                         {OpUserMessage, 0},
	"claude_code.api_request":                   {OpChat, LogSourceSession},
	"claude_code.tool_result":                   {OpExecuteTool, LogSourceSession},
	"claude_code.user_prompt":                   {OpUserMessage, 0},
	"claude_code.assistant_response":            {OpMessage, 0},
	"cline.task.tokens":                         {OpChat, LogSourceOnly},
	"cline.task.tool_used":                      {OpExecuteTool, LogSourceOnly},
	"gemini_cli.api_response":                   {OpChat, LogSourceSession},
	"gemini_cli.tool_call":                      {OpExecuteTool, LogSourceSession},
	"gemini_cli.user_prompt":                    {OpUserMessage, 0},
	"qwen-code.api_response":                    {OpChat, LogSourceSession},
	"qwen-code.tool_call":                       {OpExecuteTool, LogSourceSession},
	"qwen-code.user_prompt":                     {OpUserMessage, 0},
}

// eventFamilies claim the records of a client that the table above does not name.
var eventFamilies = [...]struct {
	prefix     string
	convention Convention
}{
	{"codex.", ConventionCodex}, {"claude_code.", ConventionClaudeCode}, {"gemini_cli.", ConventionGeminiCLI}, {"qwen-code.", ConventionGeminiCLI},
	{"gen_ai.", ConventionSemConv},
}

func isGenAIEvent(name string) bool {
	for _, f := range eventFamilies {
		if strings.HasPrefix(name, f.prefix) {
			return true
		}
	}
	return false
}

// eventName is the attribute event.name, which wins over the record's own field; Claude Code's lacks the prefix that its body has, and
// Cline's stands in the body alone, without a prefix.
func (v *View) eventName() string {
	name := v.record.EventName()
	if v.has(fieldEventName) {
		name = v.slots[fieldEventName].text()
	}
	if v.scope.convention == ConventionClaudeCode && !strings.HasPrefix(name, "claude_code.") {
		if body := v.record.Body(); body.Type() == pcommon.ValueTypeStr && strings.HasPrefix(body.Str(), "claude_code.") {
			return body.Str()
		}
		return "claude_code." + name
	}
	if v.scope.convention == ConventionCline && v.record.Body().Type() == pcommon.ValueTypeStr {
		return "cline." + v.record.Body().Str()
	}
	return name
}

func (v *View) eventOperation() Operation {
	for _, f := range eventFamilies {
		if strings.HasPrefix(v.name, f.prefix) {
			v.claims |= f.convention.bit()
		}
	}
	e, known := events[v.name]
	switch {
	case !known && v.claims&reportsInEvents != 0:
		return OpOther
	case e.op == OpChat && v.name == "codex.sse_event" && (v.text(fieldEventKind) != "response.completed" || !v.hasUsage()): // it tells the end twice
		return OpOther
	case e.source == LogSourceSpan:
		if word := v.operationWord(); word != OpNone {
			return word
		}
	}
	return e.op
}

// reportsInEvents are the clients whose other records report no call.
const reportsInEvents = 1<<ConventionCodex | 1<<ConventionClaudeCode | 1<<ConventionGeminiCLI | 1<<ConventionCline

// LogSource tells, of a record that reports a call, what else reports it.
func (v *View) LogSource() LogSource {
	if v.isSpan || v.name == detailsEvent && v.claims&ConventionGeminiCLI.bit() != 0 { // its own event tells the same call, and more of it
		return LogSourceNone
	}
	return events[v.name].source
}
