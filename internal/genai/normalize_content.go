// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// describeTool writes a tool call's arguments and result without the client's frame. A structured value that is current stays as it is.
func (n *Normalizer) describeTool(v *View) {
	if v.operation != OpExecuteTool {
		return
	}
	if args, known := v.ToolArguments(); known && args.Text != "" && !v.isStructured(RoleToolArguments) {
		if c := v.argumentsContent(); c == nil || c.Role != RoleRawInput || !isSchema(c.Value) { // under the current name it would pass for the tool's
			n.str("gen_ai.tool.call.arguments", args.Text)
			n.carryContent(c, args.Text)
		}
	}
	if result, known := v.ToolResult(); known && result.Text != "" && !v.isStructured(RoleToolResult) {
		n.str("gen_ai.tool.call.result", result.Text)
		n.carryContent(v.resultContent(), result.Text)
	}
}

// carryContent notes that a piece of content is there under a current name, if it is there to the letter.
func (n *Normalizer) carryContent(c *Content, written string) {
	if c == nil || c.Value.Type() != pcommon.ValueTypeStr || c.Value.Str() != written {
		return
	}
	if c.Convention != ConventionSemConv && c.Convention != ConventionPlain {
		n.carried = append(n.carried, c.Key)
	}
}

// isStructured tells that the current attribute holds an OTLP map or slice, as the convention prefers.
func (v *View) isStructured(r Role) bool {
	c := v.content(r)
	return c != nil && c.Convention == ConventionSemConv && c.Value.Type() != pcommon.ValueTypeStr
}

func (n *Normalizer) describeRetrieval(v *View) {
	if !isRetrieval(v.operation) {
		return
	}
	n.str("gen_ai.retrieval.query.text", v.RetrievalQuery())
	if k, known := v.RetrievalTopK(); known {
		n.int("gen_ai.retrieval.top_k", k)
	}
	if c := v.content(RoleDocuments); c != nil && c.Convention == ConventionSemConv {
		return
	}
	documents := v.Documents(nil)
	if len(documents) == 0 {
		return
	}
	n.json = AppendDocuments(n.json[:0], documents)
	n.str("gen_ai.retrieval.documents", string(n.json))
}

// rebuildSystem writes system instructions as parts where a client has them as plain text, or under a name of its own.
func (n *Normalizer) rebuildSystem(v *View) {
	c := v.content(RoleSystem)
	if c == nil || !callsModel(v.operation) || v.isStructured(RoleSystem) || c.Convention == ConventionSemConv && holdsParts(c.Value.Str()) {
		return
	}
	var whole bool
	n.messages, whole = DecodeValue(n.messages[:0], c.Value, RoleSystem)
	parts, _ := SplitSystem(n.messages)
	if len(parts) == 0 {
		return
	}
	n.json = AppendParts(n.json[:0], parts)
	n.str("gen_ai.system_instructions", string(n.json))
	if whole && c.Convention != ConventionSemConv {
		n.carried = append(n.carried, c.Key)
	}
}

// holdsParts tells JSON text of an array of parts by a look.
func holdsParts(s string) bool { return strings.HasPrefix(s, "[") && strings.Contains(s, `"type"`) }

// rebuildMessages writes a model call's messages as the convention's JSON, from wherever the client put them.
func (n *Normalizer) rebuildMessages(v *View) {
	if !hasMessages(v) {
		return
	}
	n.rebuildTurns(v, RoleInputMessages, "gen_ai.input.messages", (*View).decodeInput)
	if v.operation != OpEmbeddings {
		n.rebuildTurns(v, RoleOutputMessages, "gen_ai.output.messages", (*View).decodeOutput)
	}
}

func hasMessages(v *View) bool {
	switch v.operation {
	case OpUserMessage, OpMessage:
		return !v.isSpan
	case OpInvokeAgent:
		return v.hasRole(RoleInputMessages) || v.hasRole(RoleOutputMessages)
	}
	return v.operation.IsInference() && v.operation != OpRerank
}

// rebuildTurns writes the messages of one role that decode finds, unless the client has them as the convention does.
func (n *Normalizer) rebuildTurns(v *View, role Role, current string, decode func(*View, *Normalizer) []string) {
	if v.speaksCurrent(role) {
		return
	}
	n.messages = n.messages[:0]
	from := decode(v, n)
	if partCount(n.messages) == 0 { // written, roles alone would pass for the content (contrib#50133)
		return
	}
	n.json = AppendMessages(n.json[:0], n.messages)
	n.str(current, string(n.json))
	n.carried = append(n.carried, from...)
}

// speaksCurrent tells that the current attribute holds messages with parts, in text or as a structure. Only a look: what is already
// current costs nothing.
func (v *View) speaksCurrent(r Role) bool {
	c := v.content(r)
	if c == nil || c.Convention != ConventionSemConv {
		return false
	}
	if c.Value.Type() != pcommon.ValueTypeStr {
		return true
	}
	s := c.Value.Str()
	return LooksCurrent(s) && strings.Contains(s, `"type"`) // LiteLLM writes messages without a part where a tool was called
}

// inputRoles and outputRoles are asked in order: the first place that yields messages is the one.
var (
	inputRoles  = [...]Role{RoleInputMessages, RoleMessageEvents, RolePromptText, RoleRawInput}
	outputRoles = [...]Role{RoleOutputMessages, RoleMessageEvents, RoleRawOutput}
)

func (v *View) decodeInput(n *Normalizer) (carried []string) {
	for _, r := range inputRoles {
		if r != RoleInputMessages && v.operation.IsAgent() {
			return nil // what goes into a run as a whole is no message of its own
		}
		if carried = v.decodeRole(n, r, false); len(n.messages) > 0 {
			return carried
		}
	}
	n.decodeElsewhere(v, false)
	return nil
}

// decodeOutput joins the text, the tool calls and the reasoning that Vercel and others keep in attributes of their own.
func (v *View) decodeOutput(n *Normalizer) (carried []string) {
	carried = v.decodeRole(n, RoleCompletionText, true)
	carried = append(carried, v.decodeRole(n, RoleCompletionToolCalls, true)...)
	if len(n.messages) > 1 {
		for _, m := range n.messages[1:] {
			n.messages[0].Parts = append(n.messages[0].Parts, m.Parts...)
		}
		n.messages = n.messages[:1]
	}
	if len(n.messages) > 0 {
		return carried
	}
	for _, r := range outputRoles {
		if r != RoleOutputMessages && v.operation.IsAgent() {
			return nil
		}
		if carried = v.decodeRole(n, r, true); len(n.messages) > 0 {
			return carried
		}
	}
	n.decodeElsewhere(v, true)
	return nil
}

// decodeElsewhere reads span events and the bodies of log records.
func (n *Normalizer) decodeElsewhere(v *View, out bool) {
	if v.isSpan {
		n.messages, _ = DecodeEvents(n.messages, v.span.Events(), out)
		return
	}
	if _, isMessage := messageEvents[v.name]; isMessage && out == (v.name == choiceEvent) {
		n.messages, _ = DecodeLogBody(n.messages, v.name, v.record.Body())
	}
}

// decodeRole reads the best ranked place for a role that yields messages, and returns the keys that need not stay.
func (v *View) decodeRole(n *Normalizer, r Role, out bool) (carried []string) {
	length, before := len(n.messages), partCount(n.messages)
	for c := v.nextContent(r, 0); c != nil; c = v.nextContent(r, c.rank+1) {
		var whole bool
		switch {
		case c.Layout == LayoutFlattened:
			n.messages, whole = DecodeFlattened(n.messages, v.attributes, c.Key, r)
		case c.Value.Type() == pcommon.ValueTypeStr && (isEmpty(c.Value.Str()) || isAddress(c.Value.Str())):
		case r == RoleMessageEvents:
			n.messages = decodeMessageEvents(n.messages, c.Value, out)
		default:
			n.messages, whole = DecodeValue(n.messages, c.Value, r)
		}
		if partCount(n.messages) == before {
			n.messages = n.messages[:length]
			continue
		}
		if whole && c.Convention != ConventionSemConv && c.Convention != ConventionPlain {
			return []string{c.Key}
		}
		return nil
	}
	return nil
}

func partCount(msgs []Message) (n int) {
	for i := range msgs {
		n += len(msgs[i].Parts)
	}
	return n
}

// nextContent is the best ranked place for a role from a rank on.
func (v *View) nextContent(r Role, from uint16) (next *Content) {
	for i := range v.contents {
		if c := &v.contents[i]; c.Role == r && c.rank >= from && (next == nil || c.rank < next.rank) {
			next = c
		}
	}
	return next
}

// decodeMessageEvents reads Pydantic AI 1's and Logfire's list of events: what went in, or with out the choices that came out. Logfire ends
// the list of a Responses call with the answer as if it had been said before.
func decodeMessageEvents(dst []Message, val pcommon.Value, out bool) []Message {
	events := parseObject(val).Array()
	last := len(events) - 1
	for i, event := range events {
		name := event.Get(`event\.name`).String()
		if answer := name == choiceEvent || i == last && name == assistantEvent; out == answer {
			body := pcommon.NewValueStr(event.Raw)
			dst, _ = DecodeLogBody(dst, name, body)
		}
	}
	return dst
}
