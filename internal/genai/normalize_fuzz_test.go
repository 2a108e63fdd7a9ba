// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// FuzzNormalize builds spans and log records from bytes: known keys with values of any type, so that no pair of a key and a value can
// make the normaliser panic, want to change its own result, or take it for something else.
func FuzzNormalize(f *testing.F) {
	for _, seed := range fuzzPrograms(f) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, program []byte) {
		it, scopeName := fuzzTelemetry(program)
		for _, removeOriginals := range [...]bool{false, true} {
			once := it.copied()
			first := once.normalize(fuzzNormalizer(scopeName, removeOriginals))
			twice := once.copied()
			second := twice.normalize(fuzzNormalizer(scopeName, removeOriginals))
			assert.Equal(t, Change{Operation: first.Operation}, second, "a second pass changes %v", changed(once, twice))
			asked(once.view(fuzzNormalizer(scopeName, removeOriginals).Reader))
		}
	})
}

// changed are the attributes in which two differ.
func changed(one, two telemetry) map[string][2]any {
	differ := make(map[string][2]any)
	a, b := one.attributes().AsRaw(), two.attributes().AsRaw()
	for k := range a {
		if !reflect.DeepEqual(a[k], b[k]) {
			differ[k] = [2]any{a[k], b[k]}
		}
	}
	for k := range b {
		if _, had := a[k]; !had {
			differ[k] = [2]any{nil, b[k]}
		}
	}
	return differ
}

func fuzzNormalizer(scopeName string, removeOriginals bool) *Normalizer {
	n := NewNormalizer(NormalizerOptions{Names: NamesLatest, RemoveOriginals: removeOriginals})
	scope := pcommon.NewInstrumentationScope()
	scope.SetName(scopeName)
	n.Reader.SetScope(scope)
	return n
}

// asked asks a view everything that can be asked.
func asked(v *View) {
	_, _, _ = v.Usage(), v.Failure(), v.Model()
	_, _ = v.ToolArguments()
	_, _ = v.ToolResult()
	_, _ = v.Evaluation()
	_, _ = v.Cost()
	_, _, _ = v.Exchange()
	_, _ = v.UserTurn()
	_, _ = v.TimeToFirstToken()
	_, _, _, _ = v.ConversationID(), v.UserID(), v.AgentName(), v.RunKey()
	_, _, _ = v.RetrievalQuery(), v.Documents(nil), v.FinishReasons(nil)
	var talk ToolTalk
	v.ToolTalk(&talk)
}

// Byte programs: the first byte picks scope and kind, the second the name, then follow pairs of a key and a value.
var (
	fuzzScopes = []string{
		"", "ai", "gcp.vertex.agent", "com.anthropic.claude_code.tracing", "gemini-cli", "llama_index.instrumentation", "haystack", "genkit-tracer",
		"@traceloop/instrumentation-anthropic", "openlit.otel.tracing", "strands.telemetry.tracer", "langfuse-sdk",
	}
	fuzzNames = []string{
		"", "chat gpt-4o", "execute_tool f", "invoke_agent a", "llm_call", "rerank", "OpenAI.achat", "gen_ai.choice", "gen_ai.user.message",
		"codex.sse_event", "gemini_cli.api_response", "api_request", "haystack.agent.step.llm",
	}
	fuzzValues = []any{
		nil, "", int64(7), int64(-1), 0.5, 1e300, true, false, "53", "x", "null", "chat", "tool", "LLM", "error", "[]", "{}", `["stop"]`, `"quoted"`, `{"a":`,
		`{"input_tokens":5,"output_tokens":3,"cache_read_input_tokens":9}`, `{"input":27,"output":11,"input_cached_tokens":26}`,
		`[{"role":"user","content":"hi"}]`, `[{"role":"user","parts":[{"type":"text","content":"hi"}]}]`, `{"args":[],"kwargs":{"a":1}}`,
		`{"kwargs":{"kwargs":{"kwargs":{"kwargs":{"kwargs":{}}}}}}`, `{"output":{"lc":1,"kwargs":{"content":"x"}}}`, `{"type":"object","properties":{}}`,
		[]any{"stop", int64(1)}, map[string]any{"args": []any{}, "kwargs": map[string]any{}}, []any{map[string]any{"role": "user", "content": "x"}},
		[]byte{1, 2}, "2026-11-25T08:00:00Z", "claude-sonnet-4-5", "gemini-2.5-pro", "\xff\xfe", strings.Repeat("[", 100),
		`{"replies":[{"meta":{"usage":{"prompt_tokens":3,"completion_tokens":1}}}]}`, `{"output":{"output":{"output":"x"}}}`, `"\"{\\\"a\\\":1}\""`,
	}
	fuzzKeys = func() (keys []string) {
		for _, c := range conventions {
			for _, k := range c.keys {
				keys = append(keys, k.key)
			}
		}
		for i := range families {
			keys = append(keys, families[i].prefix+"0.content", families[i].prefix+"0.message.role", families[i].prefix+"1.document.score")
		}
		return append(keys, "unknown.key", "gen_ai.completion.0.finish_reason")
	}()
)

func fuzzTelemetry(program []byte) (it telemetry, scopeName string) {
	it = telemetry{isSpan: true, span: ptrace.NewSpan(), record: plog.NewLogRecord()}
	next := func() int {
		if len(program) == 0 {
			return 0
		}
		b := program[0]
		program = program[1:]
		return int(b)
	}
	head := next()
	it.isSpan = head&1 == 0
	name := pick(fuzzNames, next())
	if it.isSpan {
		it.span.SetName(name)
		it.span.Status().SetCode(ptrace.StatusCode(head >> 6 % 3))
	} else {
		it.record.SetEventName(name)
	}
	attrs := it.attributes()
	for len(program) > 0 && attrs.Len() < 64 {
		key := pick(fuzzKeys, next()<<8|next())
		_ = attrs.PutEmpty(key).FromRaw(pick(fuzzValues, next()))
	}
	return it, pick(fuzzScopes, head>>1)
}

func pick[T any](from []T, i int) T { return from[i%len(from)] }

// fuzzPrograms are one program a convention, with its first keys, and one for each value.
func fuzzPrograms(f *testing.F) (seeds [][]byte) {
	f.Helper()
	for i, c := range conventions {
		seed := []byte{byte(i), byte(i)}
		for j := range c.keys {
			at := max(slices.Index(fuzzKeys, c.keys[j].key), 0)
			seed = append(seed, byte(at>>8), byte(at), byte(i+j))
		}
		seeds = append(seeds, seed)
	}
	for i := range fuzzValues {
		seeds = append(seeds, []byte{byte(i), byte(i), 0, 0, 11, 0, 4, byte(i), 0, 40, byte(i), 1, 10, byte(i)})
	}
	return seeds
}
