// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "cmp"

// settled tells that the slot already holds the current name's value, so that there is nothing to work out: nearly all of a span that
// speaks the current convention.
func (v *View) settled(f Field, name string) bool {
	return v.has(f) && v.slots[f].rule.key == name
}

// texts are the plain string attributes, and which spans they belong on.
var texts = []struct {
	name  string
	field Field
	read  func(*View) string
	on    func(Operation) bool
}{
	{"gen_ai.request.model", fieldRequestModel, (*View).RequestModel, callsModel},
	{"gen_ai.response.model", fieldResponseModel, (*View).ResponseModel, Operation.IsInference},
	{"gen_ai.response.id", fieldResponseID, (*View).ResponseID, Operation.IsInference},
	{"gen_ai.conversation.id", fieldConversation, (*View).ConversationID, anyOperation},
	{"user.id", fieldUser, (*View).UserID, anyOperation},
	{"gen_ai.agent.name", fieldAgentName, (*View).AgentName, anyOperation},
	{"gen_ai.agent.id", fieldAgentID, (*View).AgentID, anyOperation},
	{"gen_ai.tool.name", fieldToolName, (*View).ToolName, isTool},
	{"gen_ai.tool.call.id", fieldToolCallID, (*View).ToolCallID, isTool},
	{"gen_ai.data_source.id", fieldDataSource, (*View).DataSourceID, isRetrieval},
}

func anyOperation(Operation) bool  { return true }
func callsModel(o Operation) bool  { return o.IsInference() || o.IsAgent() }
func isTool(o Operation) bool      { return o == OpExecuteTool }
func isRetrieval(o Operation) bool { return o == OpRetrieval || o == OpRerank }

func (n *Normalizer) identify(v *View) {
	if v.operation.HasSemconvName() && !v.namesItsOwnOperation() {
		n.str("gen_ai.operation.name", v.operation.String()) // a vendor's kind stays: it tells more than the operation
	}
	if p := v.Provider(); p != "" {
		n.str("gen_ai.provider.name", canonicalProvider(p))
		if !hasAPISuffix(p) {
			n.carry(v, fieldProvider, "gen_ai.provider.name")
		}
	}
	for i := range texts {
		t := &texts[i]
		if !t.on(v.operation) || v.settled(t.field, t.name) {
			continue
		}
		if text := t.read(v); text != "" {
			n.str(t.name, text)
			n.carry(v, t.field, t.name)
		}
	}
}

// count writes the usage of a model call. What an agent or a chain sums up gets no current name: it would be counted twice.
func (n *Normalizer) count(v *View) {
	if !v.IsModelCall() {
		return
	}
	u := v.Usage()
	for _, c := range [...]struct {
		name  string
		has   UsageFields
		count int64
		field Field
	}{
		{inputName, HasInput, u.Input, fieldInput},
		{outputName, HasOutput, u.Output, fieldOutput},
		{"gen_ai.usage.cache_read.input_tokens", HasCacheRead, u.CacheRead, fieldCacheRead},
		{n.cacheWriteName(v), HasCacheWrite, u.CacheWrite, fieldCacheWrite},
		{"gen_ai.usage.reasoning.output_tokens", HasReasoning, u.Reasoning, fieldReasoning},
	} {
		if u.Has&c.has != 0 {
			n.int(c.name, c.count)
			n.edits[len(n.edits)-1].listed = c.field == fieldInput && v.madeWhole(&u)
			n.carryCount(v, c.field, c.name)
		}
	}
}

// madeWhole tells a count that was raised by the cache and stands in no attribute of its own, under a scope whose counts lack the cache:
// nothing but the list of replaced names tells a second reader that the current one is whole.
func (v *View) madeWhole(u *Usage) bool {
	_, own := v.count(fieldInput)
	return u.Accounting.Exclusive() && !own && v.scope.counts != nil
}

// cacheWriteName keeps to the spelling that the client already uses, so that one count does not stand under both.
func (n *Normalizer) cacheWriteName(v *View) string {
	if v.has(fieldCacheWrite) && v.slots[fieldCacheWrite].rule.convention == ConventionSemConv {
		return v.slots[fieldCacheWrite].rule.key
	}
	return n.names.CacheWrite
}

// carryCount removes a count only where the current one is the same number: a client's exclusive count is not carried over.
func (n *Normalizer) carryCount(v *View, f Field, name string) {
	own, ok := v.count(f)
	if last := &n.edits[len(n.edits)-1]; ok && own == last.int {
		n.carry(v, f, name)
	}
}

var parameterNames = [numParameters]struct {
	name  string
	count bool // an integer
}{
	Temperature:      {"gen_ai.request.temperature", false},
	TopP:             {"gen_ai.request.top_p", false},
	TopK:             {"gen_ai.request.top_k", false},
	MaxTokens:        {"gen_ai.request.max_tokens", true},
	FrequencyPenalty: {"gen_ai.request.frequency_penalty", false},
	PresencePenalty:  {"gen_ai.request.presence_penalty", false},
	Seed:             {"gen_ai.request.seed", true},
	ChoiceCount:      {"gen_ai.request.choice.count", true},
}

func (n *Normalizer) parametrize(v *View) {
	if !callsModel(v.operation) {
		return
	}
	for p := range numParameters {
		def := &parameterNames[p]
		if def.count {
			if count, known := v.CountParam(p); known {
				n.int(def.name, count)
				n.carry(v, parameters[p].field, def.name)
			}
		} else if value, known := v.Param(p); known {
			n.float(def.name, value)
			n.carry(v, parameters[p].field, def.name)
		}
	}
	if stream, known := v.Stream(); known {
		n.bool("gen_ai.request.stream", stream)
		n.carry(v, fieldStream, "gen_ai.request.stream")
	}
	if words := v.StopSequences(nil); len(words) > 0 {
		n.list("gen_ai.request.stop_sequences", words)
		n.carry(v, fieldStop, "gen_ai.request.stop_sequences")
	}
}

// describeOutcome writes why the model stopped, how long its reader waited, what went wrong and what an evaluation found.
func (n *Normalizer) describeOutcome(v *View) {
	if callsModel(v.operation) {
		if n.reasons = v.FinishReasons(n.reasons[:0]); len(n.reasons) > 0 {
			n.list("gen_ai.response.finish_reasons", n.reasons)
			n.carry(v, fieldFinishReason, "gen_ai.response.finish_reasons")
		}
	}
	if d, known := v.TimeToFirstToken(); known && v.operation.IsInference() && !v.settled(fieldTimeToFirstToken, firstChunkName) {
		n.float(firstChunkName, d.Seconds())
		n.carry(v, fieldTimeToFirstTokenMS, "")
	}
	if e, known := v.Evaluation(); known {
		n.str("gen_ai.evaluation.name", e.Name)
		n.str("gen_ai.evaluation.score.label", e.Label)
		if e.HasScore {
			n.float("gen_ai.evaluation.score.value", e.Score)
		}
	}
	if f := v.Failure(); f.Sign != NoFailure {
		if _, told := v.attributes.Get("error.type"); !told {
			n.str("error.type", cmp.Or(f.Type, unknownType))
		}
	}
}

const (
	outputName     = "gen_ai.usage.output_tokens"
	firstChunkName = "gen_ai.response.time_to_first_chunk"
)
