// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package truncationprocessor

import (
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/internal/content"
)

// openAIMessage is a message as the corpus has it.
type openAIMessage struct {
	Role       string  `json:"role"`
	Content    *string `json:"content"`
	ToolCallID string  `json:"tool_call_id,omitempty"`
	ToolCalls  []struct {
		ID       string `json:"id"`
		Type     string `json:"type"`
		Function struct {
			Name      string `json:"name"`
			Arguments string `json:"arguments"`
		} `json:"function"`
	} `json:"tool_calls,omitempty"`
}

func (m openAIMessage) text() string {
	if m.Content == nil {
		return ""
	}
	return *m.Content
}

// racedShare is the part of the conversations that is read under the race detector, which takes ten times as long.
const racedShare = 10

func readCorpus(t *testing.T) (conversations [][]openAIMessage) {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "..", "shared", "corpora", "conversations.json.gz"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("../shared/corpora/conversations.json.gz is not there")
	}
	require.NoError(t, err)
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	require.NoError(t, err)
	require.NoError(t, json.NewDecoder(unzipped).Decode(&conversations))
	if raceDetector { // one goroutine and no race: some of them will do
		return conversations[:len(conversations)/racedShare]
	}
	return conversations
}

// convention writes a conversation's call, the last of whose messages is the answer, as a client does, and reads the
// messages of an attribute back.
type convention struct {
	name   string
	write  func(calls []openAIMessage) object
	inputs string // the attribute with the history; a prefix if it is flattened
}

var conventions = []convention{
	{"openai", writeOpenAI, "gen_ai.prompt"},
	{"openinference", writeOpenInference, "llm.input_messages."},
	{"vercel", writeVercel, "ai.prompt.messages"},
	{"semconv", writeSemconv, "gen_ai.input.messages"},
}

func writeOpenAI(messages []openAIMessage) object {
	last := len(messages) - 1
	return object{
		"langsmith.span.kind": "llm", "gen_ai.operation.name": "chat",
		"gen_ai.prompt":     toJSON(object{"messages": messages[:last], "model": "gpt-4o", "temperature": 0}),
		"gen_ai.completion": toJSON(object{"choices": []any{object{"index": 0, "message": messages[last], "finish_reason": "stop"}}}),
	}
}

func writeOpenInference(messages []openAIMessage) object {
	last := len(messages) - 1
	attributes := object{
		"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o",
		"input.value":  toJSON(object{"messages": messages[:last], "model": "gpt-4o", "temperature": 0}),
		"output.value": toJSON(object{"choices": []any{object{"index": 0, "message": messages[last], "finish_reason": "stop"}}}),
	}
	for i, m := range messages {
		prefix := fmt.Sprintf("llm.input_messages.%d.message.", i)
		if i == last {
			prefix = "llm.output_messages.0.message."
		}
		attributes[prefix+"role"] = m.Role
		if m.Content != nil {
			attributes[prefix+"content"] = *m.Content
		}
		if m.ToolCallID != "" {
			attributes[prefix+"tool_call_id"] = m.ToolCallID
		}
		for j, call := range m.ToolCalls {
			tool := fmt.Sprintf("%stool_calls.%d.tool_call.", prefix, j)
			attributes[tool+"id"] = call.ID
			attributes[tool+"function.name"] = call.Function.Name
			attributes[tool+"function.arguments"] = call.Function.Arguments
		}
	}
	return attributes
}

func writeVercel(messages []openAIMessage) object {
	var out []any
	last := len(messages) - 1
	for _, m := range messages[:last] {
		switch {
		case m.Role == "system":
			out = append(out, object{"role": "system", "content": m.text()})
		case m.Role == "tool":
			out = append(out, object{"role": "tool", "content": []any{object{
				"type": "tool-result", "toolCallId": m.ToolCallID, "toolName": "t", "output": object{"type": "text", "value": m.text()},
			}}})
		default:
			var parts []any
			if m.Content != nil {
				parts = append(parts, object{"type": "text", "text": *m.Content})
			}
			for _, call := range m.ToolCalls {
				parts = append(parts, object{"type": "tool-call", "toolCallId": call.ID, "toolName": call.Function.Name, "input": json.RawMessage(call.Function.Arguments)})
			}
			out = append(out, object{"role": m.Role, "content": parts})
		}
	}
	attributes := object{
		"operation.name": "ai.generateText.doGenerate", "ai.operationId": "ai.generateText.doGenerate", "ai.prompt.messages": toJSON(out),
		"ai.response.text": messages[last].text(),
	}
	if len(messages[last].ToolCalls) > 0 {
		attributes["ai.response.toolCalls"] = toJSON(messages[last].ToolCalls)
	}
	return attributes
}

func writeSemconv(messages []openAIMessage) object {
	var out []any
	for _, m := range messages {
		parts := []any{}
		if m.Role == "tool" {
			parts = append(parts, object{"type": "tool_call_response", "id": m.ToolCallID, "response": m.text()})
		} else if m.Content != nil {
			parts = append(parts, object{"type": "text", "content": *m.Content})
		}
		for _, call := range m.ToolCalls {
			parts = append(parts, object{"type": "tool_call", "id": call.ID, "name": call.Function.Name, "arguments": json.RawMessage(call.Function.Arguments)})
		}
		out = append(out, object{"role": m.Role, "parts": parts})
	}
	last := len(out) - 1
	return object{"gen_ai.operation.name": "chat", "gen_ai.input.messages": toJSON(out[:last]), "gen_ai.output.messages": toJSON(out[last:])}
}

// chatSpans gives a span to each of the conversation's answers, with all that was said before.
func chatSpans(t *testing.T, c convention, number int, messages []openAIMessage) []ptrace.Traces {
	var spans []ptrace.Traces
	for i, m := range messages {
		if m.Role != "assistant" {
			continue
		}
		td, span := spanOf(t, c.write(messages[:i+1]))
		var trace pcommon.TraceID
		binary.BigEndian.PutUint64(trace[8:], uint64(number+1))
		span.SetTraceID(trace)
		span.SetSpanID(pcommon.SpanID{1, byte(i >> 8), byte(i)})
		spans = append(spans, td)
	}
	return spans
}

// textBytes is what an item's attributes take in a store: keys and values, marks included.
func textBytes(attributes pcommon.Map) (bytes int) {
	for key, v := range attributes.All() {
		bytes += len(key) + len(v.AsString())
	}
	return bytes
}

// TestCorpusWithinItsBudget: every attribute is small, JSON stays JSON of the same schema, and the first message of the
// system and the last one of the user are there.
func TestCorpusWithinItsBudget(t *testing.T) {
	const budget = 8192
	corpus := readCorpus(t)
	for _, c := range conventions {
		t.Run(c.name, func(t *testing.T) {
			w := workerOf(t, "max_attribute_bytes: 8192")
			cut := 0
			for number, messages := range corpus {
				for _, td := range chatSpans(t, c, number, messages) {
					before := firstSpan(td).Attributes().AsRaw()
					w.traces(td)
					attributes := firstSpan(td).Attributes()
					for key, v := range attributes.All() {
						if v.Type() != pcommon.ValueTypeStr {
							continue
						}
						require.LessOrEqual(t, len(v.Str()), budget, key)
						if old := before[key].(string); old != v.Str() {
							cut++
							requireSameSchema(t, old, v.Str())
						}
					}
					requireEnds(t, c, before, attributes)
					once := attributes.AsRaw()
					w.traces(td)
					require.Equal(t, once, attributes.AsRaw(), "second pass")
				}
			}
			if c.name != "openinference" {
				assert.Greater(t, cut, len(corpus)*5/2, "calls with a history above the budget")
			}
			assert.Zero(t, w.tally.failures)
		})
	}
}

// requireSameSchema holds that JSON is JSON, and that messages are a list of messages of known members.
func requireSameSchema(t *testing.T, before, after string) {
	t.Helper()
	if !json.Valid([]byte(before)) {
		return
	}
	require.True(t, json.Valid([]byte(after)), after)
	require.Equal(t, before[0], after[0])
	old, new := messagesIn(t, before), messagesIn(t, after)
	members := map[string]bool{}
	for _, m := range old {
		for name := range m {
			members[name] = true
		}
	}
	for _, m := range new {
		require.Contains(t, []any{"system", "user", "assistant", "tool"}, m["role"])
		for name, v := range m {
			require.True(t, members[name], "no message had %q", name)
			if parts, ok := v.([]any); ok {
				for _, p := range parts {
					require.Contains(t, p, "type")
				}
			}
		}
	}
}

// messagesIn finds the messages of a JSON text: a list, or the member messages, or the choices.
func messagesIn(t *testing.T, text string) (messages []object) {
	t.Helper()
	var v any
	require.NoError(t, json.Unmarshal([]byte(text), &v))
	if request, ok := v.(object); ok {
		v = request["messages"]
	}
	list, _ := v.([]any)
	for _, m := range list {
		messages = append(messages, m.(object))
	}
	return messages
}

// requireEnds holds that the first message of the system is there from its first words to its last, and the user's last
// message too.
func requireEnds(t *testing.T, c convention, before object, after pcommon.Map) {
	t.Helper()
	if strings.HasSuffix(c.inputs, ".") {
		for key, v := range before {
			if s, ok := v.(string); ok && strings.HasPrefix(key, c.inputs) && len(s) <= 8192 {
				require.Equal(t, s, text(after, key), "flattened messages have a budget each")
			}
		}
		return
	}
	old, new := messagesIn(t, before[c.inputs].(string)), messagesIn(t, text(after, c.inputs))
	require.Equal(t, old[0], new[0], "the system's message")
	require.Equal(t, lastOf("user", old), lastOf("user", new), "the user's last message")
}

func lastOf(role string, messages []object) (last object) {
	for _, m := range messages {
		if m["role"] == role {
			last = m
		}
	}
	return last
}

// TestCorpusDeduplicated: the history is stored once a trace, and each reference is found in an earlier span by its hash.
func TestCorpusDeduplicated(t *testing.T) {
	corpus := readCorpus(t)
	for _, c := range conventions {
		t.Run(c.name, func(t *testing.T) {
			w := workerOf(t, "max_attribute_bytes: 8192\ndeduplicate: true")
			before, after, references := 0, 0, 0
			for number, messages := range corpus {
				stored := map[string]bool{} // hashes of what the trace's earlier spans hold
				for _, td := range chatSpans(t, c, number, messages) {
					attributes := firstSpan(td).Attributes()
					before += textBytes(attributes)
					w.traces(td)
					after += textBytes(attributes)
					for _, hash := range referencesIn(attributes) {
						require.True(t, stored[hash], "%s is in no earlier span", hash)
						references++
					}
					for _, hash := range hashesOf(attributes) {
						stored[hash[:content.ReferenceDigits]] = true
					}
				}
			}
			t.Logf("%d bytes became %d, 1/%.2f", before, after, float64(before)/float64(after))
			if !raceDetector { // that is promised of all conversations
				assert.GreaterOrEqual(t, float64(before)/float64(after), 4.0)
			}
			assert.Greater(t, references, 25*len(corpus))
		})
	}
}

// referencesIn are the hashes that the attributes refer to.
func referencesIn(attributes pcommon.Map) (hashes []string) {
	for key, v := range attributes.All() {
		if strings.HasPrefix(key, attributePrefix) {
			continue
		}
		for _, head := range []string{content.ReferenceHead, content.ReferenceName} {
			for _, rest := range strings.Split(v.AsString(), head)[1:] {
				_, hash, _ := strings.Cut(rest, "sha256")
				hashes = append(hashes, strings.TrimLeft(hash, `":`)[:content.ReferenceDigits])
			}
		}
	}
	return hashes
}

// hashesOf are the hashes of the messages that stand whole in the attributes, computed without the engine.
func hashesOf(attributes pcommon.Map) (hashes []string) {
	flat := map[string][]string{}
	for key, v := range attributes.All() {
		if prefix, rest, found := strings.Cut(key, ".message."); found {
			flat[prefix] = append(flat[prefix], "message."+rest+"\x00"+v.AsString())
			continue
		}
		var list any
		if json.Unmarshal([]byte(v.AsString()), &list) != nil {
			continue
		}
		for _, raw := range rawMessages([]byte(v.AsString())) {
			hashes = append(hashes, sha(string(raw)))
		}
	}
	for _, parts := range flat {
		hashes = append(hashes, sha(sortedJoin(parts)))
	}
	return hashes
}

// rawMessages are the elements of the lists at the top of a JSON text, and of those in the members of its object.
func rawMessages(text []byte) (elements []json.RawMessage) {
	if json.Unmarshal(text, &elements) == nil {
		return elements
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(text, &members) != nil {
		return nil
	}
	for _, m := range members {
		var list []json.RawMessage
		if json.Unmarshal(m, &list) == nil {
			elements = append(elements, list...)
		}
	}
	return elements
}
