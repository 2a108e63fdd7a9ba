// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/llmcol/llmcol/internal/genai"
)

func TestPlainTextKeepsHeadAndTail(t *testing.T) {
	text := lines(10_000)
	out, tally := shrunk(text, 1000, prompt, Nested, &Limits{})
	assert.LessOrEqual(t, len(out), 1000)
	assert.Greater(t, len(out), 900)
	head, tail, found := strings.Cut(out, markerHead)
	require.True(t, found, out)
	number, tail, found := strings.Cut(tail, " B"+markerTail)
	require.True(t, found, out)
	assert.Truef(t, strings.HasPrefix(text, head) && strings.HasSuffix(head, "\n"), "head ends a line: %q", head)
	assert.Truef(t, strings.HasSuffix(text, tail) && strings.HasPrefix(tail, "line "), "tail starts a line: %q", tail)
	assert.InDelta(t, 1.5, float64(len(head))/float64(len(tail)), 0.3, "60 to 40")
	assert.Equal(t, grouped(len(text)-len(head)-len(tail)), number)
	assert.Equal(t, Tally{Truncated: 1}, tally)
}

func TestWithinBudgetsNothingChanges(t *testing.T) {
	text := toJSON([]any{say("user", lines(900)), say("assistant", "yes")})
	limits := limitsOf(genai.ContentPrompt, Limit{MaxBytes: 1100})
	limits.Message = 1200
	s := NewShrinker(clients{}, limits)
	for range 2 {
		out, changed := s.Text(text, len(text), prompt, Nested)
		assert.False(t, changed)
		assert.Equal(t, text, out)
	}
	assert.Zero(t, testing.AllocsPerRun(100, func() { s.Text(text, len(text), prompt, Nested) }))
	assert.Zero(t, s.Tally)
}

// TestOrderOfSacrifice: files first, then the middle of long texts, then the oldest messages, then the rest.
func TestOrderOfSacrifice(t *testing.T) {
	image := base64.StdEncoding.EncodeToString([]byte("\x89PNG\r\n\x1a\n" + lines(6000)))
	messages := []any{say("system", "SYSTEM "+lines(400)), say("user", "FIRST "+lines(700))}
	messages = append(messages, object{"role": "user", "parts": []any{object{"type": "blob", "mime_type": "image/png", "content": image}}})
	for i := range 8 {
		messages = append(messages, say("assistant", fmt.Sprintf("ANSWER%d %s", i, lines(700))), say("user", fmt.Sprintf("QUESTION%d %s", i, lines(300))))
	}
	text := toJSON(messages)
	for _, tt := range []struct {
		name            string
		budget          int
		whole, present  []string
		gone            []string
		truncated, lost bool
	}{
		{"files", 13_000, []string{lines(700), "ANSWER3 " + lines(700)[:30]}, []string{"image/png, sha256:"}, []string{image[:300]}, false, false},
		{"long texts", 7000, []string{"QUESTION7", lines(400)}, []string{"FIRST", "ANSWER0", "QUESTION0"}, []string{image[:300]}, true, false},
		{"old messages", 3000, []string{lines(400), "QUESTION7", "ANSWER7"}, []string{"messages, "}, []string{"FIRST", "ANSWER0", "QUESTION0"}, true, true},
		{"the rest", 900, []string{"SYSTEM", "QUESTION7", "ANSWER7"}, []string{"messages, "}, []string{"ANSWER1", "QUESTION6"}, true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, tally := shrunk(text, tt.budget, prompt, Nested, &Limits{})
			require.True(t, json.Valid([]byte(out)), out)
			assert.LessOrEqual(t, len(out), tt.budget)
			assert.Greater(t, len(out), tt.budget*2/3, "what there is room for stays")
			for _, want := range append(tt.whole, tt.present...) {
				assert.Contains(t, out, strings.Trim(toJSON(want), `"`))
			}
			for _, no := range tt.gone {
				assert.NotContains(t, out, no)
			}
			assert.Equal(t, tt.truncated, tally.Truncated > 0, "texts cut")
			assert.Equal(t, tt.lost, tally.Messages > 0, "messages dropped")
			again, _ := shrunk(out, tt.budget, prompt, Nested, &Limits{})
			assert.Equal(t, out, again, "second pass")
		})
	}
}

func TestToolDataKeepsItsKeys(t *testing.T) {
	var rows []any
	for i := range 400 {
		rows = append(rows, object{"id": i, "name": fmt.Sprintf("row %d", i), "tags": []any{"a", "b"}})
	}
	text := toJSON(object{"status": "ok", "rows": rows, "note": lines(5000), "next": nil})
	out, _ := shrunk(text, 2000, result, Whole, &Limits{})
	var got struct {
		Status string
		Rows   []map[string]any
		Note   string
		Next   any
	}
	require.NoError(t, json.Unmarshal([]byte(out), &got), out)
	assert.LessOrEqual(t, len(out), 2000)
	assert.Equal(t, "ok", got.Status)
	assert.Equal(t, "row 0", got.Rows[0]["name"])
	assert.Equal(t, "row 399", got.Rows[len(got.Rows)-1]["name"])
	assert.Contains(t, out, `{"type":"llmcol.cut","text":"…[cut `)
	assert.Contains(t, got.Note, "…[cut ")
	assert.Contains(t, out, `"next":null`)
}

func TestJSONInAStringStaysJSON(t *testing.T) {
	inner := toJSON(object{"order": "o-1", "text": lines(4000)})
	text := toJSON([]any{object{"role": "assistant", "content": nil, "tool_calls": []any{
		object{"id": "call_1", "type": "function", "function": object{"name": "lookup", "arguments": inner}},
	}}})
	out, _ := shrunk(text, 600, prompt, Nested, &Limits{})
	assert.LessOrEqual(t, len(out), 600)
	var got []struct {
		ToolCalls []struct {
			ID       string
			Function struct{ Name, Arguments string }
		} `json:"tool_calls"`
	}
	require.NoError(t, json.Unmarshal([]byte(out), &got), out)
	call := got[0].ToolCalls[0]
	assert.Equal(t, "call_1", call.ID)
	assert.Equal(t, "lookup", call.Function.Name)
	var args struct{ Order, Text string }
	require.NoError(t, json.Unmarshal([]byte(call.Function.Arguments), &args), call.Function.Arguments)
	assert.Equal(t, "o-1", args.Order)
	assert.Contains(t, args.Text, "…[cut ")
}

func TestBudgetsOfKindsAndModes(t *testing.T) {
	call := object{"type": "tool_call", "id": "c1", "name": "lookup", "arguments": object{"q": lines(500)}}
	text := toJSON([]any{say("user", lines(500)), object{"role": "assistant", "parts": []any{call}}})
	argumentsJSON := toJSON(call["arguments"])
	for _, tt := range []struct {
		name  string
		kind  genai.ContentKind
		limit Limit
		want  []string
	}{
		{"truncate", genai.ContentToolArguments, Limit{MaxBytes: 200}, []string{`"arguments":{"q":"line 0`, "…[cut "}},
		{"hash", genai.ContentToolArguments, Limit{MaxBytes: 200, Mode: Hash}, []string{
			`"arguments":{"llmcol.cut":"…[cut ` + grouped(len(argumentsJSON)) + ` B, sha256:` + DigestOf(argumentsJSON).String()}},
		{"drop", genai.ContentToolArguments, Limit{MaxBytes: 200, Mode: Drop}, []string{`"arguments":{"llmcol.cut":"…[cut ` + grouped(len(argumentsJSON)) + ` B]…"}`}},
		{"hash of a text", genai.ContentPrompt, Limit{MaxBytes: 200, Mode: Hash}, []string{"sha256:" + DigestOf(lines(500)).String(), `"q":"line 0`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			limits := limitsOf(tt.kind, tt.limit)
			out, _ := shrunk(text, 1<<20, prompt, Nested, limits)
			require.True(t, json.Valid([]byte(out)), out)
			for _, want := range tt.want {
				assert.Contains(t, out, want)
			}
			assert.Contains(t, out, `"name":"lookup"`)
			if tt.kind == genai.ContentToolArguments {
				assert.Contains(t, out, strings.Trim(toJSON(lines(500)), `"`), "the prompt has no budget")
			}
			again, changed := NewShrinker(clients{}, limits).Text(out, 1<<20, prompt, Nested)
			assert.False(t, changed, "second pass: %s", again)
		})
	}
}

func TestMessageBudget(t *testing.T) {
	text := toJSON([]any{say("system", lines(3000)), say("user", "short"), object{"role": "assistant", "parts": []any{
		object{"type": "text", "content": lines(900)}, object{"type": "tool_call", "id": "c1", "name": "f", "arguments": object{"a": lines(900)}},
	}}})
	out, _ := shrunk(text, 1<<20, prompt, Nested, &Limits{Message: 500})
	var messages []json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(out), &messages))
	require.Len(t, messages, 3)
	for _, m := range messages {
		assert.LessOrEqual(t, len(m), 500)
	}
	assert.Contains(t, out, `"name":"f"`)
	assert.Equal(t, toJSON(say("user", "short")), string(messages[1]))
}

// TestCutsKeepCharactersAndLabels cuts at every budget.
func TestCutsKeepCharactersAndLabels(t *testing.T) {
	label := "[EMAIL:9f2c41ab8d03e7f1]"
	plain := strings.Repeat("a😀é "+label+" [CREDIT_CARD] x\\", 12)
	for budget := 40; budget < len(plain); budget++ {
		out, _ := shrunk(plain, budget, prompt, Nested, &Limits{})
		require.LessOrEqual(t, len(out), budget)
		assertWholeLabels(t, out, label)
		require.True(t, strings.ToValidUTF8(out, "?") == out, out)
	}
	escaped := `["` + strings.Repeat(`a\ud83d\ude00\u00e9\\`+label+`\n\"`, 12) + `"]`
	for budget := 60; budget < len(escaped); budget++ {
		out, _ := shrunk(escaped, budget, prompt, Nested, &Limits{})
		require.LessOrEqual(t, len(out), budget)
		var got []string
		require.NoError(t, json.Unmarshal([]byte(out), &got), out)
		assertWholeLabels(t, got[0], label)
		require.NotContains(t, got[0], "\ufffd", "half a surrogate pair")
	}
}

func assertWholeLabels(t *testing.T, text string, labels ...string) {
	t.Helper()
	for _, l := range append(labels, "[CREDIT_CARD]") {
		text = strings.ReplaceAll(text, l, "")
	}
	require.NotContains(t, text, "EMAIL")
	require.NotContains(t, text, "CREDIT")
	require.NotContains(t, text, "9f2c")
}

func TestCutsKeepKeyedHashes(t *testing.T) {
	hash := "hmac-sha256:" + strings.Repeat("0123456789abcdef", 4)
	text := strings.Repeat("user "+hash+" said so. ", 20)
	for budget := 130; budget < len(text); budget += 3 {
		out, _ := shrunk(text, budget, prompt, Nested, &Limits{})
		require.LessOrEqual(t, len(out), budget)
		require.NotContains(t, strings.ReplaceAll(out, hash, ""), "hmac")
		require.NotContains(t, strings.ReplaceAll(out, hash, ""), "cdef")
	}
}

// TestASecondCutKeepsTheMarkersOfTheFirst: a gateway cuts smaller what a sidecar has cut.
func TestASecondCutKeepsTheMarkersOfTheFirst(t *testing.T) {
	first, _ := shrunk(lines(20_000), 2000, prompt, Nested, &Limits{})
	for budget := 100; budget < 2000; budget += 7 {
		out, _ := shrunk(first, budget, prompt, Nested, &Limits{})
		assert.Equal(t, strings.Count(out, "…[cut "), strings.Count(out, " B]…"), out)
		assert.Equal(t, 2*strings.Count(out, "…[cut "), strings.Count(out, "…"), out)
	}
}

// TestLongTextThatLooksLikeAMarkerIsText: what a user writes between a marker's brackets is not all lost.
func TestLongTextThatLooksLikeAMarkerIsText(t *testing.T) {
	out, _ := shrunk(toJSON([]any{say("user", markerHead+lines(5000)+markerTail)}), 1000, prompt, Nested, &Limits{})
	assert.True(t, json.Valid([]byte(out)), out)
	assert.LessOrEqual(t, len(out), 1000)
	assert.Contains(t, out, "line 0 says")
}

// TestCallsBetweenMessages: OpenAI's Responses API keeps calls and results beside the messages.
func TestCallsBetweenMessages(t *testing.T) {
	items := []any{object{"role": "system", "content": "rules"}, object{"role": "user", "content": lines(900)}}
	for i := range 6 {
		items = append(items, object{"type": "function_call", "call_id": fmt.Sprint(i), "name": "f", "arguments": toJSON(object{"q": lines(300)})},
			object{"role": "assistant", "content": lines(300)})
	}
	items = append(items, object{"role": "user", "content": "and now?"})
	out, tally := shrunk(toJSON(object{"model": "m", "input": items}), 1500, prompt, Nested, &Limits{})
	require.True(t, json.Valid([]byte(out)), out)
	assert.LessOrEqual(t, len(out), 1500)
	assert.Contains(t, out, "rules")
	assert.Contains(t, out, "and now?")
	assert.Positive(t, tally.Messages)
}

// TestInstructionsBesideTheMessagesStay: Anthropic, Gemini and OpenAI's Responses keep the system's message out of the list.
func TestInstructionsBesideTheMessagesStay(t *testing.T) {
	history := []any{object{"role": "user", "content": lines(4000)}, object{"role": "assistant", "content": lines(4000)}, object{"role": "user", "content": "and now?"}}
	for name, request := range map[string]object{
		"anthropic": {"model": "m", "system": "RULES " + lines(600), "messages": history},
		"blocks":    {"model": "m", "system": []any{object{"type": "text", "text": "RULES " + lines(600)}}, "messages": history},
		"responses": {"model": "m", "instructions": "RULES " + lines(600), "input": history},
		"gemini":    {"config": object{"system_instruction": "RULES " + lines(600)}, "contents": history},
	} {
		t.Run(name, func(t *testing.T) {
			out, _ := shrunk(toJSON(request), 2500, prompt, Nested, &Limits{})
			require.True(t, json.Valid([]byte(out)), out)
			assert.LessOrEqual(t, len(out), 2500)
			assert.Contains(t, out, strings.Trim(toJSON("RULES "+lines(600)), `"`))
			assert.Contains(t, out, "and now?")
			again, _ := shrunk(out, 2500, prompt, Nested, &Limits{})
			assert.Equal(t, out, again, "second pass")
		})
	}
}

// TestResultsAreNoQuestion: where a user is made to say the results of tools, the last question is before them.
func TestResultsAreNoQuestion(t *testing.T) {
	for _, result := range []object{
		{"role": "user", "parts": []any{object{"type": "tool_call_response", "id": "c1", "response": lines(300)}}},
		{"role": "user", "content": []any{object{"type": "tool_result", "tool_use_id": "c1", "content": lines(300)}}},
	} {
		items := []any{say("user", "where is my order?")}
		for range 9 {
			items = append(items, say("assistant", lines(200)), result)
		}
		out, _ := shrunk(toJSON(items), 1200, prompt, Nested, &Limits{})
		require.True(t, json.Valid([]byte(out)), out)
		assert.Contains(t, out, "where is my order?")
	}
}

func TestSpaceAroundJSONGoesFirst(t *testing.T) {
	out, _ := shrunk(strings.Repeat(" ", 500)+`{"a":1}`+strings.Repeat("\n", 500), 300, prompt, Nested, &Limits{})
	assert.Equal(t, `{"a":1}`, out)
}

// TestStructureThatDoesNotFit: where even the structure is larger than the budget, the value keeps its type.
func TestStructureThatDoesNotFit(t *testing.T) {
	wide := object{}
	for i := range 2000 {
		wide[fmt.Sprintf("key-%d", i)] = i
	}
	for _, text := range []string{toJSON(wide), toJSON([]any{wide}), toJSON([]any{say(lines(900), "x")}), toJSON([]any{object{"role": "user", "id": lines(5000), "content": "hello"}}), strings.Repeat("[", 3000) + strings.Repeat("]", 3000)} {
		out, _ := shrunk(text, 300, prompt, Nested, &Limits{})
		require.True(t, json.Valid([]byte(out)), out)
		assert.LessOrEqual(t, len(out), 300)
		assert.Equal(t, text[0], out[0])
		assert.Contains(t, out, "…[cut ")
	}
	out, _ := shrunk(toJSON([]any{object{"role": "user", "id": lines(5000), "content": "hello"}}), 300, prompt, Nested, &Limits{})
	assert.Contains(t, out, "hello")
}

func TestStructureIsShrunkAsItsJSON(t *testing.T) {
	text := toJSON([]any{say("system", lines(3000)), say("user", lines(3000)), say("assistant", "yes"), say("user", "and \"now\"?\n"+lines(100))})
	for _, budget := range []int{300, 800, 2000, 4000, 10_000} {
		want, _ := shrunk(text, budget, prompt, Nested, &Limits{})
		s := NewShrinker(clients{}, &Limits{})
		var v any
		require.NoError(t, json.Unmarshal([]byte(text), &v))
		b := s.Structure()
		build(b, "", v)
		b.Shrink(budget, prompt, Nested)
		got := toJSON(rebuild(b, v))
		assert.JSONEq(t, want, got)
		assert.LessOrEqual(t, len(got), budget)
		b.Close()
	}
}

// build and rebuild walk a value as a processor does. Maps are walked in the order of their keys.
func build(b *Structure, name string, v any) {
	switch v := v.(type) {
	case map[string]any:
		b.Map(name)
		for _, k := range sortedKeys(v) {
			build(b, k, v[k])
		}
		b.End()
	case []any:
		b.List(name)
		for _, e := range v {
			build(b, "", e)
		}
		b.End()
	case string:
		b.Text(name, v)
	default:
		b.Scalar(name, toJSON(v))
	}
}

type removedMark struct{}

func rebuild(b *Structure, v any) any {
	outcome, text := b.Next()
	switch outcome {
	case SetText:
		return text
	case SetJSON:
		var out any
		if err := json.Unmarshal([]byte(text), &out); err != nil {
			panic(err)
		}
		return out
	case Remove:
		return removedMark{}
	case LookInside:
		return rebuildInside(b, v)
	}
	return v
}

func rebuildInside(b *Structure, v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for _, k := range sortedKeys(v) {
			out[k] = rebuild(b, v[k])
		}
		return out
	case []any:
		var out []any
		for _, e := range v {
			if n := rebuild(b, e); n != (any)(removedMark{}) {
				out = append(out, n)
			}
		}
		return out
	}
	panic(fmt.Sprintf("%T has no inside", v))
}

// TestManySmallValuesTakeBoundedMemory: what is too much to be taken apart is still cut, and is still JSON.
func TestManySmallValuesTakeBoundedMemory(t *testing.T) {
	many := strings.TrimSuffix(strings.Repeat("1,", 2*mostNodes), ",")
	members := strings.TrimSuffix(strings.Repeat(`"k":1,`, 2*mostNodes), ",")
	for _, text := range []string{
		"[" + many + "]", "[[" + many + "],[2,3]]", "{" + members + "}", `{"a":"b","rows":[` + many + `],"c":"` + lines(900) + `"}`,
		`[{"role":"user","content":"hello"},{"role":"tool","content":[` + many + `]},{"role":"user","content":"bye"}]`,
	} {
		text = strings.ReplaceAll(text, "\n", `\n`)
		text = strings.ReplaceAll(text, `says "something"`, "")
		s := NewShrinker(clients{}, &Limits{})
		out, changed := s.Text(text, 2000, prompt, Nested)
		require.True(t, changed)
		assert.True(t, json.Valid([]byte(out)), out)
		assert.LessOrEqual(t, len(out), 2000)
		assert.LessOrEqual(t, cap(s.tree.nodes), mostKeptNodes, "memory is given back")
		again, changed := s.Text(out, 2000, prompt, Nested)
		assert.False(t, changed, again)
	}
	broken := "[" + many + ",]"
	out, _ := shrunk(broken, 2000, prompt, Nested, &Limits{})
	assert.Contains(t, out, "…[cut ", "no JSON: cut as text")
}

func TestFilesInBase64(t *testing.T) {
	base := base64.StdEncoding.EncodeToString([]byte(lines(900)))
	for text, want := range map[string]string{
		base:                                  "…[cut " + grouped(len(base)) + " B, sha256:" + DigestOf(base).String() + "]…",
		"data:image/webp;base64," + base:      "…[cut " + grouped(len(base)+len("data:image/webp;base64,")) + " B, image/webp, sha256:",
		inLines(base, 76):                     "…[cut " + grouped(len(inLines(base, 76))) + " B, sha256:" + DigestOf(inLines(base, 76)).String() + "]…",
		inLines(base, 12):                     base[:12],
		strings.Repeat("a", 1204):             "aaaa",
		strings.Repeat("1234567890", 120):     "1234567890",
		strings.Repeat("deadbeef01", 120):     "deadbeef01",
		strings.Repeat("Word and Word1 ", 90): "Word and Word1 ",
	} {
		out, _ := shrunk(text, 300, prompt, Nested, &Limits{})
		assert.True(t, strings.HasPrefix(out, want), out)
	}
	for _, end := range []string{"\n", "\r\n"} {
		mail := strings.ReplaceAll(inLines(base, 76), "\n", end)
		out, _ := shrunk(toJSON([]any{say("user", mail)}), 300, prompt, Nested, &Limits{})
		assert.Contains(t, out, "sha256:"+DigestOf(mail).String())
	}
	sound := toJSON(object{"type": "input_audio", "input_audio": object{"data": base, "mime_type": "audio/wav"}})
	out, _ := shrunk(sound, 300, prompt, Nested, &Limits{})
	assert.Contains(t, out, ", audio/wav, sha256:"+DigestOf(base).String())
	assert.Contains(t, out, `"mime_type":"audio/wav"`)
}

// inLines breaks text into lines.
func inLines(text string, length int) string {
	var b strings.Builder
	for ; len(text) > length; text = text[length:] {
		b.WriteString(text[:length] + "\n")
	}
	b.WriteString(text + "\n")
	return b.String()
}
