// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"slices"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// ToolTalk is what the messages of a model call say of tools: which calls the answer asks for, and which results are new in the prompt. It
// may be used again and again; what it holds is good until the next use.
type ToolTalk struct {
	Calls   []Part // type tool_call, in order
	Results []Part // type tool_call_response, in order

	decoder Normalizer
}

// ToolTalk reads what the messages of a model call, or a log record with one of its messages, say of tools. It reports whether that is
// anything.
func (v *View) ToolTalk(t *ToolTalk) bool {
	t.Calls, t.Results = t.Calls[:0], t.Results[:0]
	if v.speaksOfTools(true, 1) {
		t.readAnswer(v)
	}
	if v.speaksOfTools(false, 1) {
		t.decoder.messages = t.decoder.messages[:0]
		v.decodeInput(&t.decoder)
		for _, m := range tail(t.decoder.messages) {
			t.Results = appendParts(t.Results, &m, PartToolCallResponse)
		}
	}
	return len(t.Calls)+len(t.Results) > 0
}

// SiblingCalls reads the tool calls of an answer that asks for several at once, and reports whether it is one.
func (v *View) SiblingCalls(t *ToolTalk) bool {
	t.Calls, t.Results = t.Calls[:0], t.Results[:0]
	if v.speaksOfTools(true, 2) {
		t.readAnswer(v)
	}
	return len(t.Calls) > 1
}

func (t *ToolTalk) readAnswer(v *View) {
	t.decoder.messages = t.decoder.messages[:0]
	v.decodeOutput(&t.decoder)
	for i := range t.decoder.messages {
		t.Calls = appendParts(t.Calls, &t.decoder.messages[i], PartToolCall)
	}
}

// Thread is what the model calls of one conversation have in common where neither a session nor a parent holds them together: how the
// user began, and the id of the first call of a tool, unless the client counts its ids anew in each conversation. Begins tells that no
// tool has been called before. It is asked after ToolTalk has found something.
func (v *View) Thread(t *ToolTalk) (opening, firstCall string, begins bool) {
	t.decoder.messages, begins = t.decoder.messages[:0], true
	v.decodeInput(&t.decoder)
	for i := range t.decoder.messages {
		m := &t.decoder.messages[i]
		begins = begins && m.Role != roleTool
		for j := range m.Parts {
			switch p := &m.Parts[j]; {
			case p.Type == PartText && m.Role == roleUser && opening == "":
				opening = p.Text
			case p.Type == PartToolCall:
				begins = false
				if firstCall == "" {
					firstCall = p.ID
				}
			}
		}
	}
	if begins && len(t.Calls) > 0 {
		firstCall = t.Calls[0].ID
	}
	if isCounter(firstCall) {
		firstCall = ""
	}
	return opening, firstCall, begins
}

// isCounter tells an id that is a name and a small number: get_weather_0, functions.get_weather:1.
func isCounter(id string) bool {
	name := strings.TrimRight(id, "0123456789")
	return len(id)-len(name) < 4 && len(id) > len(name) && (name == "" || strings.ContainsRune("_-:.", rune(name[len(name)-1])))
}

// tail is what came after the last answer: everything before it the prompts of earlier calls have told already.
func tail(msgs []Message) []Message {
	for i := len(msgs) - 1; i >= 0; i-- {
		if msgs[i].Role == roleAssistant {
			return msgs[i+1:]
		}
	}
	return msgs
}

func appendParts(dst []Part, m *Message, t PartType) []Part {
	for i := range m.Parts {
		if m.Parts[i].Type == t {
			dst = append(dst, m.Parts[i])
		}
	}
	return dst
}

// speaksOfTools looks for the literals of tool calls in the answer, so many times, or for those of results in the prompt: no message is
// decoded where none of them stands.
func (v *View) speaksOfTools(out bool, times int) bool {
	elsewhere := true
	for i := range v.contents {
		c := &v.contents[i]
		if c.Role != RoleMessageEvents && (isAnswerRole(c.Role) != out || !isMessageRole(c.Role)) {
			continue
		}
		elsewhere = false
		switch {
		case c.Layout == LayoutFlattened:
			if v.flattenedTools(c.Key) {
				return true
			}
		case c.Role == RoleCompletionToolCalls, c.Value.Type() != pcommon.ValueTypeStr:
			return true
		case out && times > 1:
			if slices.ContainsFunc(siblingLiterals, func(l literal) bool { return countMentions(c.Value.Str(), &l, times) }) {
				return true
			}
		case out && mentions(c.Value.Str(), callLiterals), !out && mentions(c.Value.Str(), resultLiterals):
			return true
		}
	}
	return elsewhere && v.speaksElsewhere(out)
}

// siblingLiterals stand once in each call of an answer, but seldom in its finish reason.
var siblingLiterals = []literal{{"arguments", []string{`"`, `\"`}}, {"tool_use", []string{`"`}}, {"functionCall", []string{`"`}}, {"toolUse", []string{`"`}}}

// countMentions tells whether a literal is in text so many times.
func countMentions(text string, l *literal, times int) bool {
	for found := 0; ; {
		at := strings.Index(text, l.stem)
		if at < 0 {
			return false
		}
		text = text[at+len(l.stem):]
		if slices.ContainsFunc(l.ends, func(end string) bool { return strings.HasPrefix(text, end) }) {
			if found++; found == times {
				return true
			}
		}
	}
}

// speaksElsewhere tells that messages may stand in a span's events or in a log record's body.
func (v *View) speaksElsewhere(out bool) bool {
	if v.isSpan {
		return v.span.Events().Len() > 0
	}
	return out == (v.name == choiceEvent) && v.name != "gen_ai.user.message" && v.name != "gen_ai.system.message"
}

func (v *View) flattenedTools(prefix string) bool {
	for k, val := range v.attributes.All() {
		if strings.HasPrefix(k, prefix) && (mentions(k, callLiterals) || val.Type() == pcommon.ValueTypeStr && val.Str() == roleTool) {
			return true
		}
	}
	return false
}

func isAnswerRole(r Role) bool {
	switch r {
	case RoleOutputMessages, RoleCompletionText, RoleCompletionToolCalls, RoleRawOutput:
		return true
	}
	return false
}

func isMessageRole(r Role) bool {
	switch r {
	case RoleInputMessages, RolePromptText, RoleRawInput:
		return true
	}
	return isAnswerRole(r)
}

// Exchange is the prompt and the answer by which two model calls can be compared. It reports false where one of the two is not there, or is
// a placeholder.
func (v *View) Exchange() (prompt, answer string, known bool) {
	prompt = v.firstText(RoleInputMessages, RolePromptText, RoleRawInput)
	answer = v.firstText(RoleOutputMessages, RoleCompletionText, RoleCompletionToolCalls, RoleRawOutput)
	known = !isNothing(prompt) && !isNothing(answer) && !holdsMask(prompt) && !holdsMask(answer)
	return prompt, answer, known
}

// Excerpt stands for a text: its length in bytes, its beginning and its end.
type Excerpt struct {
	Length     int
	Head, Tail string
}

const (
	excerptHead = 64
	excerptTail = 192
)

func excerptOf(s string) Excerpt {
	if len(s) <= excerptHead+excerptTail {
		return Excerpt{len(s), s, ""}
	}
	return Excerpt{len(s), s[:excerptHead], s[len(s)-excerptTail:]}
}

func (v *View) firstText(roles ...Role) string {
	for _, r := range roles {
		for i := range v.contents {
			if c := &v.contents[i]; c.Role == r && c.Layout == LayoutText && c.Value.Type() == pcommon.ValueTypeStr {
				return c.Value.Str()
			}
		}
	}
	return ""
}

// UserTurn is the last message of a model call's prompt, if a user wrote it after an answer: neither a tool's result, nor the one message in
// which some agents tell all that they have done so far. Of a log record it is what the user has just said.
func (v *View) UserTurn() (e Excerpt, is bool) {
	if !v.isSpan {
		if v.operation != OpUserMessage || v.name == "gen_ai.user.message" { // each model call tells the whole history of these
			return e, false
		}
		return excerptOf(v.firstText(RolePromptText, RoleText, RoleRawInput)), true
	}
	c := v.content(RoleInputMessages)
	switch {
	case c == nil:
		return v.flattenedUserMessage()
	case c.Value.Type() == pcommon.ValueTypeStr:
		return lastUserMessage(c.Value.Str())
	case c.Value.Type() == pcommon.ValueTypeSlice:
		var t turn
		for _, m := range c.Value.Slice().All() {
			if m.Type() == pcommon.ValueTypeMap {
				t.message(attributeText(m.Map(), "role"), m)
			}
		}
		return t.of()
	default:
		return e, false
	}
}

// turn is what is known of the last of some messages.
type turn struct {
	answered bool
	user     bool
	content  pcommon.Value
}

func (t *turn) message(role string, content pcommon.Value) {
	t.answered = t.answered || role == roleAssistant
	t.user, t.content = role == roleUser || role == "human", content
}

func (t *turn) of() (e Excerpt, is bool) {
	if !t.answered || !t.user {
		return e, false
	}
	text := t.content.AsString()
	return excerptOf(text), !mentions(text, resultLiterals)
}

// flattenedUserMessage looks at messages of which each piece is an attribute, by the role and the content of each.
func (v *View) flattenedUserMessage() (e Excerpt, is bool) {
	var prefix string
	for i := range v.contents {
		if c := &v.contents[i]; c.Role == RoleInputMessages && c.Layout == LayoutFlattened {
			prefix = c.Key
		}
	}
	if prefix == "" {
		return e, false
	}
	var t turn
	last := -1
	for k, val := range v.attributes.All() {
		rest, is := strings.CutPrefix(k, prefix)
		if !is || !strings.HasSuffix(rest, "role") {
			continue
		}
		number, _, _ := strings.Cut(rest, ".")
		n, err := strconv.Atoi(number)
		if err != nil {
			continue
		}
		answered := t.answered || val.Str() == roleAssistant
		if n > last {
			last = n
			if _, answers := v.attributes.Get(strings.TrimSuffix(k, "role") + callIDPath); answers {
				t = turn{answered: t.answered}
				t.answered = answered
				continue
			}
			content, _ := v.attributes.Get(strings.TrimSuffix(k, "role") + "content")
			t.message(val.Str(), content)
		}
		t.answered = answered
	}
	if !t.user || t.content == (pcommon.Value{}) {
		return e, false
	}
	return t.of()
}

// shortestMessage is less than what any message's JSON takes behind its role, if its content stands there.
const shortestMessage = 24

func lastUserMessage(messages string) (e Excerpt, is bool) {
	const role = `"role"`
	last, before, answered, user := -1, 0, false, false
	for rest := 0; ; {
		at := strings.Index(messages[rest:], role)
		if at < 0 {
			break
		}
		before, last = max(last, 0), rest+at
		rest = last + len(role)
		who := strings.TrimLeft(messages[rest:min(rest+32, len(messages))], " :\t\n\"")
		answered = answered || strings.HasPrefix(who, roleAssistant) || strings.HasPrefix(who, "model")
		user = strings.HasPrefix(who, roleUser) || strings.HasPrefix(who, "human")
	}
	if !answered || !user {
		return e, false
	}
	text := messages[last:]
	if len(text) < len(role)+shortestMessage { // the role stands behind the content
		text = messages[before:]
	}
	return excerptOf(text), !mentions(text, resultLiterals)
}

// HeadOf is the RunKey of the run that an agent's span is the head of; empty where none is told.
func (v *View) HeadOf() string {
	if !v.operation.IsAgent() {
		return ""
	}
	ns := v.text(fieldCheckpoint)
	if ns == "" {
		ns = v.metadata("langgraph_checkpoint_ns")
	}
	if ns == "" {
		return v.text(fieldAgentRun)
	}
	return ns
}

// TellsToolOutcome reports whether the span stands inside a tool's span and is there to tell how the call ended: Claude Code's
// tool.execution.
func (v *View) TellsToolOutcome() bool {
	if !v.has(fieldKind) {
		return false
	}
	s := &v.slots[fieldKind]
	return s.rule.convention == ConventionClaudeCode && s.text() == "tool.execution"
}
