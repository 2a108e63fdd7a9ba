// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// Provider is who answers the call, as the client spells it; names of frameworks are passed over. Empty if unknown.
func (v *View) Provider() string {
	if p := v.text(fieldProvider); p != "" {
		return p
	}
	if v.claims&(1<<ConventionGenkit|1<<ConventionLiteLLM) != 0 && v.operation.IsInference() {
		provider, _, found := strings.Cut(v.text(fieldEntityName), "/")
		if found {
			return provider
		}
	}
	if v.claims&ConventionBraintrust.bit() != 0 {
		if p := firstMember(v.json(fieldParamsJSON), "provider").String(); p != "" {
			return p
		}
	}
	if !v.operation.IsInference() {
		return ""
	}
	if p := v.providerOfClass(); p != "" {
		return p
	}
	if p := v.metadata("ls_provider"); p != "" {
		return p
	}
	return v.maker()
}

// makers are providers after whom people name the spans or the attributes of their calls, where they answer, and how the models are called
// that are certainly theirs: the same SDK may call others, and those whose weights are open elsewhere.
var makers = []struct {
	name, provider, domain string
	models                 []string
}{
	{"openai", "openai", "openai.com", []string{
		"gpt-3", "gpt-4", "gpt-5", "gpt-image", "gpt-audio", "gpt-realtime", "chatgpt-", "o1", "o3", "o4-", "text-embedding-", "whisper-", "tts-", "dall-e",
	}},
	{"anthropic", "anthropic", "anthropic.com", []string{"claude-"}},
	{"gemini", "gcp.gen_ai", "googleapis.com", []string{"gemini-"}}, // the AI Studio or Vertex: it is not said
}

// maker is the provider after whom the span or the model's attribute is named, as openai.chat and openai.model, if the model is its own and
// no other host was called: Azure, a gateway. Google's ADK names itself where the provider belongs.
func (v *View) maker() string {
	model, server := v.RequestModel(), v.ServerAddress()
	for i := range makers {
		m := &makers[i]
		named := isNamedAfter(v.name, m.name) || v.has(fieldModel) && isNamedAfter(v.slots[fieldModel].rule.key, m.name) ||
			m.name == "gemini" && v.claims&ConventionADK.bit() != 0
		if named && (server == "" || strings.Contains(server, m.domain)) &&
			slices.ContainsFunc(m.models, func(family string) bool { return strings.HasPrefix(model, family) }) {
			return m.provider
		}
	}
	return ""
}

// isNamedAfter tells a name whose first word is the maker's.
func isNamedAfter(name, maker string) bool {
	return len(name) > len(maker) && strings.EqualFold(name[:len(maker)], maker) && !isLower(name[len(maker)])
}

// RequestModel is the model asked for; empty if unknown.
func (v *View) RequestModel() string {
	if !v.asked.read {
		v.asked.read, v.asked.model = true, v.readRequestModel()
	}
	return v.asked.model
}

// askedModel is what has been found out of the model asked for: several methods need it, and it may stand in JSON.
type askedModel struct {
	read  bool
	model string
}

func (v *View) readRequestModel() string {
	if m := v.text(fieldRequestModel); m != "" {
		return m
	}
	if m := firstMember(v.json(fieldParamsJSON), "model", "model_name", "model_id").String(); m != "" && v.operation.IsInference() {
		return m
	}
	if v.claims&ConventionMLflow.bit() != 0 && v.operation.IsInference() { // its own attribute names the model that answered
		if m := v.request().Get("model"); m.Type == gjson.String {
			return m.Str
		}
	}
	if m := v.text(fieldModel); m != "" || !v.operation.IsInference() {
		return m
	}
	return v.modelInRequest()
}

// ResponseModel is the model that answered; empty if unknown.
func (v *View) ResponseModel() string {
	if m := v.text(fieldResponseModel); m != "" {
		return m
	}
	if m := v.text(fieldModel); m != "" && m != v.RequestModel() {
		return m
	}
	return v.modelInAnswer()
}

// Model is the model to name the call by: the one that answered, else the one asked for.
func (v *View) Model() string {
	if m := v.ResponseModel(); m != "" {
		return m
	}
	return v.RequestModel()
}

// ServiceTier is the tier that served the call, or that was asked for.
func (v *View) ServiceTier() string { return v.text(fieldServiceTier) }

// ServerAddress is the host that was called.
func (v *View) ServerAddress() string { return v.text(fieldServerAddress) }

// ResponseID is the provider's id of the answer.
func (v *View) ResponseID() string {
	if id := v.text(fieldResponseID); id != "" || !v.IsModelCall() {
		return id
	}
	if v.claims&ConventionLlamaIndex.bit() != 0 {
		return v.eventText("response.raw.id")
	}
	answer := v.answer()
	if !isResponse(answer) {
		return ""
	}
	for _, path := range responseIDPaths {
		if id := answer.Get(path); id.Type == gjson.String && !isRunID(id.Str) {
			return id.Str
		}
	}
	return ""
}

// responseIDPaths are where an answer has the provider's id: LangChain's messages carry it, or the id of a run of its own.
var responseIDPaths = [...]string{
	"id", "raw.id", "response.id", "response_id", "responseId", "llm_output.id", "generations.0.0.message.kwargs.response_metadata.id",
	"generations.0.0.message.kwargs.additional_kwargs.id", "generations.0.0.message.kwargs.id",
}

func isRunID(id string) bool {
	return strings.HasPrefix(id, "run-") || strings.HasPrefix(id, "lc_run-")
}

// ConversationID is the id of the conversation, session or thread; empty if unknown.
func (v *View) ConversationID() string {
	if id := v.text(fieldConversation); id != "" {
		return id
	}
	if id := v.metadata("session_id", "sessionId", "thread_id", "threadId", "conversation_id", "conversationId"); id != "" && !isPlaceholder(id) {
		return id
	}
	return v.resourceSession
}

// UserID is the id of the app's user; empty if unknown.
func (v *View) UserID() string {
	if id := v.text(fieldUser); id != "" {
		return id
	}
	if id := v.metadata("user_id", "userId"); !isPlaceholder(id) {
		return id
	}
	return ""
}

// AgentName is the name of the agent that the span is or belongs to; empty if unknown.
func (v *View) AgentName() string {
	if n := v.text(fieldAgentName); n != "" && !v.isNameOfAnything() {
		return n
	}
	if v.operation == OpInvokeAgent {
		if n := v.text(fieldEntityName); n != "" {
			return n
		}
		if n, is := strings.CutPrefix(v.name, "agent_run ["); is {
			return strings.TrimSuffix(n, "]") // Google ADK 1
		}
		if v.claims&(1<<ConventionOpenInference|1<<ConventionLlamaIndex) != 0 {
			return v.nameWithout(".run", "invoke_agent ", ".agent")
		}
		return v.nameWithout("invoke_agent ", quarkusService, ".agent")
	}
	return v.metadata("lc_agent_name")
}

// isNameOfAnything tells that the agent's name stands under entity.name, which is an agent's only to VoltAgent.
func (v *View) isNameOfAnything() bool {
	return v.slots[fieldAgentName].rule.key == "entity.name" && v.claims&ConventionVoltAgent.bit() == 0
}

// AgentID is the agent's id, where it has one.
func (v *View) AgentID() string { return v.text(fieldAgentID) }

// RunKey tells runs of agents apart that their parents do not: LangGraph's checkpoint namespace without its last segment, or Pydantic
// AI's id of the run. Empty where there is none, and at LangGraph's top level.
func (v *View) RunKey() string {
	ns := v.text(fieldCheckpoint)
	if ns == "" {
		ns = v.metadata("langgraph_checkpoint_ns")
	}
	if at := strings.LastIndexByte(ns, '|'); at >= 0 {
		return ns[:at]
	}
	return v.text(fieldAgentRun)
}

// metadata looks into the JSON object that some clients hang on a span for the app's own keys.
func (v *View) metadata(keys ...string) string {
	if !v.has(fieldMetadataJSON) {
		return ""
	}
	meta := v.json(fieldMetadataJSON)
	if !meta.IsObject() {
		return ""
	}
	for _, k := range keys {
		if r := meta.Get(k); r.Exists() && r.Type != gjson.Null {
			return r.String()
		}
	}
	return ""
}

// nameWithout is the span's name without one of the affixes, prefixes first; empty if it has none of them.
func (v *View) nameWithout(affixes ...string) string {
	for _, a := range affixes {
		if a[0] == '.' {
			if n, cut := strings.CutSuffix(v.name, a); cut {
				return n
			}
		} else if n, cut := strings.CutPrefix(v.name, a); cut {
			return n
		}
	}
	return ""
}
