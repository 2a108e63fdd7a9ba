// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"slices"
	"strings"

	"github.com/tidwall/gjson"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Failure says that a span or record reports something that went wrong, by whichever of its client's signs (research/genai.md 7.1).
type Failure struct {
	Sign    FailureSign
	Type    string // error.type, the exception's type or an HTTP status; empty if unknown
	Message string // the first message found; content: never to be logged
	Timeout bool
}

// FailureSign is how a failure was told.
type FailureSign uint8

// The signs, strongest first.
const (
	NoFailure FailureSign = iota
	StatusError
	ExceptionEvent
	ErrorAttribute
	FailedState   // a tool's or span's own word for it
	ErrorResult   // a tool's result that reads as an error
	HTTPErrorCode // 4xx, 5xx
)

// The conventions' values of error.type for a failure of no known type, and ours for one that took too long.
const (
	unknownType = "_OTHER"
	timeoutType = "timeout"
)

// handoffs are exceptions by which frameworks pass control, no errors (research/genai.md 8.2).
var handoffs = []string{"ParentCommand", "GraphInterrupt", "NodeInterrupt", "GraphBubbleUp", "Handoff"}

// cancellations are exceptions with which Python ends a stream that nobody reads to its end.
var cancellations = []string{"CancelledError", "GeneratorExit"}

// Failure tells whether and how the span or record failed.
func (v *View) Failure() Failure {
	var f Failure
	if v.exception(&f) || isHandoff(v.text(fieldErrorType), v.statusMessage()) {
		return Failure{} // a handoff, whatever the status says of it
	}
	v.statusError(&f)
	v.attributeError(&f)
	v.stateError(&f)
	v.resultError(&f)
	v.httpError(&f)
	if f.Sign == NoFailure {
		return Failure{}
	}
	f.Timeout = f.Timeout || isTimeout(f.Type) || isTimeout(f.Message)
	if f.Timeout && f.Type == "" {
		f.Type = timeoutType
	}
	return f
}

func (f *Failure) found(sign FailureSign, errorType, message string) {
	if f.Sign == NoFailure || sign < f.Sign {
		f.Sign = sign
	}
	if f.Type == "" && errorType != unknownType && !isPlaceholder(errorType) {
		f.Type = errorType
	}
	if f.Message == "" {
		f.Message = message
	}
}

// exception reads the exception events, and tells whether one of them is a handoff.
func (v *View) exception(f *Failure) (handoff bool) {
	for _, e := range v.span.Events().All() {
		if e.Name() != "exception" {
			continue
		}
		errorType, message := attributeText(e.Attributes(), "exception.type"), attributeText(e.Attributes(), "exception.message")
		if isHandoff(errorType, message) {
			return true
		}
		if v.span.Status().Code() == ptrace.StatusCodeOk && isCancellation(errorType) {
			continue
		}
		f.found(ExceptionEvent, errorType, message)
	}
	return false
}

func isCancellation(errorType string) bool {
	return slices.ContainsFunc(cancellations, func(c string) bool { return strings.HasSuffix(errorType, c) })
}

// isHandoff knows a handoff by the exception's class, or where a client names none by how its text begins.
func isHandoff(errorType, message string) bool {
	if errorType == "" && message == "" {
		return false
	}
	for _, h := range handoffs {
		if strings.HasSuffix(errorType, h) || strings.HasPrefix(message, h) && strings.HasPrefix(message[len(h):], "(") {
			return true
		}
	}
	return false
}

func (v *View) statusMessage() string {
	if v.span.Status().Code() != ptrace.StatusCodeError {
		return ""
	}
	return v.span.Status().Message()
}

func attributeText(attrs pcommon.Map, name string) string {
	val, ok := attrs.Get(name)
	if !ok {
		return ""
	}
	return val.AsString()
}

func (v *View) statusError(f *Failure) {
	if v.isSpan && v.span.Status().Code() == ptrace.StatusCodeError {
		f.found(StatusError, v.text(fieldErrorType), v.span.Status().Message())
	}
}

func (v *View) attributeError(f *Failure) {
	if t := v.text(fieldErrorType); t != "" && !isPlaceholder(t) {
		f.found(ErrorAttribute, t, v.text(fieldErrorMessage))
	}
	if m := v.text(fieldErrorMessage); m != "" && v.claimed && !isPlaceholder(m) && m != "false" {
		f.found(ErrorAttribute, "", m)
	}
}

// failedWords are the values by which attributes say that something failed.
var failedWords = newWordSet("error", "failure", "failed", "timeout", "exception")

func (v *View) stateError(f *Failure) {
	if v.visible(fieldToolFailed) {
		s := &v.slots[fieldToolFailed]
		if failed, isBool := boolean(s.value); failed && isBool || isFailedWord(s.text()) {
			f.found(FailedState, "", "")
		}
	}
	if v.visible(fieldStatusText) && isFailedWord(v.slots[fieldStatusText].text()) {
		f.found(FailedState, "", "")
		f.Timeout = strings.EqualFold(v.slots[fieldStatusText].text(), "timeout")
	}
	if v.claimed && v.visible(fieldToolSucceeded) {
		if ok, known := boolean(v.slots[fieldToolSucceeded].value); known && !ok {
			f.found(FailedState, "", "")
		}
	}
}

func isFailedWord(word string) bool { return failedWords.has(word) }

// resultError reads a tool's result: MCP's isError, an error object, a non-zero exit code.
func (v *View) resultError(f *Failure) {
	if v.operation != OpExecuteTool || f.Sign != NoFailure {
		return
	}
	for i := range v.contents {
		if c := &v.contents[i]; c.Role == RoleToolResult || c.Role == RoleRawOutput {
			if message, failed := resultSaysError(c.Value); failed {
				f.found(ErrorResult, "", message)
				return
			}
		}
	}
	if !v.mayReadAsError() {
		return
	}
	result, known := v.ToolResult()
	if known && result.JSON { // out of a frame or an event
		if message, failed := jsonSaysError(unwrapString(result.Text)); failed {
			f.found(ErrorResult, "", message)
			return
		}
	}
	if known && (!result.JSON && startsLikeError(result.Text) || v.claims&shells != 0 && exitedWithCode(result.Text)) {
		f.found(ErrorResult, "", result.Text)
	}
}

// mayReadAsError spares a result without any word of an error the reading of its frames.
func (v *View) mayReadAsError() bool {
	c := v.resultContent()
	return c == nil || c.Value.Type() != pcommon.ValueTypeStr || v.claims&shells != 0 ||
		mayName(c.Value.Str(), "rror", "ERROR", "Traceback", "Exception")
}

// shells are the clients whose tool runs commands and reports their exit codes in its text.
const shells = 1<<ConventionCodex | 1<<ConventionGeminiCLI

// exitedWithCode finds the line in which a shell tool says that a command failed.
func exitedWithCode(text string) bool {
	for _, words := range [...]string{"Exit code: ", "Exit Code: ", "exited with code "} {
		if _, code, found := strings.Cut(text, words); found && code != "" && (code[0] == '-' || '1' <= code[0] && code[0] <= '9') {
			return true
		}
	}
	return false
}

// resultSaysError parses only for members that the text can hold: most results say nothing of errors, and all are asked several times.
func resultSaysError(val pcommon.Value) (message string, failed bool) {
	return jsonSaysError(parseObject(val))
}

func jsonSaysError(obj gjson.Result) (message string, failed bool) {
	if !obj.IsObject() {
		return "", false
	}
	if mayName(obj.Raw, "rror", "RROR") {
		if message, failed = objectSaysError(obj); failed {
			return message, true
		}
	}
	if mayName(obj.Raw, "success") {
		if s := obj.Get("success"); s.Type == gjson.False || s.Type == gjson.String && strings.EqualFold(s.Str, "false") {
			return "", true
		}
	}
	if mayName(obj.Raw, "exit") {
		code := firstMember(obj, "exit_code", "exitCode")
		return "", code.Type == gjson.Number && code.Num != 0
	}
	return "", false
}

// objectSaysError knows an error by that word.
func objectSaysError(obj gjson.Result) (message string, failed bool) {
	for _, member := range [...]string{"isError", "is_error", "tool_output.is_error"} {
		if obj.Get(member).IsBool() && obj.Get(member).Bool() {
			return "", true
		}
	}
	if e := obj.Get("error"); e.Type == gjson.String && e.Str != "" || e.IsObject() {
		return firstMember(e, "message").String() + e.Str, true
	}
	s := firstMember(obj, "status", "data.status")
	return "", s.Type == gjson.String && strings.EqualFold(s.Str, "error")
}

func startsLikeError(s string) bool {
	s = strings.TrimSpace(s)
	for _, p := range [...]string{"ERROR:", "Error:", "error:", "Error executing tool", "Traceback (most recent call last)", "Exception:",
		"status='failure'", "status='error'"} { // a Python object, printed: agno
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

func (v *View) httpError(f *Failure) {
	if code, ok := v.count(fieldHTTPStatus); ok && code >= 400 && code < 600 {
		f.found(HTTPErrorCode, v.slots[fieldHTTPStatus].value.AsString(), "")
	}
}

func isTimeout(s string) bool {
	return containsFold(s, "timeout") || containsFold(s, "timed out") || containsFold(s, "deadline exceeded") || s == "408" || s == "504"
}
