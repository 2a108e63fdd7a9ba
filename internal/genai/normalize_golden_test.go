// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"encoding/json"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// TestGolden normalises what each convention sends. Beyond the exact result it checks of every case that a second pass changes nothing,
// that the order of the attributes does not matter, and that the view of the result is the view of what came, whether the originals are
// kept or removed.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "golden", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			for _, c := range readGolden(t, file) {
				t.Run(c.Name, c.check)
			}
		})
	}
}

func (c *goldenCase) check(t *testing.T) {
	came := c.telemetry(t)
	facts := c.facts(t, came)
	assert.Equal(t, c.Call, facts.IsCall, "is a model call with usage: %+v", facts)

	kept := came.copied()
	n := c.normalizer(t, false)
	kept.normalize(n)
	c.compare(t, came.attributes(), kept.attributes())
	assert.Empty(t, facts.differences(c.facts(t, kept)), "the view of the result: was, is")
	c.checkStable(t, kept, false)

	turned := came.copied()
	reverse(turned.attributes())
	turned.normalize(n)
	assert.Equal(t, kept.attributes().AsRaw(), turned.attributes().AsRaw(), "attributes in reverse order")

	rid := came.copied()
	rid.normalize(c.normalizer(t, true))
	c.compareRemoved(t, came.attributes(), rid.attributes())
	assert.Empty(t, facts.differences(c.facts(t, rid)), "the view of the result without originals: was, is")
	c.checkStable(t, rid, true)
}

func (c *goldenCase) normalizer(t *testing.T, removeOriginals bool) *Normalizer {
	n := NewNormalizer(NormalizerOptions{Names: NamesLatest, RemoveOriginals: removeOriginals})
	c.tell(t, n.Reader)
	return n
}

// checkStable normalises what was normalised.
func (c *goldenCase) checkStable(t *testing.T, once telemetry, removeOriginals bool) {
	twice := once.copied()
	done := twice.normalize(c.normalizer(t, removeOriginals))
	assert.Equal(t, once.attributes().AsRaw(), twice.attributes().AsRaw(), "a second pass")
	assert.Equal(t, Change{Operation: done.Operation}, done, "a second pass")
}

// compare checks what was added or replaced against what the case wants.
func (c *goldenCase) compare(t *testing.T, before, after pcommon.Map) {
	got, want := make(map[string]any), make(map[string]any)
	for k, val := range after.All() {
		if was, had := before.Get(k); !had || !was.Equal(val) {
			got[k] = val.AsRaw()
		}
	}
	for i, k := range c.Want.keys {
		val := pcommon.NewValueEmpty()
		require.NoError(t, val.FromRaw(c.Want.values[i].raw))
		want[k] = val.AsRaw()
		if text, isText := got[k].(string); c.Want.values[i].isJSON && isText && json.Valid([]byte(text)) {
			got[k], want[k] = parsed(t, text), parsed(t, val.Str())
		}
	}
	assert.Equal(t, want, got)
	for k := range before.All() {
		_, stays := after.Get(k)
		assert.True(t, stays, "%s is gone although originals are kept", k)
	}
}

func (c *goldenCase) compareRemoved(t *testing.T, before, after pcommon.Map) {
	var removed []string
	for k := range before.All() {
		if _, stays := after.Get(k); !stays {
			removed = append(removed, k)
		}
	}
	if c.Removed != nil {
		assert.ElementsMatch(t, c.Removed, removed, "removed")
	}
}

func parsed(t *testing.T, text string) (tree any) {
	require.NoError(t, json.Unmarshal([]byte(text), &tree))
	return tree
}

func reverse(m pcommon.Map) {
	type attribute struct {
		key string
		val pcommon.Value
	}
	var all []attribute
	for k, val := range m.All() {
		twin := pcommon.NewValueEmpty()
		val.CopyTo(twin)
		all = append(all, attribute{k, twin})
	}
	m.Clear()
	for _, a := range slices.Backward(all) {
		a.val.CopyTo(m.PutEmpty(a.key))
	}
}

// viewFacts are what components ask of a view.
type viewFacts struct {
	Operation                   Operation
	IsCall                      bool
	Usage                       Usage
	Provider, Request, Response string
	Conversation, User, Run     string
	ResponseID, Agent           string
	ToolName, ToolID            string
	Arguments, Result           Text
	Failed                      bool
	ErrorType                   string
	Cost                        float64
	Query                       string
	Documents                   []Document
	Finish                      []string
	Calls, Results              int
}

func (c *goldenCase) facts(t *testing.T, it telemetry) viewFacts {
	return factsOf(it.view(c.tell(t, NewReader(nil))))
}

func factsOf(v *View) viewFacts {
	f := viewFacts{
		Operation: v.Operation(), Usage: v.Usage(), Provider: canonicalProvider(v.Provider()), Request: v.RequestModel(), Response: v.ResponseModel(),
		Conversation: v.ConversationID(), User: v.UserID(), Run: v.RunKey(), ResponseID: v.ResponseID(), Agent: v.AgentName(),
		ToolName: v.ToolName(), ToolID: v.ToolCallID(), Failed: v.Failure().Sign != NoFailure, ErrorType: v.Failure().Type,
		Query: v.RetrievalQuery(), Documents: v.Documents(nil), Finish: v.FinishReasons(nil),
	}
	f.IsCall = v.IsModelCall() && f.Usage.Reported()
	f.Usage.Accounting, f.Usage.RecoveredReasoning, f.Usage.SeparateReasoning = 0, false, false // how it was found out
	if f.Usage.Has&(HasInput|HasOutput) != 0 {
		f.Usage.Total, f.Usage.Has = 0, f.Usage.Has&^HasTotal // a total has no current name
	}
	f.Arguments, _ = v.ToolArguments()
	f.Result, _ = v.ToolResult()
	f.Cost, _ = v.Cost()
	if talk := (ToolTalk{}); v.IsModelCall() || !v.isSpan {
		v.ToolTalk(&talk)
		f.Calls, f.Results = len(talk.Calls), len(talk.Results)
	}
	return f
}

// differences are the facts that two views tell differently.
func (f *viewFacts) differences(other viewFacts) map[string][2]any {
	differ := make(map[string][2]any)
	one, two := reflect.ValueOf(*f), reflect.ValueOf(other)
	for i := range one.NumField() {
		if a, b := one.Field(i).Interface(), two.Field(i).Interface(); !reflect.DeepEqual(a, b) {
			differ[one.Type().Field(i).Name] = [2]any{a, b}
		}
	}
	return differ
}

// TestOrdinaryTelemetry leaves alone what has nothing to do with an LLM app, whatever its attributes are called.
func TestOrdinaryTelemetry(t *testing.T) {
	for _, c := range readGolden(t, filepath.Join("testdata", "ordinary.yaml")) {
		t.Run(c.Name, func(t *testing.T) {
			came := c.telemetry(t)
			assert.Equal(t, OpNone, came.view(c.tell(t, NewReader(nil))).Operation())
			after := came.copied()
			assert.Equal(t, Change{}, after.normalize(c.normalizer(t, true)))
			assert.Equal(t, came.attributes().AsRaw(), after.attributes().AsRaw())

			r := c.tell(t, NewReader(nil))
			assert.Zero(t, testing.AllocsPerRun(100, func() { came.view(r) }), "allocations")
		})
	}
}
